"""The pages of findings in `docs/findings` are made from the rules as they are."""

from __future__ import annotations

import pytest

from tools.findings import PAGES, POLICIES, commands, made_from, rules_of

MADE = [page for policy in POLICIES for pages, _ in commands(policy, PAGES).values() for page in pages]


def test_every_page_that_a_command_makes_is_there() -> None:
    assert sorted(made_from()) == sorted(MADE)
    assert [page for page in MADE if not (PAGES / page).is_file()] == []


@pytest.mark.parametrize("page", MADE)
def test_the_page_was_made_from_the_rules_as_they_are(page: str) -> None:
    policy = page.removesuffix(".md").split("-")[0]
    assert made_from()[page] == rules_of(policy), f"make it anew: python -m tools.findings DOCUMENTS --policy {policy}"
