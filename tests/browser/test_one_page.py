"""The one-page record is one page of A4, also where much is to be said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from explain.filed.command import ONE_PAGE, made
from explain.filed.content import Confirmation, content_of
from tests.app.screen import all_samples, decided

LONG = Confirmation("Team manager 07, Assessment and Intervention", "2026-01-05", "locality_team", "Long reason. " * 100)


@pytest.mark.parametrize("key", ["blackpool-1", "blackpool-8", "sefton-2", "sefton-5"])
def test_it_is_one_page(browser: Browser, key: str) -> None:
    sample = all_samples()[key]
    team = decided(sample).responsible_team
    who = LONG if sample.case["policy"] == "sefton" else Confirmation(LONG.by, LONG.on, team, LONG.reason)
    page = browser.new_page()
    page.set_content(made(content_of(decided(sample), who), ONE_PAGE).decode())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
    page.close()
