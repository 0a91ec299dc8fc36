"""Finding children of the register by number, team, status, person or time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from kb.case import parse_day
from kb.errors import Fault, InputError
from kb.register.schema import answers, children, entries
from kb.register.store import Store, end_of
from queries.register.due import decided_last, latest_answer, team_decided_on

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is left out does not matter.

    number        part of the case number
    team          code of the team that holds the child, by the latest answer or the person who set it aside
    person        who did something about the child
    since, until  days (ISO) on or between which something was recorded about the child
    unconfirmed   whose latest answer nobody confirmed or set aside; `overridden`: whose latest answer was set aside
    """

    number: str = ""
    team: str | None = None
    status: str | None = None
    person: str | None = None
    since: str | None = None
    until: str | None = None
    unconfirmed: bool = False
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A child with its latest answer (None: it has none), what a person decided on instead, and its last entry."""

    number: str
    policy: str
    answer: int | None
    as_of: str | None
    status: str | None
    team: str | None
    decided_on: str | None
    decided_by: str | None
    last_entry: int
    last_at: str


def search(store: Store, wanted: Wanted, most: int = 50) -> tuple[list[Found], int]:
    """The children that meet all that is wanted, by number, at most `most` of them, and how many there are.

    Errors: `InputError`.
    """
    if not 1 <= most <= MOST:
        raise InputError([Fault("--most", f"{most} is not a number of children", f"write a number from 1 to {MOST:,}")])
    latest = latest_answer()
    deciding = decided_last(latest.c.entry)
    log, written = entries.alias(), entries.alias()
    newest = select(func.max(log.c.seq)).where(log.c.child == children.c.child).correlate_except(log).scalar_subquery()

    def of_entry(what: str, seq: Any) -> Any:
        return select(written.c[what]).where(written.c.seq == seq).correlate_except(written).scalar_subquery()

    decided_on = team_decided_on(latest.c.entry)
    asked = (
        select(
            children.c.number,
            children.c.policy,
            answers.c.entry.label("answer"),
            answers.c.as_of,
            answers.c.status,
            answers.c.team,
            decided_on.label("decided_on"),
            of_entry("by", deciding).label("decided_by"),
            newest.label("last_entry"),
            of_entry("at", newest).label("last_at"),
        )
        .select_from(children)
        .outerjoin(latest, latest.c.child == children.c.child)
        .outerjoin(answers, answers.c.entry == latest.c.entry)
    )
    if wanted.number:
        asked = asked.where(children.c.number.icontains(wanted.number, autoescape=True))
    if wanted.team is not None:
        asked = asked.where(func.coalesce(decided_on, answers.c.team) == wanted.team)
    if wanted.status is not None:
        asked = asked.where(answers.c.status == wanted.status)
    if wanted.unconfirmed:
        asked = asked.where(answers.c.entry.is_not(None), deciding.is_(None))
    if wanted.overridden:
        asked = asked.where(decided_on.is_not(None))
    happened = [entries.c.child == children.c.child]
    if wanted.person is not None:
        happened.append(func.lower(entries.c.by) == wanted.person.lower())
    if wanted.since is not None:
        happened.append(entries.c.at >= end_of(_day("--since", wanted.since, before=1)))
    if wanted.until is not None:
        happened.append(entries.c.at < end_of(_day("--until", wanted.until)))
    if len(happened) > 1:
        asked = asked.where(select(entries.c.seq).where(*happened).exists())
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(asked.order_by(None).subquery())).scalar_one()
        rows = connection.execute(asked.order_by(children.c.number).limit(most)).all()
    return [Found(**row._mapping) for row in rows], int(count)


def _day(option: str, day: str, before: int = 0) -> str:
    """A day (ISO), less some days. Errors: `InputError`."""
    from kb.dates import iso

    try:
        return iso(parse_day(day) - before)
    except ValueError as error:
        raise InputError([Fault(option, str(error), "write the date as 2024-09-03")]) from None


def policies_used(store: Store) -> list[str]:
    """The codes of the policies that children come under. Errors: `InputError`."""
    with store.reading() as connection:
        return list(connection.execute(select(children.c.policy).distinct().order_by(children.c.policy)).scalars())
