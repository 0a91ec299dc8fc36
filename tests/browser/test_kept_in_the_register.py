"""A case that is kept as one goes: opened again by its number, changed in two tabs, noted on; and a register that fails."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch, opened, running, settled
from tests.browser.steps import answer, faults, open_file
from tests.browser.test_the_right_child import OWN, OWN_SAYS, strip_of

HEARING = "When was the final hearing held?"
DISABLED = "Is the child disabled, and accepted as such by the disabilities service?"
SAVED = "Saved in the register at "


def by_number(page: Page, number: str) -> None:
    """Opens a case of the register, by the Enter key."""
    page.get_by_role("textbox", name="Its case number").fill(number)
    page.keyboard.press("Enter")
    strip_of(page, number)
    settled(page)


def test_a_case_is_kept_and_two_tabs_lose_nothing_of_each_other(browser: Browser, tmp_path: Path) -> None:
    register = tmp_path / "kept" / "register.sqlite"
    with running(tmp_path, WHICHTEAM_REGISTER=str(register)) as address:
        watch = Watch(address)
        with opened(browser, address, watch) as one, opened(browser, address, watch) as two:
            expect(
                one.get_by_text(f"Cases are kept in the register on this computer, by their case number: {register}.")
            ).to_be_visible()
            assert faults(one) == []
            open_file(one, OWN, OWN_SAYS)
            expect(one.locator(".wt-case")).to_contain_text("Not in the register yet")
            answer(one, HEARING, "Has not happened")
            expect(one.locator(".wt-case")).to_contain_text(SAVED)

            with opened(browser, address, watch) as three:
                again = three.get_by_role("button", name="Open case own-7")
                expect(again).to_be_visible()
                assert faults(three) == []
                again.focus()
                three.keyboard.press("Enter")
                strip_of(three, "own-7")
                settled(three)

            by_number(two, "own-7")
            expect(two.locator(".wt-case")).to_contain_text("As it is in the register")
            two.get_by_role("button", name="Recorded facts").click()
            expect(two.get_by_role("heading", level=1)).to_have_text("Facts of case own-7")
            answer(two, DISABLED, "Yes")
            expect(two.locator(".wt-case")).to_contain_text(SAVED)

            one.get_by_role("button", name="Undo", exact=True).click()
            expect(one.get_by_role("heading", name="Case own-7 was changed by somebody else")).to_be_visible()
            expect(one.locator(".wt-case")).to_contain_text("Not saved: in this tab only")
            expect(one.get_by_role("row", name="Whether the child is disabled yes")).to_contain_text("not changed here")
            assert faults(one) == []
            one.get_by_role("button", name="Keep both: record my changes too").click()
            expect(one.get_by_role("heading", name="Case own-7 was changed by somebody else")).to_have_count(0)
            expect(one.locator(".wt-case")).to_contain_text(SAVED)
            settled(one)

            one.locator("summary", has_text="This answer looks wrong").click()
            one.get_by_role("textbox", name="What looks wrong?").fill("The hearing was in July.")
            one.get_by_role("button", name="Record it").click()
            expect(one.get_by_role("heading", name="Noted", exact=True)).to_be_visible()
            assert faults(one) == []
            one.reload()
            expect(one.get_by_role("heading", level=1)).to_have_text("No child’s case is open.")
            assert faults(one) == []
            by_number(one, "own-7")
            expect(one.get_by_text("This answer looks wrong. The hearing was in July.")).to_be_visible()

            aside = register.with_name("aside")
            register.rename(aside)
            two.get_by_role("radiogroup", name=DISABLED).get_by_text("No", exact=True).click()
            expect(two.get_by_role("heading", name="The register can’t be used")).to_be_visible()
            expect(two.locator(".wt-case")).to_contain_text("Not saved: in this tab only")
            aside.rename(register)
            two.get_by_role("button", name="Try again").click()
            expect(two.get_by_role("heading", name="Case own-7 was changed by somebody else")).to_be_visible()
            two.get_by_role("button", name="Use what the register has").click()
            expect(two.locator(".wt-case")).to_contain_text("As it is in the register")
        assert watch.outside == []
        assert watch.errors == []
