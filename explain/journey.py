"""A child's journey in words: the stints, what began each, and the reasons for each move (`journey` of a decision)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from explain.decision_json import move_claim, stint_json
from explain.history import history, presupposed_day, wrong_dates
from explain.printed import print_json
from explain.tree import Sentence, Teller, defaults_set_aside
from explain.words import ADVICE, Words, capital
from kb.carried import AGREEMENT, CLOSED
from kb.dates import in_short, in_words, iso
from queries.decide import Decision, StintTold
from queries.journey import Move

NOT_KNOWN = "not known"
ON_NO_KNOWN_DAY = "On a day that is not recorded"
LONGEST = 13  # minimum column width in characters, so that words are not broken
WHICH = "Which of the two dates is right?"


@dataclass(frozen=True, slots=True)
class Row:
    """A stint as text; dates in short form."""

    team: str
    since: str
    until: str
    point: str
    status: str
    clauses: tuple[str, ...]


def rows(decision: Decision) -> tuple[Row, ...]:
    """The stints, oldest first."""
    words = Words.of(decision.model)
    return tuple(_row(decision, stint, words) for stint in decision.journey)


def _row(decision: Decision, stint: StintTold, words: Words) -> Row:
    cited = stint_json(stint)["clauses"]
    return Row(
        team=holder(stint, words),
        since=NOT_KNOWN if stint.since is None else in_short(stint.since),
        until="" if stint.until is None else in_short(stint.until),
        point=capital(began(stint, words)),
        status=stint.status,
        clauses=tuple(clause["id"] for clause in cited),
    )


def holder(stint: StintTold, words: Words) -> str:
    """The team of a stint, or the possible teams if it is not settled."""
    if stint.team is not None:
        return words.any_label(stint.team)
    names = [words.any_label(code) for code in stint.possible_teams]
    return f"not settled: {one_of(names)}" if names else "no team named by the policy"


def one_of(names: list[str]) -> str:
    """Alternatives as `A, B or C`."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def began(stint: StintTold, words: Words) -> str:
    """The transfer point or event that began a stint; empty for the first one."""
    if stint.point is not None:
        return words.vocabulary.label("point", stint.point)
    if any(move.point is None and move.atom.predicate == "opens" for move in stint.moves):
        return "a new contact"
    return "the closing of the case" if stint.moves else ""


def stint_sentences(decision: Decision) -> tuple[str, ...]:
    """The stints as sentences, oldest first; empty if there is only one."""
    words = Words.of(decision.model)
    sentences = [_stint_sentence(stint, words) for stint in decision.journey]
    return tuple(sentences) if len(sentences) > 1 else ()


def _stint_sentence(stint: StintTold, words: Words) -> str:
    at = f", at {began(stint, words)}" if stint.point is not None or stint.moves else ""
    until = "" if stint.until is None else f"until {in_words(stint.until)}"
    since = f"from {in_words(stint.since)}" if stint.since is not None else "from a day not recorded" if at or not until else ""
    when = " ".join(filter(None, ["planned" if stint.status == "planned" else "", since, until]))
    return f"{capital(when)}: {holder(stint, words)}{at}."


def moves(decision: Decision) -> list[Move]:
    """The moves that began the stints up to the present one, oldest first. A stint of several ways has one move for each."""
    return [move for stint in decision.journey if stint.status != "planned" for move in stint.moves]


def heading(move: Move, planned: bool = False) -> str:
    """A move as a sentence with its day. `planned`: worded as still to come."""
    words = Words.of(move.model)
    day = ON_NO_KNOWN_DAY if move.day is None else f"On {in_words(move.day)}"
    origin, to = words.any_label(move.origin), words.any_label(move.to)
    if move.atom.predicate == "closes":
        closed, was = ("is to be closed", "is") if planned else ("was closed", "was")
        return f"{day} the case {closed}; the child {was} with {origin}."
    if move.atom.predicate == "opens":
        return f"{day} a new contact opened the case with {to}."
    if move.point == AGREEMENT:
        return f"{day} the child moved from {origin} to {to} as the managers agreed."
    at = words.vocabulary.label("point", str(move.point))
    if move.to == CLOSED:
        closed = "is to be closed" if planned else "was closed"
        return f"{day} the case {closed} at {at}; the child {'is' if planned else 'was'} with {origin}."
    if planned:
        return f"{day} the child is to move from {origin} to {to} at {at}."
    return f"{day} the child moved from {origin} to {to} at {at}."


