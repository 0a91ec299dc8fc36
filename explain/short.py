"""Why, in one sentence: the answer with what decides it, and the clause."""

from __future__ import annotations

from explain.answer import headline, move
from explain.record import finding_sentences
from explain.words import NOT_DATED, Words
from kb.language.model import Atom, Constant
from queries.decide import Decision, Transfer
from queries.proof import Claim, Prover


def short(decision: Decision) -> str:
    """The answer and its decisive reason."""
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
    told = decision.transfer
    if told is not None and told.status == "completed" and told.to == decision.responsible_team:
        return _moved(decision, told, words)
    stays = _why_it_stays(decision)
    if told is None or told.status == "completed":
        return f"{stays}."
    return f"{stays}. {_cited(decision, told, words)}"


def _moved(decision: Decision, told: Transfer, words: Words) -> str:
    arrived = [a for a in decision.model.holding_of("agreed") if str(a.args[0]) == told.to]
    if arrived and not decision.model.certain(Atom("route", told.atom.args[:3])):
        day = words.value(arrived[0].args[1])
        return "the managers agreed it" + ("." if day == NOT_DATED else f" ({day}).")
    sentence = _cited(decision, told, words)
    return sentence[:1].lower() + sentence[1:]


def _why_it_stays(decision: Decision) -> str:
    model = decision.model
    if model.holding_of("clash"):
        return "the reading chosen settles what the clauses leave open"
    if model.holding_of("agreed"):
        return "the managers agreed it"
    team = Constant(str(decision.responsible_team))
    if model.certain(Atom("front_door", (team,))):
        return "a contact lies with the front door, and nothing recorded has moved it"
    if model.certain(Atom("from_record", (team,))):
        return "the case is there on record, and nothing recorded has moved it"
    return "nothing recorded has moved the case on"


def _cited(decision: Decision, told: Transfer, words: Words) -> str:
    """The move told, with the clause that it rests on."""
    sentence = move(words, told, decision.case.as_of)
    model = decision.model
    route = Atom("route", told.atom.args[:3])
    step = Prover(model).step(Claim(route, "established" if model.certain(route) else "possible"))
    if step is None or step.rule is None:
        return sentence
    clause = model.program.rules[model.program.ground[step.rule].source].clause
    return f"{sentence.removesuffix('.')} [{words.clause_name(clause)}]."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
