"""The content of a decision record, independent of its format: plain data and sentences.

Nothing depends on the clock or on chance: the same case, policy and document give the same record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from explain.answer import CAME_HERE, HISTORY, Part, contradictions, headline, parts
from explain.answer_parts import team
from explain.assumptions import with_assumptions
from explain.deadlines import in_days, outcome
from explain.decision_json import clauses_used, stint_json
from explain.escape import visible
from explain.history import history, wrong_dates
from explain.journey import NOT_KNOWN, WHICH, began, heading, holder, moves, reasons
from explain.tree import Sentence, Teller, route_claims
from explain.undecided import each_holder, holding
from explain.words import NOT_RECORDED, OPEN, Words, capital
from kb.carried import NOBODY
from kb.dates import in_words
from kb.engines.forward import Forward
from kb.fingerprint import fingerprint
from kb.language.model import Atom, Constant, FixedDate
from kb.policy import Clause, Policy
from kb.program import Model, Program
from queries.ask import giving_another, questions
from queries.assumptions import Assumptions, assumptions
from queries.decide import Decision
from queries.proof import Claim, Prover, Step, roots
from queries.undecided import sure_by_ends

JOURNEY = ("Team", "From", "Until", "Began at", "Clauses")
HISTORY_TOLD = "This belongs to an earlier time and moves nobody now."
LEGEND = (
    "“✓ Yes” is so, on what is recorded. “✓ Checked” was looked for, and is not there. "
    "“? Not recorded” is what nobody recorded; “? Not settled” hangs on that."
)
#: Section titles for the reasons of the other parts of an answer.
REASONS_FOR = {
    "transfer": "The move",
    "blocked_by": "What holds it up",
    "unconfirmed_gates": "Not confirmed",
    "deadlines": "Deadlines",
    "duties": "Duties",
    "attendance": "Who attends or is told",
    "co_working": "Working alongside",
    "escalate_to": "Who has to settle it",
    "findings": "To be noted",
    "further_transfers": "Further moves",
    "missing_facts": "To be asked",
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed the answer and when (ISO date), or which team they decided on instead and why."""

    by: str | None = None
    on: str | None = None
    overridden_to: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A council's document as lines of text."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitedLine:
    """A line that a clause was read from. `passage` is its text, if a document was given and the line is unchanged."""

    number: int
    fingerprint: str
    passage: str | None


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause that the answer rests on, with our paraphrase."""

    id: str
    lines: tuple[CitedLine, ...]
    kind: str
    force: str
    paraphrase: str
    note: str

    @property
    def cited(self) -> str:
        """The clause as `Clause bp8, line 5`."""
        numbers = [str(line.number) for line in self.lines]
        return f"Clause {self.id}, line{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with its basis; `due` is an ISO date, or date and time.

    `of_case` is False if the policy sets the same day for everybody.
    """

    code: str
    name: str
    due: str
    day_count: str
    counted: str
    met: bool | None
    outcome: str
    basis: str
    clauses: tuple[str, ...]
    of_case: bool = True

    @property
    def told_from(self) -> str:
        """What it is counted from, how, and the clause."""
        counted = f" ({self.counted})" if self.counted else ""
        return f"{self.basis}{counted}; {', '.join(self.clauses) or 'no clause of the policy'}"


@dataclass(frozen=True, slots=True)
class Stint:
    """A stint of the journey, all fields as text."""

    team: str
    since: str
    until: str
    began: str
    clauses: str


@dataclass(frozen=True, slots=True)
class ReadingTaken:
    """A reading that the proof uses: name, meaning of its setting, and why there is a choice."""

    name: str
    setting: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """The reasons for one part of the answer."""

    title: str
    sentences: tuple[Sentence, ...]


