"""What is due: limits and transfers of the latest answers, what is overdue, and what is held up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from kb.errors import Fault, InputError
from kb.register.schema import answers, children, confirmations, entries
from kb.register.store import Store
from queries.register.answering import unpacked
from queries.register.change import checked_day
from queries.register.known import not_undone

MOST_DAYS = 3_660  # days ahead that may be asked for
LIMIT, TRANSFER, BLOCKED = "limit", "transfer", "blocked"
COMING, OVERDUE = "due", "overdue"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due.

    team    the team that holds the child: by the answer, or by the person who set it aside
    kind    limit, transfer or blocked; `code` names the limit or the transfer point, `to` the team of a transfer
    day     its last day in time, or the day of the transfer (ISO); None for a transfer that is held up on no known day
    state   due or overdue, seen from the day asked about; a transfer that is held up is neither: blocked
    gates   what a transfer is held up by
    """

    child: str
    policy: str
    answer: int
    as_of: str
    team: str | None
    overridden: bool
    kind: str
    code: str
    day: str | None
    state: str
    to: str | None = None
    gates: tuple[str, ...] = ()
    day_count: str = ""


def due(store: Store, on: str | None = None, within: int = 14, team: str | None = None) -> list[Due]:
    """What is due by `within` days after a day (ISO; None: today), the earliest first; of one team, if it is named.

    A team is told what it holds, and the transfers that are to come to it. Errors: `InputError`.
    """
    if not 0 <= within <= MOST_DAYS:
        raise InputError([Fault("--within", f"{within} is not a number of days", f"write a number from 0 to {MOST_DAYS:,}")])
    day = checked_day(store, on, "--on") if on is None or on <= _today(store) else _ahead(on)
    last = (date.fromisoformat(day) + timedelta(days=within)).isoformat()
    with store.reading() as connection:
        found = [one for row in _latest(connection, last) for one in _of_answer(row, day, last)]
    found = [one for one in found if team is None or team in (one.team, one.to)]
    return sorted(found, key=lambda one: (one.day or "", one.child, one.kind, one.code))


def _today(store: Store) -> str:
    return store.clock().astimezone().date().isoformat()


def _ahead(on: str) -> str:
    """A day still to come: what will be due by then. Errors: `InputError`."""
    from kb.case import parse_day

    try:
        return date.fromordinal(parse_day(on)).isoformat()
    except ValueError as error:
        raise InputError([Fault("--on", str(error), "write the date as 2024-09-03")]) from None


def latest_answer() -> Any:
    """An SQL query: for each child its latest answer that was not taken back, as columns `child` and `entry`."""
    newest = func.max(answers.c.entry).label("entry")
    return select(answers.c.child, newest).where(not_undone(answers.c.entry)).group_by(answers.c.child).subquery("latest")


def decided_last(answer: ColumnElement[int]) -> Any:
    """An SQL expression: the entry by which a person decided last about an answer; null where nobody did."""
    made = confirmations.alias()
    newest = select(func.max(made.c.entry)).where(made.c.answer == answer, not_undone(made.c.entry))
    return newest.correlate_except(made).scalar_subquery()


def team_decided_on(answer: ColumnElement[int]) -> Any:
    """An SQL expression: the team that a person decided on instead of an answer; null where there is none."""
    last = confirmations.alias()
    return select(last.c.team).where(last.c.entry == decided_last(answer)).correlate_except(last).scalar_subquery()


def _latest(connection: Connection, last: str) -> Iterator[Any]:
    """The latest answers of which something is due by a day."""
    latest = latest_answer()
    asked = (
        select(
            children.c.number,
            answers.c.entry,
            answers.c.as_of,
            answers.c.policy,
            answers.c.team,
            answers.c.answer,
            team_decided_on(answers.c.entry).label("decided_on"),
        )
        .join(latest, latest.c.entry == answers.c.entry)
        .join(children, children.c.child == answers.c.child)
        .join(entries, entries.c.seq == answers.c.entry)
        .where(answers.c.due <= last)
    )
    yield from connection.execution_options(yield_per=1_000).execute(asked)


def _of_answer(row: Any, day: str, last: str) -> Iterator[Due]:
    told: Mapping[str, Any] = unpacked(row.answer)
    team = row.decided_on or row.team

    def one(kind: str, code: str, on: str | None, state: str, **more: Any) -> Due:
        overridden = row.decided_on is not None
        return Due(row.number, row.policy, row.entry, row.as_of, team, overridden, kind, code, on, state, **more)

    not_done = {(limit["code"], limit["due"]) for limit in told.get("not_done", ())}
    for limit in told["deadlines"]:
        is_open = limit["met"] is None or (limit["code"], limit["due"]) in not_done
        if is_open and limit["due"] <= last:
            state = OVERDUE if limit["due"] < day else COMING
            yield one(LIMIT, limit["code"], limit["due"], state, day_count=limit["day_count"])
    for move in (told["transfer"], *told["further_transfers"]):
        if move is None or row.decided_on is not None:  # a person has decided otherwise
            continue
        if move["status"] == "blocked":
            yield one(BLOCKED, move["point"], move["on"], BLOCKED, to=move["to"], gates=tuple(told["blocked_by"]))
        elif move["status"] == "upcoming" and move["on"] and move["on"] <= last:
            yield one(TRANSFER, move["point"], move["on"], OVERDUE if move["on"] < day else COMING, to=move["to"])
