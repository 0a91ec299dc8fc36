"""The documentation page of each check (`queries/check/*.md`)."""

from __future__ import annotations

from importlib.resources import files

from kb.errors import Fault, InputError, did_you_mean
from queries.check import check_names


def page(name: str) -> str:
    """The page of a check as Markdown. Errors: `InputError` for an unknown check."""
    known(name)
    return (files("queries.check") / f"{name.replace('-', '_')}.md").read_text(encoding="utf-8")


def definition(name: str) -> str:
    """The first paragraph of a check's page."""
    return page(name).split("\n\n")[1].replace("\n", " ")


def known(*names: str) -> None:
    """Errors: `InputError` naming all unknown checks."""
    wrong = [name for name in names if name not in check_names()]
    if wrong:
        hint = "checks: " + ", ".join(check_names())
        raise InputError(
            [Fault("check", f"there is no check `{name}`", did_you_mean(name, check_names()) or hint) for name in wrong]
        )