def marked(sentence: Sentence) -> tuple[str, str, str]:
    """CSS class, mark and remaining text of a sentence."""
    if sentence.text.startswith(NOT_RECORDED):
        return "open", "? Not recorded", capital(sentence.text.removeprefix(NOT_RECORDED))
    if sentence.text.startswith(OPEN):
        return "open", "? Not settled", capital(sentence.text.removeprefix("It is not settled "))
    return ("shown", "✓ Yes", sentence.text) if sentence.affirms else ("checked", "✓ Checked", sentence.text)


@dataclass(frozen=True)
class Content:
    """The content of a record."""

    decision: Decision
    question: str
    headline: str
    contradictions: tuple[str, ...]
    parts: tuple[Part, ...]
    why: tuple[Sentence, ...]
    why_rest: tuple[Group, ...]
    stints: tuple[Stint, ...]
    planned: tuple[str, ...]
    earlier: tuple[Sentence, ...]
    history: tuple[str, ...]
    wrong_dates: tuple[str, ...]
    clauses: tuple[CitedClause, ...]
    deadlines: tuple[Due, ...]
    readings: tuple[ReadingTaken, ...]
    missing: tuple[str, ...]
    confirmation: Confirmation
    overridden_to: str
    document: Document | None
    differs: tuple[int, ...]

    @cached_property
    def assumed(self) -> Assumptions:
        """The assumptions of the answer; computed on first use, as that takes longer than the answer."""
        return assumptions(self.decision)

    @cached_property
    def doubtful(self) -> bool:
        """Whether some reply to an open question would give another team than a decided answer; computed on first use."""
        decision = self.decision
        if decision.status != "decided" or not decision.missing_facts:
            return False
        return giving_another(questions(decision.model.program, decision.case, Forward()), decision) is not None

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """The parts of the answer including the assumptions."""
        return tuple(with_assumptions(self.parts, self.decision, self.assumed))

    @property
    def policy(self) -> Policy:
        return self.decision.model.program.policy

    @property
    def case_id(self) -> str:
        return self.decision.case.case_id

    @property
    def day(self) -> str:
        return in_words(self.decision.case.as_of)

    @property
    def document_told(self) -> str:
        """A sentence on whether the council's document was given and matches the policy's fingerprints."""
        if not self.clauses:
            return "What is recorded meets the conditions of no clause, so none is told here."
        if self.document is None:
            return "The council's document was not given, so clauses stand in our words with their lines."
        if not self.differs:
            return "The document given is the one that the rules were read from; its passages stand under the clauses."
        lines = ", ".join(map(str, self.differs[:12])) + (" and more" if len(self.differs) > 12 else "")
        word = "line" if len(self.differs) == 1 else "lines"
        return f"The document given differs from the one that the rules were read from ({word} {lines}). Check those passages."


def _shown(confirmation: Confirmation) -> Confirmation:
    """The confirmation with control characters written out."""
    return replace(
        confirmation, by=confirmation.by and visible(confirmation.by), reason=confirmation.reason and visible(confirmation.reason)
    )


def content_of(decision: Decision, confirmation: Confirmation | None = None, document: Document | None = None) -> Content:
    """The content of a decision's record."""
    model = decision.model
    program, words, prover = model.program, Words.of(model), Prover(model)
    policy = program.policy
    conclusions = roots(model, decision.status)
    steps = prover.proof(claim for _, claim in conclusions)
    differs = differing(policy, document)
    confirmed = _shown(confirmation or Confirmation())
    teller = Teller(model)
    came = tuple(reasons(move) for move in decision.came_by)
    why = (*came, *each_holder(decision, teller))
    return Content(
        decision=decision,
        question=f"Which team holds the child of case {decision.case.case_id} on {in_words(decision.case.as_of)}?",
        headline=headline(decision),
        contradictions=contradictions(decision),
        parts=tuple(
            part for part in parts(decision) if part.title not in (CAME_HERE, HISTORY)
        ),  # these have sections of their own
        why=why,
        why_rest=tuple(_rest(conclusions, teller, decision)),
        stints=tuple(_stints(decision, words)),
        planned=tuple(heading(m, planned=True) for s in decision.journey if s.status == "planned" for m in s.moves),
        earlier=tuple(reasons(move) for move in moves(decision) if move not in decision.came_by),
        history=history(decision),
        wrong_dates=tuple(f"{sentence} {WHICH}" for sentence in wrong_dates(decision)),
        clauses=tuple(_cited(policy.clauses[c["id"]], policy, document, differs) for c in clauses_used(decision, steps)),
        deadlines=tuple(_deadlines(decision, words)),
        readings=tuple(_readings(program, steps)),
        missing=tuple(policy.vocabulary.facts[name].question for name in decision.missing_facts),
        confirmation=confirmed,
        overridden_to=team(words, confirmed.overridden_to) if confirmed.overridden_to else "",
        document=document,
        differs=differs,
    )


