"""Working out an answer from what the register knows, keeping it, and what people decide about it.

An answer is kept with everything that it rests on: the case with every fact used, policy with version and hash, settings,
version of the program. A person confirms it, or decides on another team and says why; both stay beside it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from kb.carried import CLOSED
from kb.case import make_case
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, did_you_mean, shown
from kb.program import Program
from kb.register.schema import MOST_TEXT, answers, confirmations, entries
from kb.register.store import Store, checked_name, checked_text, end_of
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_installed
from queries.register.change import check_answer, checked_day, policy_named, refuse_stale
from queries.register.editions import decide_by_editions, edition_on
from queries.register.known import Child, Known, find_child, known, not_undone, version_of

#: Makes of a decision the answer as it is kept: as JSON, with its clauses (`explain.register.changing.told`).
Told = Callable[[Decision], Mapping[str, Any]]


@dataclass(frozen=True)
class Answered:
    """An answer that was worked out. `entry` is None if it was not kept."""

    entry: int | None
    known: Known
    decision: Decision
    told: Mapping[str, Any]
    program: Program


@dataclass(frozen=True)
class Kept:
    """An answer as it stands in the register. `facts` is the case that was decided, `told` the answer as JSON."""

    entry: int
    child: int
    as_of: str
    policy: str
    version: str
    digest: str
    settings: Mapping[str, Any]
    program: str
    status: str
    team: str | None
    facts: Mapping[str, Any]
    told: Mapping[str, Any]
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about an answer: it was confirmed (`team` None) or set aside for a team, with a reason."""

    entry: int
    answer: int
    by: str
    at: str
    team: str | None
    reason: str | None


def packed(document: Any) -> bytes:
    """JSON, compressed, the same bytes for the same document."""
    return zlib.compress(json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), 9)


def unpacked(raw: bytes) -> Any:
    return json.loads(zlib.decompress(raw))


