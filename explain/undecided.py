"""Undecided answers in words: what would give each possible team, and what depends on the team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from explain.answer_parts import attendance, co_working, deadline, list_of, move, team
from explain.journey import reasons
from explain.tree import WAY, Sentence, Teller, holder_claims, holders
from explain.values import as_recorded
from explain.words import Words, capital
from kb.carried import HOLDER, NOBODY
from kb.language.model import Atom, Constant
from queries.decide import Decision
from queries.undecided import WithTeam, with_each_team

if TYPE_CHECKING:
    from queries.exact import Witness

EACH, WITH_TEAM = "What would make it each team", "What depends on the team"
SHOWN = 8  # lines of a part that are shown; the rest are counted
FACTS_SHOWN = 4  # facts of a witness that are named; the rest are counted
MORE = "And {} more: the JSON form lists them all."
NOT_EXACT = (
    "Not every way of filling in what is missing was tried, so a team may be named that is impossible, and one be missing "
    "that is possible."
)


def each_team(decision: Decision) -> tuple[str, ...]:
    """For each possible team an example of facts that give it, and a note if the list of teams is not exact."""
    alike = set.intersection(*({name for name, _ in w.filled} for w in decision.witnesses)) if decision.witnesses else set()
    same = {name for name in alike if len({repr(dict(w.filled)[name]) for w in decision.witnesses}) == 1}
    lines = [_made_so(witness, decision, same) for witness in decision.witnesses] if decision.hangs_on != (HOLDER,) else []
    return (*_some(lines), *([NOT_EXACT] if decision.exact is False else []))


def only_with_some(decision: Decision) -> tuple[str, ...]:
    """What holds with some of the possible teams only, one sentence for each set of teams."""
    words = Words.of(decision.model)
    teams: dict[str, list[str]] = {}
    for each in with_each_team(decision):
        for sentence in dict.fromkeys(_sentences(each, decision)):
            teams.setdefault(sentence, []).append(each.team)
    by_teams: dict[tuple[str, ...], list[str]] = {}
    for sentence, with_it in teams.items():
        by_teams.setdefault(tuple(with_it), []).append(sentence)
    return _some([f"If {holding(with_it, words)}: {' '.join(sentences)}" for with_it, sentences in by_teams.items()])


def holding(teams: Sequence[str], words: Words) -> str:
    """A clause that one of some teams holds the child, the policy names none, or the case is closed."""
    outcomes = [code for code in teams if words.vocabulary.has("outcome", code)]
    names = [team(words, code) for code in teams if code not in outcomes]
    held = [f"{list_of(names, 'or')} holds the child"] if names else []
    others = ["the policy names no team" if code == NOBODY else f"the case is {team(words, code)}" for code in outcomes]
    return " or ".join([*held, *others])


def each_holder(decision: Decision, teller: Teller) -> list[Sentence]:
    """Who holds or may hold the child, with reasons.

    The reasons are those of the answer's own step (`teller`) or, if that does not decide the teams, of an end of the journey.
    """
    own = {str(atom.args[0]) for atom in decision.model.holding_of("may_hold")}
    known = decision.status != "unknown"
    undecided = decision.model.certain(Atom("status", (Constant(decision.status),)))
    if not decision.ends or (undecided and own == set(decision.possible_teams)):
        return holders(decision.model, teller, known)
    return [_holder(code, decision, teller, undecided and code in own, known) for code in decision.possible_teams]


def _holder(code: str, decision: Decision, teller: Teller, by_own_step: bool, known: bool) -> Sentence:
    ends = [end for end in decision.ends if code in (end.possible_teams or (NOBODY,))]
    model = decision.model if by_own_step or not ends else ends[0].model
    here = teller if model is decision.model else Teller(model, teller.full)
    claim = next((claim for claim in holder_claims(model) if str(claim.atom.args[0]) == code), None)
    statement = capital(here.words.statement(Atom("holds", (Constant(code),)), True))
    sentence = here.tell(claim) if claim is not None else Sentence(statement, reasons=_filled_in(code, decision))
    moved = ends[0].branch.moves[-1:] if ends and not by_own_step and ends[0].branch is not None else ()
    came = [reasons(move, teller.full) for move in moved if move.to == code]
    return replace(sentence, text=sentence.text if known else f"{WAY}: {sentence.text}", reasons=(*came, *sentence.reasons))


def _filled_in(code: str, decision: Decision) -> tuple[Sentence, ...]:
    """What would have to be recorded for a team."""
    vocabulary = Words.of(decision.model).vocabulary
    filled = next((witness.filled for witness in decision.witnesses if witness.team == code), ())
    facts = [capital(as_recorded(vocabulary.facts[name], value, vocabulary)) for name, value in filled]
    return tuple(Sentence(f"If recorded: {text}", "", False) for text in facts)


def _sentences(each: WithTeam, decision: Decision) -> Iterator[str]:
    """What holds with one team, one sentence for each entry, in the order of an answer."""
    words, as_of = Words.of(each.ends[0].model), decision.case.as_of
    yield from (move(words, one, as_of) for one in each.moves)
    yield from (deadline(words, row, as_of) for row in each.deadlines)
    yield from (capital(words.vocabulary.label("duty", code)) + "." for code in each.duties)
    yield from (attendance(words, row) for row in each.attendance)
    yield from (co_working(words, row) for row in each.co_working)
    yield from (words.vocabulary.label("finding", code) for code in each.findings)


def _made_so(witness: Witness, decision: Decision, same: set[str]) -> str:
    """A team with the facts that give it, without those that are the same for every team."""
    words = Words.of(decision.model)
    facts = words.vocabulary.facts
    facts_said = [as_recorded(facts[name], value, words.vocabulary) for name, value in witness.filled if name not in same]
    left = len(facts_said) - FACTS_SHOWN
    named = [*facts_said[:FACTS_SHOWN], f"{left} more {'fact' if left == 1 else 'facts'} of the kind"] if left > 0 else facts_said
    return f"{capital(team(words, witness.team))}: for example where {list_of(named, 'and')}." if facts_said else ""


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    shown = [line for line in lines if line]
    return (*shown[:SHOWN], *([MORE.format(len(shown) - SHOWN)] if len(shown) > SHOWN else []))
