"""What the pages of all checks share, of a policy's rules and of a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.errors import Fault, InputError, did_you_mean


def first_paragraph(page: str) -> str:
    """The definition of a check: what stands after the heading of its page."""
    return page.split("\n\n")[1].replace("\n", " ")


def refuse_unknown(where: str, names: Iterable[str], every: Sequence[str]) -> None:
    """Errors: `InputError` naming all checks that are not among `every`. `where` is the command that was asked."""
    wrong = [name for name in names if name not in every]
    if wrong:
        hint = "checks: " + ", ".join(every)
        raise InputError([Fault(where, f"there is no check `{name}`", did_you_mean(name, every) or hint) for name in wrong])