def _stints(decision: Decision, words: Words) -> Iterator[Stint]:
    """The stints that are not planned, oldest first."""
    for stint in decision.journey:
        if stint.status != "planned":
            yield Stint(
                team=capital(holder(stint, words)),
                since=NOT_KNOWN if stint.since is None else in_words(stint.since),
                until="now" if stint.status == "present" else NOT_KNOWN if stint.until is None else in_words(stint.until),
                began=capital(began(stint, words)),
                clauses=", ".join(clause["id"] for clause in stint_json(stint)["clauses"]),
            )


def confirmed(content: Content, confirmation: Confirmation) -> Content:
    """The same content with another confirmation."""
    to = confirmation.overridden_to
    name = team(Words.of(content.decision.model), to) if to else ""
    return replace(content, confirmation=confirmation, overridden_to=name)


def differing(policy: Policy, document: Document | None) -> tuple[int, ...]:
    """Numbers of the lines whose fingerprint differs from the policy's; empty without a document."""
    if document is None:
        return ()
    lines = dict(enumerate(document.lines, 1))
    return tuple(number for number, known in policy.fingerprints.items() if fingerprint(lines.get(number, "")) != known)


def cited_of(policy: Policy, document: Document | None) -> dict[str, CitedClause]:
    """Every clause of a policy by id, in the form that records cite it."""
    differs = differing(policy, document)
    return {name: _cited(clause, policy, document, differs) for name, clause in policy.clauses.items()}


def _cited(clause: Clause, policy: Policy, document: Document | None, differs: tuple[int, ...]) -> CitedClause:
    def passage(number: int) -> str | None:
        same = document is not None and number not in differs and number in policy.fingerprints
        return document.lines[number - 1].strip() if document is not None and same else None

    lines = tuple(CitedLine(number, policy.fingerprints.get(number, ""), passage(number)) for number in clause.lines)
    return CitedClause(clause.id, lines, clause.kind, clause.force, clause.paraphrase, clause.note.replace("_", " "))


def _rest(conclusions: list[tuple[str, Claim]], teller: Teller, decision: Decision) -> Iterator[Group]:
    """Reasons for all parts but the holder, without repetition.

    What only the ends of an answer conclude has the reasons of each end.
    """
    by_ends = sure_by_ends(decision)
    for part, title in REASONS_FOR.items():
        claims = [claim for name, claim in conclusions if name == part]
        told_of = [_with_reasons(claim, teller) for claim in claims]
        told_of += [_in_each_end(atom, decision) for name, atom in by_ends if name == part]
        shown = {sentence.text: sentence for sentence in told_of}
        if shown:
            yield Group(title, tuple(shown.values()))


def _in_each_end(atom: Atom, decision: Decision) -> Sentence:
    """A conclusion that holds whichever team it is, with its reasons in each end of the answer."""
    claim, words = Claim(atom, "established"), Words.of(decision.model)
    reasons = []
    for end in decision.ends:
        teams = [team for team in end.possible_teams or (NOBODY,) if team in decision.possible_teams]
        reasons.append(replace(Teller(end.model).tell(claim), text=f"If {holding(teams, words)}"))
    return Sentence(f"Whichever team it is: {words.claim(claim)}", reasons=tuple(reasons))


