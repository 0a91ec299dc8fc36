"""The child's way through the teams as a line of stops, from left to right, or from top to bottom where there is no room."""

from __future__ import annotations

from html import escape

from explain.app import plain
from explain.app.style import html
from explain.journey import NOT_KNOWN, Row, rows
from explain.words import capital
from queries.decide import Decision

TITLE = "The child’s way through the teams"


def timeline(decision: Decision) -> None:
    """Shows the stints, oldest first."""
    stints = rows(decision)
    if not stints:
        return
    plain.header(TITLE, anchor=False)
    html(f'<ol class="wt-way">{"".join(map(_stop, stints))}</ol>')


def _stop(stint: Row) -> str:
    """One stint: team, dates, and the transfer point that began it."""
    known = stint.since != NOT_KNOWN
    past = " to ".join(filter(None, [stint.since if known else "", stint.until]))
    when = {
        "past": past if known else f"Until {stint.until}" if stint.until else "Earlier, on a day that is not recorded",
        "present": f"Since {stint.since}" if known else "Now; the first day is not recorded",
        "planned": f"Planned: {past}",
    }[stint.status]
    clauses = f" ({', '.join(stint.clauses)})" if stint.clauses else ""
    how = f'<p class="soft">{escape(stint.point + clauses)}</p>' if stint.point else ""
    current = ' aria-current="true"' if stint.status == "present" else ""
    return (
        f'<li class="{stint.status}"{current}><p class="who">{escape(capital(stint.team))}</p>'
        f'<p class="when">{escape(when)}</p>{how}</li>'
    )
