"""The documentation page of each check of a document (`queries/lint/*.md`)."""

from __future__ import annotations

from importlib.resources import files

from explain.check_pages import first_paragraph, refuse_unknown
from queries.lint import CHECKS, check_names


def page(name: str) -> str:
    """The page of a check as Markdown. Errors: `InputError` for an unknown check."""
    known(name)
    module = next(module for module in CHECKS if name == module.NAME)
    return (files("queries.lint") / f"{module.__name__.rpartition('.')[2]}.md").read_text(encoding="utf-8")


def definition(name: str) -> str:
    """The first paragraph of a check's page."""
    return first_paragraph(page(name))


def known(*names: str) -> None:
    """Errors: `InputError` naming all unknown checks."""
    refuse_unknown("lint", names, check_names())
