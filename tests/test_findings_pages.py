"""The reports in `docs/findings` are made from the rules as they are."""

from __future__ import annotations

import pytest

from tools.findings import PAGES, POLICIES, made_from, pages_of, rules_of

MADE = [page for policy in POLICIES for page in pages_of(policy)]


def test_every_page_that_the_command_makes_is_there() -> None:
    assert sorted(made_from()) == sorted(MADE)
    assert [page for page in MADE if not (PAGES / page).is_file()] == []


@pytest.mark.parametrize("name", MADE)
def test_the_page_was_made_from_the_rules_as_they_are(name: str) -> None:
    policy = name.split("-")[0]
    assert made_from()[name] == rules_of(policy), f"make it anew: python -m tools.findings DOCUMENTS --policy {policy}"
