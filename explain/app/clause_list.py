"""The clauses of a policy as a list by chapter: paraphrase, its rules in English, and the rules as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import PurePath

from explain.app.cards import clause_html
from explain.filed.content import CitedClause
from explain.rule_words import rule_words
from explain.words import capital, spans
from kb.language.model import Rule
from kb.policy import Clause, Policy
from kb.program import Program

IN_WORDS = {"gate": "check before a move"}  # kinds of clause that only authors call so
FEW = 12  # clauses that are shown at once, with their rules
ENCODED, LEFT_OUT, WITH_EXCEPTION = "In the rules", "Not in the rules", "With an exception"


@dataclass(frozen=True)
class Entry:
    """A clause with the rules that encode it.

    chapter  the rule file with its first rule; where no rule was written for it, that of the clause before it
    """

    clause: Clause
    rules: tuple[Rule, ...]
    chapter: str = ""


def entries(policy: Policy) -> list[Entry]:
    """The clauses of the policy's own register (not the shared ones), by chapter and in document order."""
    rules: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        for name in rule.clauses:
            rules.setdefault(name, []).append(rule)
    own = [clause for clause in policy.clauses.values() if not clause.house]
    files = sorted({rule.position.file for clause in own for rule in rules.get(clause.id, ())})
    chapter, found = files[0] if files else "", []
    for clause in own:
        its = tuple(rules.get(clause.id, ()))
        chapter = its[0].position.file if its else chapter
        found.append(Entry(clause, its, chapter))
    return sorted(found, key=lambda entry: entry.chapter)


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


def list_html(shown: Iterable[Entry], program: Program, cited: dict[str, CitedClause], unfolded: bool = False) -> str:
    """The clauses as HTML lists, one a chapter. Chapters and rules are folded, unless `unfolded` or few."""
    listed = list(shown)
    few = len(listed) <= FEW
    chapters = [(name, list(its)) for name, its in groupby(listed, key=lambda entry: entry.chapter)]
    return "".join(
        _chapter(name, its, "".join(_row(entry, program, cited[entry.clause.id], few) for entry in its), unfolded or few)
        for name, its in chapters
    )


def _chapter(file: str, listed: list[Entry], rows: str, unfolded: bool) -> str:
    lines = [line for entry in listed for line in entry.clause.lines]
    clauses = f"{len(listed)} clause{'s' if len(listed) != 1 else ''}"
    told = f"{clauses}, line{'s' if len(set(lines)) > 1 else ''} {min(lines)}" + (
        f" to {max(lines)}" if len(set(lines)) > 1 else ""
    )
    return (
        f'<details class="chapter"{" open" if unfolded else ""}><summary><h3>{escape(title(file))}</h3> '
        f'<span class="soft">{told if lines else clauses}</span></summary><ul class="clauses">{rows}</ul></details>'
    )


def title(file: str) -> str:
    """The title of a chapter, from the name of its rule file: `2_front_door.dl` is “Front door”."""
    return capital(PurePath(file).stem.lstrip("0123456789_").replace("_", " "))


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
