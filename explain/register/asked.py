"""The commands that ask: history, due, search, replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explain.printed import print_json
from explain.register.shown import (
    answer_line,
    day_words,
    disputes,
    fact_line,
    label,
    move_text,
    print_text,
    team_name,
    value_text,
    when,
)
from kb.register.store import open_store
from kb.vocabulary.model import Vocabulary
from queries.register.change import IN_WORDS, policy_named
from queries.register.history import Changed, History, Told
from queries.register.history import history as history_of

OTHERS = {
    "as_of": "the day asked about",
    "policy": "the policy",
    "version": "the version of the policy",
    "digest": "the policy's files",
    "settings": "settings of readings",
    "program": "the program",
}


def history(child: str, on: str | None, as_json: bool) -> None:
    """Prints a child's history. Errors: `InputError`."""
    found = history_of(open_store(), child, on)
    if as_json:
        print_json(history_json(found))
        return
    vocabulary = policy_named(found.child.policy).vocabulary
    day = f" at the end of {day_words(on)}" if on else ""
    lines = [f"{child}, under {policy_named(found.child.policy).name}. Last entry {found.version}."]
    if found.siblings:
        lines.append(f"Brothers and sisters: {', '.join(found.siblings)}")
    lines += ["", f"What was known{day}" if on else "What is known"]
    lines += [f"  {fact_line(vocabulary, one)}" for one in found.known.facts.values()] or ["  nothing"]
    lines += [f"  Disagreement. {line}" for line in disputes(found.known, vocabulary)]
    lines += ["", "Answers"]
    lines += [f"  {line}" for told in found.answers for line in answer_lines(vocabulary, told)] or ["  none"]
    if found.notes:
        lines += ["", "Notes"]
        lines += [
            f"  {n.entry}: {n.text} ({n.by}, {when(n.at)}{f', about answer {n.answer}' if n.answer else ''})" for n in found.notes
        ]
    lines += ["", "Entries"]
    for one in found.entries:
        back = f" {one.reverses}" if one.reverses else ""
        gone = f"; taken back by entry {one.undone_by}" if one.undone_by else ""
        lines.append(f"  {one.seq}: {one.by} {IN_WORDS.get(one.what, one.what)}{back}, {when(one.at)}{gone}")
    print_text(lines)


def answer_lines(vocabulary: Vocabulary, told: Told) -> list[str]:
    """An answer with its policy, what changed since the one before and why, and what people decided."""
    one = told.answer
    lines = [
        f"{one.entry}: {answer_line(vocabulary, one.told, one.team)} Transfer: {move_text(vocabulary, one.told['transfer'])}.",
        f"  {one.policy} ({one.version}), worked out by {one.by}, {when(one.at)}",
    ]
    if told.changed is not None:
        lines += [f"  {line}" for line in changed_lines(vocabulary, told.changed)]
    for decided in told.decided:
        if decided.team is None:
            lines.append(f"  Confirmed by {decided.by}, {when(decided.at)} (entry {decided.entry})")
        else:
            name = team_name(vocabulary, decided.team)
            lines.append(
                f"  Overridden by {decided.by}, {when(decided.at)} (entry {decided.entry}): {name}. Reason: {decided.reason}"
            )
    return lines


def changed_lines(vocabulary: Vocabulary, changed: Changed) -> list[str]:
    """What changed since the answer before, and why."""
    if not changed.parts:
        lines = ["The same answer as before."]
    else:
        lines = [f"Changed: {_part(vocabulary, name, *pair)}" for name, pair in changed.parts.items()]
    lines += [
        f"Because: {label(vocabulary, name)}: {value_text(vocabulary, name, was)} → {value_text(vocabulary, name, now)}"
        for name, (was, now) in changed.facts.items()
    ]
    for name, (was, now) in changed.other.items():
        shown = "" if name in ("digest", "settings") else f": {was} → {now}"
        lines.append(f"Because: {OTHERS[name]} changed{shown}")
    return lines


def _part(vocabulary: Vocabulary, name: str, was: Any, now: Any) -> str:
    if name == "transfer":
        return f"transfer: {move_text(vocabulary, was)} → {move_text(vocabulary, now)}"
    if name == "responsible_team":
        return f"team: {team_name(vocabulary, was)} → {team_name(vocabulary, now)}"
    if name == "possible_teams":
        return f"possible teams: {_teams(vocabulary, was)} → {_teams(vocabulary, now)}"
    if name == "status":
        return f"answer: {vocabulary.label('status', was)} → {vocabulary.label('status', now)}"
    gone, new = [each for each in was if each not in now], [each for each in now if each not in was]
    kind = {"blocked_by": "gate", "duties": "duty", "deadlines": "deadline"}[name]
    if name == "blocked_by":
        told = [f"no longer held up by: {_code(vocabulary, kind, each)}" for each in gone]
        return "; ".join([*told, *(f"held up: not shown that {_code(vocabulary, kind, each)}" for each in new)])
    told = [f"no longer {_code(vocabulary, kind, each)}" for each in gone] + [
        f"now {_code(vocabulary, kind, each)}" for each in new
    ]
    return f"{name.replace('_', ' ')}: {'; '.join(told)}"


def _teams(vocabulary: Vocabulary, codes: list[str]) -> str:
    return " or ".join(team_name(vocabulary, code) for code in codes) or "none"


def _code(vocabulary: Vocabulary, kind: str, each: Any) -> str:
    code = each["code"] if isinstance(each, Mapping) else each
    name = vocabulary.label(kind, code) if vocabulary.has(kind, code) else code.replace("_", " ")
    return f"{name} ({day_words(each['due'])})" if isinstance(each, Mapping) else name


def history_json(found: History) -> dict[str, Any]:
    """A history as plain data."""
    return {
        "child": found.child.number,
        "policy": found.child.policy,
        "siblings": list(found.siblings),
        "as_of": found.known.as_of,
        "facts": {name: recorded_json(one) for name, one in found.known.facts.items()},
        "disputed": {name: recorded_json(one) for name, one in found.known.disputed.items()},
        "answers": [_answer_json(told) for told in found.answers],
        "notes": [{"entry": n.entry, "at": n.at, "by": n.by, "answer": n.answer, "text": n.text} for n in found.notes],
        "entries": [
            {"entry": e.seq, "at": e.at, "by": e.by, "what": e.what, "reverses": e.reverses, "undone_by": e.undone_by}
            for e in found.entries
        ],
    }


def recorded_json(one: Any) -> dict[str, Any]:
    parts = ("value", "day", "origin", "source", "at", "by", "entry")
    return {name: getattr(one, name) for name in parts}


def _answer_json(told: Told) -> dict[str, Any]:
    one = told.answer
    parts = ("entry", "at", "by", "as_of", "policy", "version", "digest", "settings", "program", "facts")
    changed = None
    if told.changed is not None:
        kinds = {"parts": told.changed.parts, "facts": told.changed.facts, "other": told.changed.other}
        changed = {kind: {name: list(pair) for name, pair in pairs.items()} for kind, pairs in kinds.items()}
    decided = [
        {"entry": d.entry, "at": d.at, "by": d.by, "team": d.team, "reason": d.reason, "confirmed": d.team is None}
        for d in told.decided
    ]
    return {**{name: getattr(one, name) for name in parts}, "answer": one.told, "changed": changed, "decided": decided}
