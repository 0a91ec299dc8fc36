"""Many clients at once: each gets its own result, and what one of them does wrong is no matter of the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from explain.app.together import ASSUMED, Together
from explain.assumptions import grave
from kb.engines.forward import Forward
from kb.examples import read_examples
from kb.policy import find_policy
from queries.assumptions import assumptions, is_followed
from queries.decide import Decision, decide
from queries.load import load_program

EVERY = 8  # examples, of which one is taken


def test_what_waits_meanwhile_is_worked_out_together() -> None:
    begun, may_end = Event(), Event()
    calls: list[list[int]] = []

    def work(items: Sequence[int]) -> list[int]:
        calls.append(list(items))
        begun.set()
        assert may_end.wait(60)
        return [10 * item for item in items]

    together = Together(work)
    with ThreadPoolExecutor(4) as clients:
        first = clients.submit(together.of, 1)
        assert begun.wait(60)
        others = [clients.submit(together.of, item) for item in (2, 3, 4)]
        while together.waiting < 3:
            pass
        may_end.set()
        assert [first.result(60), *(other.result(60) for other in others)] == [10, 20, 30, 40]
    assert [sorted(call) for call in calls] == [[1], [2, 3, 4]]


def test_an_error_reaches_only_the_client_it_is_about() -> None:
    begun, may_end = Event(), Event()

    def work(items: Sequence[int]) -> list[int]:
        begun.set()
        assert may_end.wait(60)
        return [12 // item for item in items]

    together = Together(work)
    with ThreadPoolExecutor(4) as clients:
        first = clients.submit(together.of, 12)
        assert begun.wait(60)
        good, bad, other = (clients.submit(together.of, item) for item in (3, 0, 4))
        while together.waiting < 3:
            pass
        may_end.set()
        assert (first.result(60), good.result(60), other.result(60)) == (1, 4, 3)
        with pytest.raises(ZeroDivisionError):
            bad.result(60)
    assert together.of(6) == 2


def decisions() -> list[Decision]:
    found: list[Decision] = []
    for policy in ("blackpool", "sefton"):
        program = load_program(policy)
        cases = [example.case for example in read_examples(find_policy(policy), program.policy) if not example.settings]
        found += [decide(program, case, Forward()) for case in cases[::EVERY]]
    return [decision for decision in found if is_followed(decision)]


def test_the_page_tells_what_the_whole_search_finds() -> None:
    """Of gates, closings and agreements the page tells nothing, so it does not look for them; the rest stays the same."""
    asked = decisions()
    assert len(asked) > 10
    with ThreadPoolExecutor(4) as clients:
        found = list(clients.map(ASSUMED.of, asked))
    compared = 0
    for decision, shown in zip(asked, found, strict=True):
        whole = assumptions(decision)
        if not whole.complete:  # of very many records each search decides another sample
            continue
        compared += 1
        assert [(a.fact, a.value, a.weight, a.first, a.last) for a in grave(decision, shown)] == [
            (a.fact, a.value, a.weight, a.first, a.last) for a in grave(decision, whole)
        ]
        assert all(a.case.case_id == decision.case.case_id for a in shown.found)
    assert compared > 10