def reasons(move: Move, full: bool = False) -> Sentence:
    """A move as a sentence with its proof below it."""
    sentence = Teller(move.model, full).tell(move_claim(move))
    return replace(sentence, text=heading(move).removesuffix("."))


def set_aside(decision: Decision, full: bool = False) -> list[Sentence]:
    """Clauses that an exception set aside, in the steps of the moves to the present team and in the last step."""
    models = [*(move.model for move in decision.came_by), decision.model]
    sentences = [sentence for model in models for sentence in defaults_set_aside(model, Teller(model, full))]
    return list({sentence.text: sentence for sentence in sentences}.values())


def was_there(decision: Decision, team: str) -> tuple[str, ...]:
    """For each past stint with a team, a sentence on since when, and how the child left."""
    words = Words.of(decision.model)
    past = [stint for stint in decision.journey if stint.status != "planned"]
    return tuple(_left(stint, following, words) for stint, following in pairwise(past) if stint.team == team != following.team)


def _left(stint: StintTold, following: StintTold, words: Words) -> str:
    since = "" if stint.since is None else f" from {in_words(stint.since)}"
    on = "on a day that is not recorded" if following.since is None else f"on {in_words(following.since)}"
    at = f" at {began(following, words)}" if following.point is not None else ""
    to = f" for {holder(following, words)}" if following.team is not None and words.vocabulary.has("team", following.team) else ""
    if following.team is None:
        return f"The child was with {holder(stint, words)}{since}; {on} that is not settled any more."
    return f"The child was with {holder(stint, words)}{since} and left {on}{at}{to}."


# `whichteam journey` ------------------------------------------------------------------------


def journey_json(decision: Decision) -> dict[str, Any]:
    """The journey as JSON: `journey` and `history` as in a decision, and `wrong_dates`.

    `wrong_dates` are occurrences dated before an event that they presuppose.
    """
    return {
        "case_id": decision.case.case_id,
        "policy": decision.case.policy,
        "as_of": iso(decision.case.as_of),
        "status": decision.status,
        "responsible_team": decision.responsible_team,
        "possible_teams": list(decision.possible_teams),
        "journey": [stint_json(stint) for stint in decision.journey],
        "history": [{"fact": past.fact, "on": iso(past.day)} for past in decision.history],
        "wrong_dates": list(_wrong_json(decision)),
    }


def _wrong_json(decision: Decision) -> Iterator[dict[str, Any]]:
    for wrong in decision.misdated:
        day = presupposed_day(decision, wrong)
        after = {"fact": wrong.presupposes, "on": None if day is None else iso(day)}
        yield {"fact": wrong.fact, "on": iso(wrong.day), "presupposes": after}


def journey(path: Path, policy: str | None, as_of: int | None, settings: dict[str, str], as_json: bool) -> None:
    """Prints the journey of a case. `as_of`: day of the answer as an ordinal. Errors: `InputError`."""
    from kb.engines.pydatalog import PyDatalog
    from queries.exact import decide_exactly
    from queries.load import load_case

    program, case = load_case(path, policy, as_of, settings)
    decision = decide_exactly(program, case, PyDatalog())
    if as_json:
        print_json(journey_json(decision))
    else:
        print_journey(decision, policy)


def print_journey(decision: Decision, given: str | None = None) -> None:
    """Prints the stints as a table, then history and misdated facts. `given`: the policy that the user named."""
    from rich.box import SIMPLE
    from rich.markup import escape
    from rich.table import Column, Table

    from explain.answer import headline
    from explain.terminal import console, print_lines
    from kb.offered import policy_option

    console.print(f"[bold]{escape(headline(decision))}[/bold]")
    team, since, until = Column("Team", min_width=LONGEST), Column("From", no_wrap=True), Column("Until", no_wrap=True)
    table = Table(team, since, until, Column("Began at", min_width=LONGEST - 1), "Status", "Clauses", box=SIMPLE, pad_edge=False)
    for row in rows(decision):
        table.add_row(*map(escape, (capital(row.team), row.since, row.until, row.point, row.status, " ".join(row.clauses))))
    console.print(table)
    if decision.history:
        console.print("\n[bold]What is history[/bold]\nThis belongs to an earlier time and moves nobody now.")
        print_lines(history(decision))
    if decision.misdated:
        console.print("\n[bold]Dates that can't be right[/bold]")
        print_lines(f"{sentence} {WHICH}" for sentence in wrong_dates(decision))
    console.print(f"[dim]{ADVICE} For the reasons: whichteam why CASE{escape(policy_option(given))}[/dim]", soft_wrap=True)
