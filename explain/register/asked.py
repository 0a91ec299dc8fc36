"""The commands that ask: history, due, search, replay."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

from explain.decision_json import clauses_used
from explain.escape import cell
from explain.printed import json_text, print_json
from explain.register.shown import (
    answer_line,
    day_words,
    disputes,
    fact_line,
    label,
    move_text,
    print_text,
    readings_of,
    team_name,
    value_text,
    when,
)
from kb import output
from kb.engines.forward import Forward
from kb.errors import Fault, InputError, did_you_mean, shown
from kb.program import Program
from kb.register.store import Store, open_store
from kb.vocabulary.model import Vocabulary
from queries.decide import decide
from queries.load import load_program
from queries.proof import Prover, roots
from queries.register.answering import clauses_in, team_of
from queries.register.change import IN_WORDS, policy_named
from queries.register.due import Due
from queries.register.due import due as due_of
from queries.register.history import Changed, History, Told
from queries.register.history import history as history_of
from queries.register.replaying import Differs
from queries.register.replaying import replay as replay_of
from queries.register.searching import Found, Wanted, policies_used
from queries.register.searching import search as search_in

MOST_PRINTED = 20
MOST_CITED = 1_000  # answers for which clauses are worked out: a proof takes some 10 ms
STATUSES = ("decided", "unknown", "silent", "conflict")
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
        done = f"took entry {one.reverses} back" if one.reverses else IN_WORDS.get(one.what, one.what)
        gone = f"; taken back by entry {one.undone_by}" if one.undone_by else ""
        lines.append(f"  {one.seq}: {one.by} {done}, {when(one.at)}{gone}")
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
        "brothers_and_sisters": list(found.siblings),
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


# due, search, replay -----------------------------------------------------------------------------


def due(team: str | None, within: int, on: str | None, as_json: bool) -> None:
    """Prints what is due. Errors: `InputError`."""
    store = open_store()
    code = None if team is None else team_anywhere(store, team)
    found = due_of(store, on, within, code)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    count = {state: sum(one.state == state for one in found) for state in ("overdue", "due", "blocked")}
    lines = [f"{count['overdue']} overdue, {count['due']} due within {within} days, {count['blocked']} transfers held up."]
    print_text([*lines, *(f"  {due_line(one)}" for one in found)])


def due_line(one: Due) -> str:
    """One thing that is due, in words."""
    vocabulary = policy_named(one.policy).vocabulary
    team, day = team_name(vocabulary, one.team), day_words(one.day)
    by = " (decided by a person)" if one.overridden else ""
    rest = f"{one.child}, {team}{by}; answer {one.answer} of {day_words(one.as_of)}"
    if one.kind == "limit":
        name = _code(vocabulary, "deadline", one.code)
        count = f", {vocabulary.label('day_count', one.day_count)}" if vocabulary.has("day_count", one.day_count) else ""
        return f"{day}: {'overdue' if one.state == 'overdue' else 'due'}: {name}{count}. {rest}"
    to = f"transfer to {team_name(vocabulary, one.to)} at {_code(vocabulary, 'point', one.code)}"
    if one.kind == "blocked":
        gates = "; ".join(_code(vocabulary, "gate", gate) for gate in one.gates)
        return f"{day}: held up: {to}, as it is not shown that {gates}. {rest}"
    return f"{day}: {'overdue, not recorded as made' if one.state == 'overdue' else 'due'}: {to}. {rest}"


def team_anywhere(store: Store, wanted: str) -> str:
    """The code of a team of any policy that children of the register come under. Errors: `InputError`."""
    faults: list[Fault] = []
    for policy in policies_used(store):
        try:
            return team_of(policy_named(policy).vocabulary, wanted, "--team")
        except InputError as error:
            faults += error.faults
    raise InputError(faults or [Fault("--team", "the register holds no child", "whichteam register add CHILD adds one")])


def search(
    number: str,
    team: str | None,
    status: str | None,
    person: str | None,
    since: str | None,
    until: str | None,
    unconfirmed: bool,
    overridden: bool,
    most: int,
    as_json: bool,
) -> None:
    """Prints the children found. Errors: `InputError`."""
    store = open_store()
    if status is not None and status not in STATUSES:
        hint = did_you_mean(status, STATUSES) or "write one of " + ", ".join(STATUSES)
        raise InputError([Fault("--status", f"there is no status `{shown(status)}`", hint)])
    code = None if team is None else team_anywhere(store, team)
    found, count = search_in(store, Wanted(number, code, status, person, since, until, unconfirmed, overridden), most)
    if as_json:
        print_json({"count": count, "children": [asdict(one) for one in found]})
        return
    lines = [
        f"{count:,} {'child' if count == 1 else 'children'}{f', of whom {len(found):,} are shown' if count > len(found) else ''}."
    ]
    print_text([*lines, *(f"  {found_line(one)}" for one in found)])


def found_line(one: Found) -> str:
    """A child that was found, in words."""
    vocabulary = policy_named(one.policy).vocabulary
    last = f"last entry {one.last_entry}, {when(one.last_at)}"
    if one.answer is None:
        return f"{one.number}: no answer yet; {last}"
    status = str(one.status)
    told = team_name(vocabulary, one.team) if one.team else vocabulary.label("status", status)
    by = "nobody has confirmed it"
    if one.decided_on is not None:
        by = f"set aside for {team_name(vocabulary, one.decided_on)} by {one.decided_by}"
    elif one.decided_by is not None:
        by = f"confirmed by {one.decided_by}"
    return f"{one.number}: {told} on {day_words(one.as_of)} (answer {one.answer}), {by}; {last}"


def replay(policy: str, settings: list[str], latest: bool, out: Path | None) -> None:
    """Prints or writes which past answers would differ, with the clauses of both. Errors: `InputError`."""
    if out is not None and out.suffix.lower() not in (".csv", ".json"):
        raise InputError([Fault("--out", f"`{out.name}` is no form of a table", "end the name in .csv or .json")])
    program = load_program(policy, readings_of(settings))
    found = replay_of(open_store(), program, latest)
    after = [_clauses_of(program, one) for one in found.differing[:MOST_CITED]]
    vocabulary = program.policy.vocabulary
    lines = [
        f"{len(found.differing):,} of {found.compared:,} answers would differ under {program.policy.name} "
        f"({program.policy.version})."
    ]
    lines += [
        f"  Left out: {label(vocabulary, name)}, in {count:,} answers: this policy has no such fact or value."
        for name, count in found.left_out.items()
    ]
    parts = Counter(part for one in found.differing for part in one.parts)
    lines += [f"  {part}: {count:,}" for part, count in parts.items()]
    for one, cited in list(zip(found.differing, after))[:MOST_PRINTED]:
        lines += ["", *_differs_lines(one, vocabulary, cited)]
    if len(found.differing) > MOST_PRINTED:
        lines += ["", f"and {len(found.differing) - MOST_PRINTED:,} more: --out FILE writes them all"]
    if out is not None:
        rows = [_differs_row(one, cited) for one, cited in zip_longest(found.differing, after, fillvalue=None) if one is not None]
        content = json_text(rows).encode() if out.suffix.lower() == ".json" else _table(rows)
        output.write(out, content)
        lines.append(f"Wrote {out}")
    print_text(lines)


def _clauses_of(program: Program, one: Differs) -> list[str]:
    """The clauses that the other answer cites."""
    decision = decide(program, one.case, Forward())
    conclusions = roots(decision.model, decision.status)
    steps = Prover(decision.model).proof(claim for _, claim in conclusions)
    return list(clauses_in({"clauses": clauses_used(decision, steps)}))


def _differs_lines(one: Differs, vocabulary: Vocabulary, cited: Sequence[str]) -> list[str]:
    own = policy_named(one.policy).vocabulary
    return [
        f"{one.child}, answer {one.answer}, on {day_words(one.as_of)}: {', '.join(one.parts)}",
        f"  kept:  {_outcome(own, one.before)}. Clauses: {', '.join(clauses_in({'clauses': one.clauses})) or 'none'}",
        f"  would: {_outcome(vocabulary, one.after)}. Clauses: {', '.join(cited) or 'none'}",
    ]


def _outcome(vocabulary: Vocabulary, answer: Any) -> str:
    status, team, possible, move = answer
    named = (
        team_name(vocabulary, team) if team else f"{vocabulary.label('status', status)} ({_teams(vocabulary, list(possible))})"
    )
    keys = ("from", "to", "point", "status", "on")
    return f"{named}; transfer: {move_text(vocabulary, None if move is None else dict(zip(keys, move)))}"


def _differs_row(one: Differs, cited: Sequence[str] | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "child": one.child,
        "answer": one.answer,
        "as_of": one.as_of,
        "policy": one.policy,
        "differs": one.parts,
    }
    for name, told in (("before", one.before), ("after", one.after)):
        move = dict(zip(("from", "to", "point", "status", "on"), told[3])) if told[3] else None
        row |= {f"status_{name}": told[0], f"team_{name}": told[1], f"possible_{name}": list(told[2]), f"transfer_{name}": move}
    return {
        **row,
        "clauses_before": list(clauses_in({"clauses": one.clauses})),
        "clauses_after": None if cited is None else list(cited),
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    if rows:
        writer = csv.writer(text)
        writer.writerow(rows[0])
        writer.writerows([cell(_flat(value)) for value in row.values()] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {part}" for name, part in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
