"""The clauses of a policy as a list: paraphrase, its rules in English, and the rules as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from explain.app.cards import clause_html
from explain.filed.content import CitedClause
from explain.rule_words import rule_words
from explain.words import capital, spans
from kb.language.model import Rule
from kb.policy import Clause, Policy
from kb.program import Program

IN_WORDS = {"gate": "check before a move"}  # kinds of clause that only authors call so
FEW = 12  # clauses whose rules are shown at once
ENCODED, LEFT_OUT, WITH_EXCEPTION = "In the rules", "Not in the rules", "With an exception"


@dataclass(frozen=True)
class Entry:
    """A clause with the rules that encode it."""

    clause: Clause
    rules: tuple[Rule, ...]


def entries(policy: Policy) -> list[Entry]:
    """The clauses of the policy's own register (not the shared ones), in document order."""
    rules: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        for name in rule.clauses:
            rules.setdefault(name, []).append(rule)
    own = [clause for clause in policy.clauses.values() if not clause.house]
    return [Entry(clause, tuple(rules.get(clause.id, ()))) for clause in own]


def matching(listed: Iterable[Entry], word: str, kind: str, policy: Policy) -> list[Entry]:
    """Entries that contain `word` in clause, note or rules (case-insensitive) and are of the given kind."""
    wanted = word.strip().lower()
    return [entry for entry in listed if _is_of(entry, kind, policy) and (not wanted or wanted in _text(entry))]


def _is_of(entry: Entry, kind: str, policy: Policy) -> bool:
    if kind == ENCODED:
        return bool(entry.rules)
    if kind == LEFT_OUT:
        return not entry.rules
    return kind != WITH_EXCEPTION or entry.clause.id in policy.exceptions


def _text(entry: Entry) -> str:
    clause = entry.clause
    return " ".join([clause.id, clause.paraphrase, clause.note, clause.out_of_scope, *map(str, entry.rules)]).lower()


def list_html(shown: Iterable[Entry], program: Program, cited: dict[str, CitedClause]) -> str:
    """The clauses as an HTML list. The rules are folded, unless the clauses are few."""
    listed = list(shown)
    rows = "".join(_row(entry, program, cited[entry.clause.id], len(listed) <= FEW) for entry in listed)
    return f'<ul class="clauses">{rows}</ul>'


def _row(entry: Entry, program: Program, cited: CitedClause, unfolded: bool) -> str:
    clause, policy = entry.clause, program.policy
    lines = f"line{'s' if len(clause.lines) > 1 else ''} {spans(clause.lines)}"
    exceptions = ", ".join(policy.exceptions.get(clause.id, ()))
    head = f"<div><strong>{escape(clause.id)}</strong><br>{lines}<br>{escape(_kind(clause))}</div>"
    under = f'<p class="soft">Exceptions to it: {escape(exceptions)}</p>' if exceptions else ""
    if not entry.rules:
        why = escape(capital(clause.out_of_scope or "no rule was written for it yet"))
        rules = f'<p class="soft">Not in the rules: {why}.</p>'
    else:
        in_english = "".join(f"<li>{escape(rule_words(rule, program))}</li>" for rule in entry.rules)
        as_written = "".join(
            f"<p><code>{escape(rule.written)}</code><br>{escape(str(rule.position))}</p>" for rule in entry.rules
        )
        count = f"{len(entry.rules)} rule{'s' if len(entry.rules) > 1 else ''}"
        said = f"<ul>{in_english}</ul><details><summary>{count} as written</summary>{as_written}</details>"
        rules = f"<details{' open' if unfolded else ''}><summary>{count} in words</summary>{said}</details>"
    return f"<li>{head}<div>{clause_html(cited)}{under}</div><div>{rules}</div></li>"


def _kind(clause: Clause) -> str:
    kind = IN_WORDS.get(clause.kind, clause.kind)
    return kind if clause.force == "none" else f"{kind}, {clause.force}"


def exception_tree(policy: Policy) -> str:
    """Nested HTML lists of which clause is an exception to which. A cycle is cut at the clause that repeats."""
    narrower = {name for names in policy.exceptions.values() for name in names}
    tops = [name for name in policy.exceptions if name not in narrower]
    return f"<ul>{''.join(_branch(name, policy, ()) for name in tops)}</ul>"


def _branch(name: str, policy: Policy, above: tuple[str, ...]) -> str:
    clause = policy.clauses.get(name)
    label = f"<strong>{escape(name)}</strong> {escape(clause.paraphrase) if clause else ''}"
    below = [] if name in above else policy.exceptions.get(name, ())
    inner = "".join(_branch(narrow, policy, (*above, name)) for narrow in below)
    return f"<li>{label}{f'<p class=soft>unless</p><ul>{inner}</ul>' if inner else ''}</li>"