def _with_reasons(claim: Claim, teller: Teller) -> Sentence:
    """A claim with its reasons. For a move the reasons of its route; for a kept deadline its outcome as text."""
    if claim.atom.predicate in ("told", "further"):
        route = next(reversed(route_claims(teller.model, claim.atom)), None)
        return replace(teller.tell(claim), reasons=()) if route is None else teller.tell(route)
    sentence = teller.tell(claim)
    if claim.atom.predicate != "kept":
        return sentence
    code, due, answer = claim.atom.args
    name = capital(teller.words.argument("deadline", code))
    conditions = teller.model.conditions
    result = outcome(teller.model, str(code), conditions.value(due) or 0, str(answer) == "yes", conditions.case.as_of)
    return replace(sentence, text=f"{name} ({teller.words.value(due)}): {result}")


def _deadlines(decision: Decision, words: Words) -> Iterator[Due]:
    models = [
        decision.model,
        *(end.model for end in decision.ends[:1]),
    ]  # a deadline that is not in the answer's own step is in all ends
    for row in decision.deadlines:
        yield next(due for model in models if (due := _due(row, model, words)) is not None)


def _due(row: dict[str, Any], model: Model, words: Words) -> Due | None:
    """A deadline with its basis in one step; None if that step does not have it."""
    for atom in model.holding_of("deadline"):
        code, term, count = atom.args
        value = model.conditions.value(term)
        same = (str(code), str(count)) == (row["code"], row["day_count"])
        if same and value is not None and date.fromordinal(value).isoformat() == row["due"][:10]:
            basis = _basis(model.program, Prover(model), Claim(atom, "established"))
            return Due(
                code=row["code"],
                name=capital(words.vocabulary.label("deadline", row["code"])),
                due=row["due"],
                day_count=row["day_count"],
                counted=words.vocabulary.label("day_count", row["day_count"]) if in_days(model, row["code"]) else "",
                met=row["met"],
                outcome=outcome(model, row["code"], value, row["met"], model.conditions.case.as_of),
                basis=capital(Words(model.program).value(term)),
                clauses=tuple(words.clause_name(name) for name in basis),
                of_case=not isinstance(term, FixedDate),
            )
    return None


def _basis(program: Program, prover: Prover, claim: Claim) -> list[str]:
    """The clauses of the policy's own rules nearest to a conclusion of the shared rules."""
    waiting, seen = [claim], {claim}
    while waiting:
        clauses: dict[str, None] = {}
        below: list[Claim] = []
        for here in waiting:
            step = prover.step(here)
            if step is None or step.rule is None:
                continue
            ground = program.ground[step.rule]
            sources = [ground.source]
            for given in ground.given:
                if given.binds:
                    sources += [program.ground[i].source for i in program.by_head.get(given.atom, ())]
            clauses |= dict.fromkeys(name for source in sources for name in program.rules[source].clauses)
            below += [premise for premise in step.premises if premise not in seen]
            seen |= set(step.premises)
        own = [name for name in clauses if name in program.policy.clauses and not program.policy.clauses[name].house]
        if own:
            return own
        waiting = below
    return []


def _readings(program: Program, steps: dict[Claim, Step]) -> Iterator[ReadingTaken]:
    """The readings that the proof uses."""
    used: set[str] = set()
    for step in steps.values():
        for literal in program.ground[step.rule].given if step.rule is not None else ():
            first = literal.atom.args[0] if literal.atom.args else None
            if literal.atom.predicate == "reading" and isinstance(first, Constant):
                used.add(str(first.value))
    for name in sorted(used):
        reading = program.policy.readings[name]
        yield ReadingTaken(name.replace("_", " "), reading.told(program.policy.settings[name]), reading.why)
