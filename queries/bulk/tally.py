"""A summary of a caseload as counts that can be added up across parts.

A count is (what, of, name, number), such as ("missing", "", fact, 12) or ("team", team, "due", 3). `what` is the
field of `queries.bulk.teams.Summary` it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from kb.bulk.table import team_codes
from kb.program import Program
from queries.bulk.teams import Summary, TeamCount

Count = tuple[str, str, str, int]

NUMBERS = ("children", "differ", "not_known", "due", "overdue", "to_record")
BY_NAME = ("statuses", "missing", "blocked")
OF_TEAM = tuple(part.name for part in fields(TeamCount) if part.name not in ("team", "blocked"))
NUMBER, TEAM, GATE = "number", "team", "gate"


def counts_of(summary: Summary) -> Iterator[Count]:
    yield from ((NUMBER, "", name, getattr(summary, name)) for name in NUMBERS)
    for what in BY_NAME:
        yield from ((what, "", name, number) for name, number in getattr(summary, what).items())
    for team in summary.teams:
        yield from ((TEAM, team.team, name, getattr(team, name)) for name in OF_TEAM)
        yield from ((GATE, team.team, name, number) for name, number in team.blocked.items())


def summary_of(counts: Iterable[Count], program: Program) -> Summary:
    """The summary that some counts add up to."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for what, of, name, number in counts:
        names = found.setdefault((what, of), {})
        names[name] = names.get(name, 0) + number
    vocabulary = program.policy.vocabulary
    order = {
        "statuses": [code.code for code in vocabulary.codes["status"]],
        "missing": list(vocabulary.facts),
        "blocked": [code.code for code in vocabulary.codes.get("gate", ())],
    }
    numbers = found.get((NUMBER, ""), {})
    statuses = found.get(("statuses", ""), {})
    teams = [
        TeamCount(team, **found[TEAM, team], blocked=_most_first(found.get((GATE, team), {}), order["blocked"]))
        for team in team_codes(vocabulary)
        if (TEAM, team) in found
    ]
    return Summary(
        **{name: numbers.get(name, 0) for name in NUMBERS},
        statuses={name: statuses[name] for name in order["statuses"] if name in statuses},
        teams=tuple(teams),
        missing=_most_first(found.get(("missing", ""), {}), order["missing"]),
        blocked=_most_first(found.get(("blocked", ""), {}), order["blocked"]),
    )


def _most_first(counts: dict[str, int], order: list[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts, key=lambda name: (-counts[name], order.index(name)))}
