"""`whichteam codes`: the codes that rules and answers may use, with the name shown for each."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape

from explain.terminal import console
from kb.errors import Fault, InputError
from kb.policy import find_policy
from kb.vocabulary.load import load_vocabulary
from kb.vocabulary.model import Code

#: The kinds of code that a policy may have, in the order in which they are listed.
HEADINGS = {
    "team": "Teams",
    "outcome": "Instead of a team",
    "point": "Transfer points",
    "gate": "Gates",
    "duty": "Duties",
    "deadline": "Deadlines",
    "finding": "Findings",
    "attendance": "Attendance",
    "co_working": "Co-working",
    "escalation": "Escalations",
    "meeting": "Meetings",
    "body": "Bodies",
}


def codes(word: str | None, policy: str | None = None) -> None:
    """Prints the shared codes, of each kind after those of a policy, or those whose code or name contains `word`.

    Errors: `InputError` if none does, or if the policy's tables can't be read.
    """
    shared = load_vocabulary()
    vocabulary = shared if policy is None else load_vocabulary(find_policy(policy).resolve())
    found = {kind: _matching(vocabulary.codes.get(kind, ()), word) for kind in HEADINGS}
    if not any(found.values()):
        raise InputError([Fault("codes", f"no code contains `{word}`", "try a shorter word")])
    width = max(len(code.code) for of_kind in found.values() for code in of_kind)
    for kind, of_kind in found.items():
        if of_kind:
            console.print(f"[bold]{HEADINGS[kind]}[/bold]")
        for code in sorted(of_kind, key=lambda code: shared.has(kind, code.code)):
            also = f"  [dim]also: {escape('; '.join(code.aliases))}[/dim]" if code.aliases else ""
            console.print(f"  {code.code:{width}}  {escape(code.label)}{also}", soft_wrap=True, highlight=False)


def _matching(of_kind: Iterable[Code], word: str | None) -> list[Code]:
    """The codes of which the code or a name contains a word."""
    wanted = (word or "").casefold()
    return [code for code in of_kind if any(wanted in name.casefold() for name in (code.code, code.label, *code.aliases))]
