"""`whichteam why --short`: the answer, its reason and the clause in one sentence."""

from __future__ import annotations

from explain.answer import headline
from explain.answer_parts import move, on_day
from explain.decision_json import finding_sentences
from explain.journey import heading
from explain.words import Words
from kb.carried import AGREEMENT
from kb.language.model import Atom, Constant
from kb.program import Model
from queries.decide import Decision, Transfer
from queries.journey import Move
from queries.proof import Claim, Prover


def short(decision: Decision) -> str:
    answer = headline(decision)
    reason = _reason(decision)
    if decision.status in ("silent", "conflict", "unknown"):
        return f"{answer} {reason}".rstrip()
    return f"{answer.removesuffix('.')}: {reason}"


def _reason(decision: Decision) -> str:
    words = Words.of(decision.model)
    if decision.status == "unknown":
        hangs = [words.vocabulary.facts[name].label for name in decision.missing_facts]
        return f"It hangs on {_listed(hangs)}." if hangs else ""
    if decision.status in ("silent", "conflict"):
        return " ".join(finding_sentences(decision, words))
    transfer = decision.transfer
    if transfer is not None and transfer.status == "completed" and transfer.to == decision.responsible_team:
        return _moved(decision, transfer, words)
    stays = _why_it_stays(decision)
    if transfer is None or transfer.status == "completed":
        return f"{stays}."
    return f"{stays}. {_cited(decision, transfer, words)}"


def _moved(decision: Decision, transfer: Transfer, words: Words) -> str:
    if transfer.point == AGREEMENT:
        return "the managers agreed it." if transfer.on is None else f"the managers agreed it ({on_day(transfer)})."
    sentence = _cited(decision, transfer, words)
    return sentence[:1].lower() + sentence[1:]


def _why_it_stays(decision: Decision) -> str:
    model = decision.model
    if model.holding_of("clash"):
        return "a choice made for this point settles what the clauses leave open"
    if decision.came_by:
        return _came(decision.came_by[0])
    if model.holding_of("agreed"):
        return "the managers agreed it"
    team = Constant(str(decision.responsible_team))
    if model.certain(Atom("front_door", (team,))):
        return "a contact lies with the front door, and nothing recorded has moved it"
    if model.certain(Atom("with_or_from", (team,))):
        return "the case is there on record, and nothing recorded has moved it"
    return "nothing recorded has moved the case on"


def _came(move: Move) -> str:
    """How the child came to its present team."""
    text = heading(move).removesuffix(".")
    cited = _clause(move.model, Atom("route", move.atom.args[:3])) if move.point not in (None, AGREEMENT) else ""
    return f"{text[:1].lower()}{text[1:]}{cited}, and nothing recorded has moved it on"


def _cited(decision: Decision, transfer: Transfer, words: Words) -> str:
    """The move with the clause of its route; for a completed move the clause of the step that made it."""
    sentence = move(words, transfer, decision.case.as_of)
    made = decision.came_by[0].model if transfer.status == "completed" and decision.came_by else decision.model
    return f"{sentence.removesuffix('.')}{_clause(made, Atom('route', transfer.atom.args[:3]))}."


def _clause(model: Model, route: Atom) -> str:
    """The clause of a route in brackets; empty if no rule concludes the route."""
    step = Prover(model).step(Claim(route, "established" if model.certain(route) else "possible"))
    if step is None or step.rule is None:
        return ""
    return f" [{Words.of(model).clauses_of(model.program.ground[step.rule])}]"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
