"""The laws of time on a sample of random records; `benchmarks/laws_of_time.py` tries thousands through two engines."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.case import case_document
from kb.engines.forward import Forward
from queries.load import load_program
from tests.laws.histories import record
from tests.laws.time import LAWS, Bench
from tests.strategies import laws

MOST_TRIED = 400  # records tried until a law applies to one: law 5 applies to 2 in 100


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
@pytest.mark.parametrize("law", LAWS)
@laws(12)
@given(draw=st.randoms(use_true_random=False))
def test_law(law: str, policy: str, draw: Random) -> None:
    program = load_program(policy)
    case = record(program, draw)
    broken = LAWS[law](Bench(program, Forward(), draw), case)
    assert not broken, (broken, case_document(case, program.policy.vocabulary))


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
@pytest.mark.parametrize("law", LAWS)
def test_every_law_says_something_about_some_records(law: str, policy: str) -> None:
    """Each law applies to some of the sampled records; otherwise its test would show nothing."""
    program = load_program(policy)
    for seed in range(MOST_TRIED):
        draw = Random(f"{law} {seed}")
        if LAWS[law](Bench(program, Forward(), draw), record(program, draw)) is not None:
            return
    pytest.fail(f"no record of {MOST_TRIED} tries the law {law}")
