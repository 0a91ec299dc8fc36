"""The page of each check: its definition in a sentence, and a worked example."""

from __future__ import annotations

from importlib.resources import files

from kb.errors import Fault, InputError, did_you_mean
from queries.check import check_names


def page(name: str) -> str:
    """The page of a check, as Markdown. Errors: `InputError` for a check that there is not."""
    known(name)
    return (files("queries.check") / f"{name.replace('-', '_')}.md").read_text(encoding="utf-8")


def definition(name: str) -> str:
    """The sentence beneath the heading of a check's page."""
    return page(name).split("\n\n")[1].replace("\n", " ")


def known(*names: str) -> None:
    """Errors: `InputError` with all names that are no checks."""
    wrong = [name for name in names if name not in check_names()]
    if wrong:
        hint = "checks: " + ", ".join(check_names())
        raise InputError(
            [Fault("check", f"there is no check `{name}`", did_you_mean(name, check_names()) or hint) for name in wrong]
        )