def work_out(
    store: Store,
    number: str,
    told: Told,
    as_of: str | None = None,
    known_on: str | None = None,
    policy: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Answered:
    """The answer for a child on a day (ISO; None: today), from what is known now or was known at the end of `known_on`.

    Without `policy` the edition in force on the day is used. Nothing is kept. Errors: `InputError`.
    """
    day = checked_day(store, as_of, "--as-of")
    before = None if known_on is None else end_of(checked_day(store, known_on, "--known-on"))
    with store.reading() as connection:
        return _work_out(connection, find_child(connection, number), told, day, before, policy, settings or {})


def _work_out(
    connection: Connection,
    child: Child,
    told: Told,
    day: str,
    before: str | None,
    policy: str | None,
    settings: Mapping[str, str],
) -> Answered:
    code = policy or edition_on(connection, child.policy, day)
    program = load_installed(code, dict(settings), "policy")
    found = known(connection, child, day, program.policy.vocabulary, before)
    if not found.values:
        when = "" if before is None else " by then"
        raise InputError([Fault(child.number, f"nothing was recorded of it{when}", "whichteam register add CHILD FACT=VALUE")])
    if policy is None:
        decision, notes = decide_by_editions(connection, child, found, program, settings)
    else:
        case = make_case(found.document(code), program.policy.vocabulary, child.number)
        decision, notes = decide_exactly(program, case, PyDatalog()), []
    return Answered(None, found, decision, {**told(decision), "notes": notes}, program)


def answer(
    store: Store,
    number: str,
    told: Told,
    by: str,
    made_by: str,
    as_of: str | None = None,
    policy: str | None = None,
    settings: Mapping[str, str] | None = None,
    seen: int | None = None,
    unless: Mapping[str, Any] | None = None,
) -> Answered:
    """Works out the answer for a child on a day and keeps it. `made_by` is the program with its version.

    unless  an answer as it is kept: one that says the same but for the day is not kept
    It is worked out without keeping others waiting; if the child changes meanwhile, it is worked out again.
    Errors: `InputError`.
    """
    by, day = checked_name(by), checked_day(store, as_of, "--as-of")
    while True:
        with store.reading() as connection:
            child = find_child(connection, number)
            refuse_stale(connection, child, seen)
            version = version_of(connection, child.id)
            found = _work_out(connection, child, told, day, None, policy, settings or {})
            document = found.known.document(found.program.policy.code)
        if unless is not None and but_for_the_day(found.told) == but_for_the_day(unless):
            return found
        with store.writing() as writer:
            if version_of(writer.connection, child.id) != version:
                continue
            row = answer_row(child.id, document, found.decision, found.told, made_by)
            entry = writer.entry(by, "answer", [(answers, row)], child.id)
            return Answered(entry, found.known, found.decision, found.told, found.program)


def but_for_the_day(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer as it is kept (plain JSON), without the day that it is for."""
    parts: Mapping[str, Any] = unpacked(packed({name: part for name, part in told.items() if name != "as_of"}))
    return parts


def answer_row(
    child: int, document: Mapping[str, Any], decision: Decision, told: Mapping[str, Any], made_by: str
) -> Mapping[str, Any]:
    """An answer as a row of the table. `document` is the case that was decided, `told` the answer as it is kept."""
    policy = decision.model.program.policy
    settings = {name: setting for name, setting in policy.settings.items() if setting != policy.readings[name].default}
    return {
        "child": child,
        "as_of": document["as_of"],
        "policy": policy.code,
        "version": policy.version[:300],
        "digest": policy.digest,
        "settings": json.dumps(settings, sort_keys=True),
        "program": made_by,
        "status": told["status"],
        "team": told["responsible_team"],
        "due": first_due(told),
        "facts": packed(document),
        "answer": packed(told),
    }


def first_due(told: Mapping[str, Any]) -> str | None:
    """The first day (ISO) on which something of an answer is due; the day of the answer where a move is held up."""
    moves = [move for move in (told["transfer"], *told["further_transfers"]) if move is not None]
    days = [limit["due"] for limit in told["deadlines"] if limit["met"] is None]
    days += [limit["due"] for limit in told.get("not_done", ())]
    days += [move["on"] for move in moves if move["status"] == "upcoming" and move["on"]]
    days += [told["as_of"] for move in moves if move["status"] == "blocked"]
    return min(days, default=None)


# What is kept ----------------------------------------------------------------------------------


def read_answers(connection: Connection, condition: Any) -> list[Kept]:
    """The answers that meet an SQL condition and were not taken back, oldest first."""
    asked = (
        select(answers, entries.c.at, entries.c.by)
        .join(entries, entries.c.seq == answers.c.entry)
        .where(condition, not_undone(answers.c.entry))
        .order_by(answers.c.entry)
    )
    return [kept(row) for row in connection.execute(asked)]


def kept(row: Any) -> Kept:
    """A row of the table of answers, joined with its entry."""
    parts = (row.entry, row.child, row.as_of, row.policy, row.version, row.digest, json.loads(row.settings), row.program)
    return Kept(*parts, row.status, row.team, unpacked(row.facts), unpacked(row.answer), row.at, row.by)


def decisions_on(connection: Connection, condition: Any, before: str | None = None) -> list[Decided]:
    """The confirmations and overrides that meet an SQL condition and count (at a moment), oldest first."""
    asked = (
        select(confirmations, entries.c.at, entries.c.by)
        .join(entries, entries.c.seq == confirmations.c.entry)
        .where(condition, not_undone(confirmations.c.entry, before))
        .order_by(confirmations.c.entry)
    )
    if before is not None:
        asked = asked.where(entries.c.at < before)
    return [Decided(r.entry, r.answer, r.by, r.at, r.team, r.reason) for r in connection.execute(asked)]


# What people decide ------------------------------------------------------------------------------


def confirm(store: Store, number: str, by: str, answer: int | None = None, seen: int | None = None) -> Decided:
    """Confirms an answer (default: the latest) in somebody's name. Errors: `InputError`."""
    return _decide(store, number, checked_name(by), answer, seen, None, None)


def override(
    store: Store, number: str, team: str, reason: str, by: str, answer: int | None = None, seen: int | None = None
) -> Decided:
    """Decides on another team than an answer has, with the reason. Errors: `InputError`."""
    reason = checked_text(reason, "--reason", MOST_TEXT, "why the answer is set aside")
    return _decide(store, number, checked_name(by), answer, seen, team, reason)


def _decide(
    store: Store, number: str, by: str, answer: int | None, seen: int | None, team: str | None, reason: str | None
) -> Decided:
    with store.writing() as writer:
        connection = writer.connection
        child = find_child(connection, number)
        chosen = _answer_meant(connection, child, answer)
        refuse_stale(connection, child, seen)
        if seen is None:
            _refuse_if_facts_are_newer(connection, child, chosen)
        code = None if team is None else team_of(policy_named(chosen.policy).vocabulary, team, "TEAM")
        if code is not None and code == chosen.team:
            hint = f"whichteam register confirm {number}"
            raise InputError([Fault("TEAM", f"answer {chosen.entry} is this team already", hint)])
        if code is None and chosen.team is None:
            hint = "whichteam register override CHILD TEAM --reason TEXT says which team it is to be"
            raise InputError([Fault(number, f"answer {chosen.entry} names no team ({chosen.status}): nothing to confirm", hint)])
        row = {"child": child.id, "answer": chosen.entry, "team": code, "reason": reason}
        entry = writer.entry(by, "confirm" if code is None else "override", [(confirmations, row)], child.id)
        return Decided(entry, chosen.entry, by, writer.at, code, reason)


def _answer_meant(connection: Connection, child: Child, answer: int | None) -> Kept:
    """The answer with a number, or the latest. Errors: `InputError`."""
    if answer is not None:
        check_answer(connection, child, answer)
        return read_answers(connection, answers.c.entry == answer)[0]
    latest = select(answers.c.entry).where(answers.c.child == child.id, not_undone(answers.c.entry))
    newest = connection.execute(latest.order_by(answers.c.entry.desc()).limit(1)).scalar()
    if newest is None:
        raise InputError([Fault(child.number, "has no answer yet", f"whichteam register answer {child.number}")])
    return read_answers(connection, answers.c.entry == newest)[0]


def _refuse_if_facts_are_newer(connection: Connection, child: Child, chosen: Kept) -> None:
    """Errors: `InputError` if facts changed, or a newer answer was worked out, since an answer."""
    changing = ("add", "import", "undo", "answer")
    later = connection.execute(
        select(entries)
        .where(entries.c.child == child.id, entries.c.seq > chosen.entry, entries.c.what.in_(changing))
        .order_by(entries.c.seq)
    ).all()
    later = [row for row in later if not (row.what == "undo" and _of_a_decision(connection, row.reverses))]
    if later:
        refuse_stale(connection, child, later[0].seq - 1)


def _of_a_decision(connection: Connection, entry: int) -> bool:
    what = connection.execute(select(entries.c.what).where(entries.c.seq == entry)).scalar()
    return what in ("confirm", "override", "note")


def team_of(vocabulary: Vocabulary, wanted: str, where: str) -> str:
    """The code of a team, or of "closed", given by code, name or alias. Errors: `InputError` with a suggestion."""
    codes = [*vocabulary.codes.get("team", ()), *(code for code in vocabulary.codes.get("outcome", ()) if code.code == CLOSED)]
    for code in codes:
        if wanted.casefold() in (code.code, code.label.casefold(), *(alias.casefold() for alias in code.aliases)):
            return code.code
    hint = did_you_mean(wanted, [code.code for code in codes]) or "teams: " + ", ".join(code.code for code in codes)
    raise InputError([Fault(where, f"there is no team `{shown(wanted)}` in this policy", hint)])


def clauses_in(told: Mapping[str, Any]) -> Iterable[str]:
    """The clauses that a kept answer cites, as `bp8 (line 5)`."""
    for clause in told.get("clauses", ()):
        yield f"{clause['id']} ({'line' if len(clause['lines']) == 1 else 'lines'} {', '.join(map(str, clause['lines']))})"
