"""Editions of a council's policy, each in force on some days, and a journey that runs through several of them.

Each step of a journey uses the edition of its day. The record is decided to the last day of an edition; who then holds the
child, and since when, is what the next edition starts from (law of time 3, `tests/laws/time.py`). A team code means the same
in all editions, unless an edition's `codes.tsv` lists the earlier code among the aliases of the one that took its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from kb.carried import HOLDER, SINCE
from kb.case import Case, Day, fit_to, make_case
from kb.dates import iso
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, shown
from kb.program import Program
from kb.register.schema import editions, entries
from kb.register.store import Store, checked_name
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_installed
from queries.register.change import policy_named
from queries.register.known import Child, Known, not_undone

OTHER_FILES = "the files of `{policy}` are not those that the edition was recorded with"


@dataclass(frozen=True, slots=True)
class InForce:
    """An edition: the installed policy that holds it, and its first and last day (ISO; no last day: until the next one)."""

    entry: int
    council: str
    policy: str
    version: str
    digest: str
    since: str
    until: str | None


def editions_of(connection: Connection, council: str) -> list[InForce]:
    """The editions of a council that count, the earliest first. Of two that begin on one day the later recorded counts."""
    asked = (
        select(editions)
        .join(entries, entries.c.seq == editions.c.entry)
        .where(editions.c.council == council, not_undone(editions.c.entry))
        .order_by(editions.c.since, editions.c.entry)
    )
    found = {
        row.since: InForce(row.entry, row.council, row.policy, row.version, row.digest, row.since, row.until)
        for row in connection.execute(asked)
    }
    return list(found.values())


def edition_on(connection: Connection, council: str, day: str) -> str:
    """The code of the policy in force on a day; the council's own code if no edition is recorded for it.

    Errors: `InputError` if editions are recorded and none is in force on the day.
    """
    known = editions_of(connection, council)
    found = [each for each in known if each.since <= day and (each.until is None or day <= each.until)]
    if found:
        return found[-1].policy
    if not known:
        return council
    days = ", ".join(f"{each.policy} from {each.since}" + (f" until {each.until}" if each.until else "") for each in known)
    hint = "whichteam register edition POLICY --from DATE records one; or name one: --policy POLICY"
    raise InputError([Fault("editions", f"no edition of `{council}` is in force on {day}: {days}", hint)])


def add_edition(store: Store, policy: str, since: str, until: str | None, council: str | None, by: str) -> InForce:
    """Records from when until when an installed policy is in force for a council. Errors: `InputError`."""
    by, loaded = checked_name(by), policy_named(policy)
    for option, day in (("--from", since), ("--until", until)):
        if day is not None:
            _check_day(option, day)
    if until is not None and until < since:
        raise InputError([Fault("--until", f"{until} is before {since}", "correct one of the two days")])
    code = policy_named(council).code if council is not None else loaded.code
    edition = {"council": code, "policy": loaded.code, "version": loaded.version[:300], "digest": loaded.digest}
    row: dict[str, str | None] = {**edition, "since": since, "until": until}
    with store.writing() as writer:
        entry = writer.entry(by, "edition", [(editions, row)])
    return InForce(entry, code, loaded.code, loaded.version, loaded.digest, since, until)


def _check_day(option: str, day: str) -> None:
    from kb.case import parse_day

    try:
        parse_day(day)
    except ValueError as error:
        raise InputError([Fault(option, str(error), "write the date as 2024-09-03")]) from None


def decide_by_editions(
    connection: Connection, child: Child, found: Known, program: Program, settings: Mapping[str, str]
) -> tuple[Decision, list[str]]:
    """The decision for a record, each step by the edition of its day, and notes on what was carried over.

    `program` is that of the edition in force on the day of the answer. Errors: `InputError`.
    """
    notes = [
        OTHER_FILES.format(policy=each.policy)
        for each in editions_of(connection, child.policy)
        if each.policy == program.policy.code and each.digest != program.policy.digest
    ]
    document = found.document(program.policy.code)
    earlier = [each for each in editions_of(connection, child.policy) if each.since <= found.as_of][:-1]
    start: tuple[str, int, str] | None = None
    for each, after in zip(earlier, [*earlier[1:], None]):
        follows = after.since if after is not None else _since(connection, child.policy, found.as_of)
        last = date.fromisoformat(follows).toordinal() - 1
        if not _concerns(document, last):
            continue
        readings = policy_named(each.policy).readings
        own = load_installed(each.policy, {name: setting for name, setting in settings.items() if name in readings}, "policy")
        case = _case(document, own, child.number, last, start)
        decision = decide_exactly(own, case, PyDatalog())
        start = _holder(decision, each.policy)
        if start is None:
            notes.append(f"on {iso(last)}, the last day of `{each.policy}`, no team was sure: {decision.status}")
    case = _case(document, program, child.number, None, start)
    if start is not None:
        notes.append(f"`{start[2]}` gave {start[0]} since {iso(start[1])}; `{program.policy.code}` starts from there")
    return decide_exactly(program, case, PyDatalog()), notes


def _since(connection: Connection, council: str, day: str) -> str:
    return [each.since for each in editions_of(connection, council) if each.since <= day][-1]


def _concerns(document: Mapping[str, Any], last: int) -> bool:
    """Whether anything is on record for a day up to the last of an edition."""
    return any(day <= iso(last) for value in document["facts"].values() for day in _days(value))


def _days(value: Any) -> list[str]:
    if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-" and value[7:8] == "-":
        return [value[:10]]
    return [day for part in value for day in _days(part)] if isinstance(value, list) else []


def _holder(decision: Decision, policy: str) -> tuple[str, int, str] | None:
    """Who holds the child at the end of an edition, since when, and under which one; None where that is not decided."""
    present = next((stint for stint in decision.journey if stint.status == "present"), None)
    if decision.status != "decided" or decision.responsible_team is None or present is None or present.since is None:
        return None
    return decision.responsible_team, present.since, policy


def _case(
    document: Mapping[str, Any], program: Program, number: str, last: int | None, start: tuple[str, int, str] | None
) -> Case:
    """The record for one edition, which starts where the one before ended. Errors: `InputError`."""
    vocabulary = program.policy.vocabulary
    facts = dict(document["facts"])
    for name in (HOLDER,):
        if name in facts:
            facts[name] = taken_over(vocabulary, facts[name])
    fitted, _ = fit_to({**document, "facts": facts, "policy": program.policy.code}, vocabulary)
    case = make_case(fitted, vocabulary, number, last)
    recorded = case.facts.get(SINCE)
    if start is None or (isinstance(recorded, Day) and recorded.number > start[1]):  # the record itself says what came later
        return case
    team = taken_over(vocabulary, start[0])
    if not (vocabulary.has("team", team) or vocabulary.has("outcome", team)):
        hint = f"list it among the aliases of the team that took its place, in codes.tsv of `{program.policy.code}`"
        raise InputError([Fault("editions", f"`{shown(team)}` is no team of `{program.policy.code}`", hint)])
    return replace(case, facts={**case.facts, HOLDER: team, SINCE: Day(start[1])})


def taken_over(vocabulary: Vocabulary, team: Any) -> Any:
    """The code that a team of an earlier edition has in this one: its own, or that of the team with it as an alias."""
    if not isinstance(team, str) or vocabulary.has("team", team):
        return team
    return next((code.code for code in vocabulary.codes.get("team", ()) if team in code.aliases), team)
