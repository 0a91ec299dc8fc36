"""`whichteam sentences`: every sentence that an answer under a policy can contain, for review.

A sentence is a template with names filled in. By default each template appears once, with the first
names that fit; with `every`, once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.markup import escape

from explain.answer_parts import move
from explain.rule_words import rule_words
from explain.words import NOT_RECORDED, Words, capital, full_stop, moment_in_words
from kb.dates import MINUTES_A_DAY, in_words, iso
from kb.errors import many
from kb.language.model import UNDATED, Atom, Constant, Term, Variable
from kb.policy import Policy
from kb.program import Program
from queries.decide import Transfer

#: Two days (ordinals) for the sentences about moves.
EARLIER, LATER = 739_000, 739_100
#: Templates for each kind of code that an answer lists.
OF_ANSWERS = {
    "gate": ("Nobody recorded whether {}.", "Not in place: {}."),
    "duty": ("{}.",),
    "escalation": ("{}.",),
    "attendance": ("{}.",),
    "co_working": ("{}.",),
    "deadline": ("{}.",),
    "finding": ("{}",),
    "contradiction": ("The record contradicts itself: {}. Check these facts.",),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, its kind, and the place in the policy that it comes from."""

    kind: str
    text: str
    source: str


class Sample(Words):
    """Words that put a sample day or number in place of each value."""

    def value(self, term: Term) -> str:
        if term == UNDATED or isinstance(term, Variable) or (isinstance(term, Constant) and isinstance(term.value, int)):
            return super().value(term)
        says = {"number": "12", "datetime": moment_in_words(LATER * MINUTES_A_DAY + 600)}
        return says.get(self._sort(term), in_words(LATER))

    def _has_value(self, term: Term) -> bool:
        return True

    def _when(self, term: Term) -> str:
        return f" ({self.value(term)})"


def sentences(program: Program, every: bool = False) -> list[Said]:
    """Every sentence, each once: proofs, answers, questions, readings, rules and clauses."""
    words, policy = Sample(program), program.policy
    every_sentence = [
        *_of_proofs(program, words, every),
        *_of_facts(words),
        *_of_answers(program, words, every),
        *_of_choices(policy),
    ]
    every_sentence += [Said("rule", rule_words(rule, program), str(rule.position)) for rule in policy.rules]
    every_sentence += [Said("clause", clause.paraphrase, name) for name, clause in policy.clauses.items()]
    return list({each.text: each for each in reversed(every_sentence)}.values())[::-1]


def _of_proofs(program: Program, words: Words, every: bool) -> Iterator[Said]:
    """Each conclusion and condition, affirmed and denied; with `every` also as not settled."""
    for atom in _first_of_each(_atoms(program), every):
        predicate = program.policy.predicates.get(atom.predicate)
        source = str(predicate.position) if predicate else atom.predicate
        open_ = every and program.halves.numbers.get(atom) not in program.halves.definite
        for text in (words.statement(atom, True), words.statement(atom, False), *([words.open(atom)] if open_ else [])):
            yield Said("proof", capital(text), source)


def _atoms(program: Program) -> Iterator[Atom]:
    yield from program.by_head
    for rule in program.ground:
        yield from (literal.atom for literal in (*rule.body, *rule.given))


def _first_of_each(atoms: Iterable[Atom], every: bool) -> list[Atom]:
    """The atoms without duplicates; without `every` one for each predicate and combination of term types."""
    first: dict[object, Atom] = {}
    for atom in atoms:
        first.setdefault(atom if every else (atom.predicate, *(str(type(arg)) for arg in atom.args)), atom)
    return list(first.values())


def _of_facts(words: Words) -> Iterator[Said]:
    for name, fact in words.vocabulary.facts.items():
        if fact.time != "step":
            yield Said("question", fact.question, name)
            yield Said("fact", f"{NOT_RECORDED}{fact.label}", name)


def _of_answers(program: Program, words: Words, every: bool) -> Iterator[Said]:
    vocabulary = program.policy.vocabulary
    for kind, templates in OF_ANSWERS.items():
        for code in vocabulary.codes.get(kind, ()):
            for template in templates:
                text = capital(template.format(code.label)) if template[0] == "{" else template.format(code.label)
                yield Said("answer", text, f"{kind} {code.code}")
    routes = list(program.by_predicate.get("route", ()))
    for atom, _, _ in routes if every else routes[:1]:
        for transfer, as_of in _moves(atom):
            yield Said("answer", move(words, transfer, as_of), str(atom))


def _moves(route: Atom) -> Iterator[tuple[Transfer, int]]:
    """A route as a move in each status, with a day of the answer (ordinal)."""
    origin, to, point = (str(arg) for arg in route.args)
    for status in ("completed", "blocked", "unknown", "discretionary", "upcoming"):
        atom = Atom("candidate", (*route.args, Constant(status)))
        for day in (iso(EARLIER), None):
            yield Transfer(origin, to, point, status, day, atom), LATER
    yield Transfer(origin, to, point, "upcoming", iso(LATER), route), EARLIER


def _of_choices(policy: Policy) -> Iterator[Said]:
    """The meaning of each setting of each reading, and why there is a choice."""
    for reading in policy.readings.values():
        for setting in (reading.default, *reading.alternatives):
            number = 12 if ".." in str(setting) else setting
            yield Said("choice", reading.told(number), reading.name)
        yield Said("reason for a choice", reading.why, reading.name)


def print_sentences(name: str, every: bool) -> None:
    """Prints the sentences of a policy by kind, and their number. Errors: `InputError`."""
    from explain.terminal import console
    from queries.load import load_program

    every_sentence = sentences(load_program(name), every)
    for kind in dict.fromkeys(each.kind for each in every_sentence):
        mine = [each for each in every_sentence if each.kind == kind]
        console.print(f"\n[bold]{capital(kind)}[/bold] ({len(mine)})")
        for each in mine:
            console.print(f"{escape(full_stop(each.text))}  [dim]{escape(each.source)}[/dim]", soft_wrap=True)
    console.print(f"\n{many(len(every_sentence), 'sentence')}")
