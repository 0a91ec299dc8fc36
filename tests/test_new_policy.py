"""`whichteam new-policy` copies the template, which passes all checks unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import InputError
from kb.policy import TEMPLATE, installed, load_policy
from kb.program import compile_policy
from queries.coverage import coverage_of
from queries.new_policy import new_policy


def test_the_template_has_no_fault_and_is_no_policy() -> None:
    compile_policy(load_policy(TEMPLATE))
    assert coverage_of(load_policy(TEMPLATE)).missing == ()
    assert TEMPLATE.name not in installed()


def test_a_new_policy_checks_at_once(tmp_path: Path) -> None:
    folder = new_policy("eastshire", tmp_path)
    assert compile_policy(load_policy(folder)).policy.code == "eastshire"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("East Shire", "name: `East Shire` is not a policy code\n    use lower-case letters, digits and _"),
        ("blackpool", "name: there is a policy `blackpool` already\n    choose another name"),
    ],
)
def test_names_that_can_not_be_used(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        new_policy(name, tmp_path)
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "eastshire").mkdir()
    with pytest.raises(InputError) as caught:
        new_policy("eastshire", tmp_path)
    assert str(caught.value) == f"{tmp_path / 'eastshire'}: exists already\n    choose another name or place"
    assert list((tmp_path / "eastshire").iterdir()) == []
