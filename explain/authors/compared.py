"""`whichteam compare`: two versions of a policy, two sets of readings, or two councils."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from explain.answer import headline, move
from explain.authors.covered import many
from explain.authors.screen import screen
from explain.tree import Sentence, Teller, holder_claims, route_claims
from explain.words import Words, capital, recorded, spans
from kb.case import EARLIEST, LATEST, fit_to, header, make_case
from kb.dates import in_words, iso
from kb.document import read_document
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError
from kb.language.model import Atom
from kb.policy import Policy
from kb.program import Program
from kb.written import document_of
from queries.compare import ORDINARY_DAY, Difference, Differing, case_for, difference
from queries.decide import Decision, decide
from queries.differing import KINDS, MOVE_DATE, TEAM
from queries.load import load_version
from queries.proof import Claim, Prover
from queries.rows import changed_kinds, outcome, rows
from queries.team_map import read_team_map

MOST_PAIRS = 10  # pairs of teams told, unless all are asked for
DEPTH, LINES = 3, 8  # of a proof that are shown
NAMES = ("A", "B")
CASE_FILES = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for."""

    first: str
    second: str
    map: Path | None
    cases: Path | None
    every_pair: bool
    as_json: bool


@dataclass(frozen=True)
class Pair:
    """The two programs, and the first's code for each mapped code of the second."""

    first: Program
    second: Program
    codes: Mapping[str, str]

    @property
    def back(self) -> dict[str, str]:
        """The second's code for each code of the first."""
        return {ours: other for other, ours in self.codes.items()}


@dataclass(frozen=True)
class Shown:
    """What one side of a difference says that the other does not: in words, with short proofs and clauses."""

    says: tuple[str, ...]
    because: tuple[Sentence, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A case whose answer is not the same in both."""

    name: str
    kinds: tuple[str, ...]
    first: Decision
    second: Decision


def compare(wanted: Wanted, as_of: int | None) -> int:
    """Prints whether two programs answer alike, and where they do not; 1 where they differ. Errors: `InputError`."""
    first, second = (load_version(name, None, "compare") for name in (wanted.first, wanted.second))
    codes = read_team_map(wanted.map, first.policy.vocabulary, second.policy.vocabulary) if wanted.map else {}
    two = Pair(first, second, codes)
    _some_team_shared(two)
    changed, cases = _cases(two, wanted.cases, as_of) if wanted.cases else ([], 0)
    day = ORDINARY_DAY if as_of is None else as_of
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Searching all cases")
        found = difference(
            first,
            second,
            day,
            codes,
            most_pairs=1000 if wanted.every_pair else MOST_PAIRS,
            started=lambda kind: progress.update(task, description=f"Searching all cases: {kind}"),
        )
    if wanted.as_json:
        print(json.dumps(_as_json(two, found, changed, cases, day), ensure_ascii=False, indent=1))
    else:
        _print(two, found, day)
        if wanted.cases:
            _print_cases(changed, cases)
    return 0 if found.equivalent else 1


def _some_team_shared(two: Pair) -> None:
    ours = {code.code for code in two.first.policy.vocabulary.codes.get("team", ())}
    theirs = {two.codes.get(code.code, code.code) for code in two.second.policy.vocabulary.codes.get("team", ())}
    if not ours & theirs:
        hint = "write a table with the columns first and second, and name it: --map teams.tsv"
        raise InputError([Fault("compare", "the two policies have no team in common", hint)])


# Cases of a folder ------------------------------------------------------------------------


def _cases(two: Pair, folder: Path, as_of: int | None) -> tuple[list[Changed], int]:
    """The cases of a folder whose answers differ, and how many there are. Errors: `InputError`, all faults."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in CASE_FILES) if folder.is_dir() else []
    if not files:
        raise InputError([Fault(str(folder), "holds no case file", "case files end in .json, .yaml or .yml")])
    engine = PyDatalog()
    found: list[Changed] = []
    faults: list[Fault] = []
    for path in files:
        try:
            one, other = _both(two, path, as_of)
        except InputError as error:
            faults += error.faults
            continue
        answers = decide(two.first, one, engine), decide(two.second, other, engine)
        if kinds := changed_kinds(*answers, two.codes):
            found.append(Changed(one.case_id, kinds, *answers))
    if faults:
        raise InputError(faults)
    return found, len(files)


def _both(two: Pair, path: Path, as_of: int | None) -> Any:
    """A case file as each side understands it: facts that only one knows are left out for the other."""
    document = read_document(path)
    header(document, path.name)
    vocabularies = [program.policy.vocabulary for program in (two.first, two.second)]
    strange = [name for name in document["facts"] if all(name not in vocabulary.facts for vocabulary in vocabularies)]
    if strange:
        raise InputError([Fault(f"{path.name}: facts.{name}", "neither policy has this fact") for name in strange])
    ours = {**document, "facts": {n: v for n, v in document["facts"].items() if n in vocabularies[0].facts}}
    one = make_case({**ours, "policy": two.first.policy.code}, vocabularies[0], path.name, as_of)
    other = case_for(two.second, one, two.back)
    theirs = {**document, "facts": {n: v for n, v in document["facts"].items() if n not in vocabularies[0].facts}}
    more = make_case(fit_to(theirs, vocabularies[1])[0], vocabularies[1], path.name, as_of)
    return one, case_for(two.second, type(one)(one.case_id, other.policy, one.as_of, {**other.facts, **more.facts}), {})


# What one side says -----------------------------------------------------------------------


def shown(decision: Decision, other: Decision, kind: str, codes: Mapping[str, str], other_codes: Mapping[str, str]) -> Shown:
    """What an answer says of one kind that another does not. The two maps put each one's codes into common ones."""
    mine, theirs = rows(decision, kind, codes), rows(other, kind, other_codes)
    own = {row: atom for row, atom in mine.items() if row not in theirs}
    lacking = [atom for row, atom in theirs.items() if row not in mine]
    words = Words.of(decision.model)
    says = tuple(_says(words, decision, kind, atom, row) for row, atom in own.items())
    if kind == TEAM:
        claims = holder_claims(decision.model)
    else:
        claims = [claim for atom in own.values() for claim in _claims(decision, kind, atom)]
        if not own and not codes and not other_codes:
            claims = [Claim(atom, "unproved") for atom in lacking if not atom.is_comparison]
    prover = Prover(decision.model)
    held = [claim for claim in claims if prover.holds(claim)]
    teller = Teller(decision.model)
    return Shown(says, tuple(map(teller.tell, held)), _clauses(decision, prover, held))


def _says(words: Words, decision: Decision, kind: str, atom: Atom, row: tuple[Any, ...]) -> str:
    if kind == TEAM:
        return headline(decision)
    if kind in ("move", "further moves", MOVE_DATE):
        moves = [m for m in (decision.transfer, *decision.further_transfers) if m is not None and m.atom == atom]
        return move(words, moves[0], decision.case.as_of) if moves else capital(words.statement(atom, True)) + "."
    text = capital(words.statement(atom, True))
    if kind == "deadlines":
        return text + {True: ", kept.", False: ", not kept.", None: "."}[row[-1]]
    return text if text.endswith(".") else text + "."


def _claims(decision: Decision, kind: str, atom: Atom) -> list[Claim]:
    """What is to be proved of one thing that an answer says."""
    if kind == "possible teams":
        return [claim for claim in holder_claims(decision.model) if claim.atom == atom]
    if kind in ("move", "further moves", MOVE_DATE):
        return route_claims(decision.model, atom)
    return [Claim(atom, "established")]


def _clauses(decision: Decision, prover: Prover, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The policy's own clauses in the proofs of some claims, in the document's order."""
    program = decision.model.program
    steps = prover.proof(claims)
    used = {program.rules[program.ground[s.rule].source].clause for s in steps.values() if s.rule is not None and s.claim.affirms}
    known = program.policy.clauses
    return tuple(sorted({c for c in used if not known[c].house}, key=lambda c: (known[c].lines, c)))


# Conditions of the proof ------------------------------------------------------------------


def conditions(two: Pair, found: Difference, day: int) -> list[str]:
    """Under what conditions the claim is a proof, in sentences."""
    if found.equivalent and found.searched is None:
        return ["Both conclude all that an answer is made of by the same rules, so this holds for every case on every day."]
    told = [
        f"It is about answers for {in_words(day)}; --as-of takes another day.",
        f"Dates lie from {EARLIEST} to {LATEST}. A list that is given is complete.",
        "Records that contradict themselves are left out (the list is in kb/house/0_what_a_case_can_be.dl).",
        "What is missing and would be worth asking is compared only as far as the policy itself says what to ask.",
    ]
    left = _teams_left_out(two)
    if left:
        told.append(f"Cases that name a team which only one of the two knows are left out: {', '.join(left)}.")
    if found.searched is not None and found.searched.sampled:
        labels = [two.first.policy.vocabulary.facts[name].label for name in found.searched.sampled]
        told.append(f"Of these only days within 400 days of that day were looked at: {', '.join(labels)}.")
    if found.searched is not None:
        told.append(
            f"The facts that matter make about 10^{round(log10(found.searched.cases))} kinds of case; clingo searched them all."
        )
    return told


def _teams_left_out(two: Pair) -> list[str]:
    ours, theirs = (program.policy.vocabulary.codes.get("team", ()) for program in (two.first, two.second))
    shared = {code.code for code in ours} & {two.codes.get(code.code, code.code) for code in theirs}
    return [c.label for c in ours if c.code not in shared] + [
        c.label for c in theirs if two.codes.get(c.code, c.code) not in shared
    ]


def _same_kinds(found: Difference) -> list[str]:
    differing = {differing.kind for differing in found.found}
    return [kind for kind in KINDS if kind not in differing and kind not in found.unsettled]


# In the terminal --------------------------------------------------------------------------


def _print(two: Pair, found: Difference, day: int) -> None:
    out = screen()
    for name, program in zip(NAMES, (two.first, two.second)):
        out.print(f"[bold]{name}[/bold]: {escape(_title(program, two))}", soft_wrap=True)
    out.print()
    if found.equivalent:
        out.print("[bold]The two are equivalent[/bold]: proved, no case gets another answer.")
    else:
        kinds = list(dict.fromkeys(differing.kind for differing in found.found))
        verdict = f"They differ in: {', '.join(kinds)}." if kinds else "Whether they differ is not settled."
        out.print(f"[bold]{verdict}[/bold]")
        if same := _same_kinds(found):
            out.print(f"Proved the same in every case: {', '.join(same)}.")
        if found.unsettled:
            out.print(f"Not settled, as the search was given up: {', '.join(found.unsettled)}.")
    for differing in found.found:
        _print_differing(two, differing)
    if not found.every_pair:
        out.print("\nMore pairs of teams differ: --all shows them.")
    out.print("\n[bold]What this rests on[/bold]")
    for condition in conditions(two, found, day):
        out.print(Padding(escape(condition), (0, 0, 0, 2), expand=False))


def _title(program: Program, two: Pair) -> str:
    policy = program.policy
    others = [p.policy.settings for p in (two.first, two.second) if p is not program]
    own = [f"{name}={value}" for name, value in policy.settings.items() if any(o.get(name, value) != value for o in others)]
    readings = f", read with {', '.join(own)}" if own else ""
    return f"{policy.name}, {policy.document} ({policy.version}){readings}"


def _print_differing(two: Pair, differing: Differing) -> None:
    out = screen()
    facts = many(len(differing.case.facts), "fact")
    size = (
        f"the smallest case, {facts}" if differing.proved else f"a case of {facts}; whether there is a smaller one is not settled"
    )
    out.print(f"\n[bold]{capital(differing.kind)}[/bold]: {size}")
    vocabulary = two.first.policy.vocabulary
    for name, value in differing.case.facts.items():
        fact = vocabulary.facts.get(name) or two.second.policy.vocabulary.facts[name]
        out.print(Padding(f"[dim]{escape(capital(fact.label))}: {escape(_value(two, fact.type, value))}[/dim]", (0, 0, 0, 2)))
    for name, side in zip(NAMES, sides_of(two, differing)):
        for line in side.says or ("Nothing of this.",):
            out.print(Padding(f"[bold]{name}[/bold]  {escape(line)}", (0, 0, 0, 2), expand=False))
        for line in _lines(side.because):
            out.print(Padding(escape(line), (0, 0, 0, 5), expand=False))


def sides_of(two: Pair, differing: Differing) -> tuple[Shown, Shown]:
    """What each of the two says in the case of a difference."""
    return (
        shown(differing.first, differing.second, differing.kind, {}, two.codes),
        shown(differing.second, differing.first, differing.kind, two.codes, {}),
    )


def _value(two: Pair, kind: str, value: object) -> str:
    label = two.first.policy.vocabulary.label
    if kind == "team" and isinstance(value, str):
        return label("team", value)
    if isinstance(value, tuple) and any(isinstance(part, dict) for part in value):
        entries = [", ".join(f"{k.replace('_', ' ')} {recorded(v)}" for k, v in part.items()) for part in value]
        return "; ".join(entry or "an entry that says nothing more" for entry in entries)
    return recorded(value)


def _lines(because: Sequence[Sentence], most: int = LINES) -> list[str]:
    """The first lines of some proofs, indented, each with its clause."""
    found: list[str] = []

    def tell(sentence: Sentence, depth: int) -> None:
        if depth < DEPTH and not sentence.repeated:
            cited = f" [{sentence.clause}]" if sentence.clause else ""
            found.append(f"{'  ' * depth}{sentence.text}{cited}")
            for reason in sentence.reasons:
                tell(reason, depth + 1)

    for sentence in because:
        tell(sentence, 0)
    return found if len(found) <= most else [*found[:most], "…"]


def _print_cases(changed: Sequence[Changed], cases: int) -> None:
    out = screen()
    out.print(f"\n[bold]{len(changed)} of {many(cases, 'case')}[/bold] of the folder get another answer.")
    if not changed:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("case", "A", "B", "differs in", "clauses of A", "clauses of B"):
        table.add_column(column, overflow="fold")
    for case in changed:
        teams = [escape(_outcome(decision)) for decision in (case.first, case.second)]
        table.add_row(case.name, *teams, ", ".join(case.kinds), *(", ".join(_cited(d)) for d in (case.first, case.second)))
    out.print(table)


def _outcome(decision: Decision) -> str:
    """The team by its name, or the status where there is none."""
    vocabulary = decision.model.program.policy.vocabulary
    name = outcome(decision)
    kind = next(kind for kind in ("team", "outcome", "status") if vocabulary.has(kind, name))
    return vocabulary.label(kind, name)


def _cited(decision: Decision) -> list[str]:
    """Clauses that an answer cites, with their lines."""
    from explain.record import decision_json

    cited = decision_json(decision, proof=False)["clauses"]
    return [f"{clause['id']} (line {spans(tuple(clause['lines']))})" for clause in cited]


# As JSON ----------------------------------------------------------------------------------


def _as_json(two: Pair, found: Difference, changed: Sequence[Changed], cases: int, day: int) -> dict[str, Any]:
    return {
        "first": _policy_json(two.first),
        "second": _policy_json(two.second),
        "as_of": iso(day),
        "equivalent": found.equivalent,
        "proved_the_same": _same_kinds(found),
        "not_settled": list(found.unsettled),
        "every_pair_of_teams": found.every_pair,
        "differences": [_differing_json(two, differing) for differing in found.found],
        "cases": {
            "read": cases,
            "changed": [
                {"case_id": c.name, "differs_in": list(c.kinds), "first": _answer_json(c.first), "second": _answer_json(c.second)}
                for c in changed
            ],
        },
        "rests_on": conditions(two, found, day),
    }


def _policy_json(program: Program) -> dict[str, Any]:
    policy: Policy = program.policy
    return {"policy": policy.code, "version": policy.version, "digest": policy.digest, "readings": dict(policy.settings)}


def _answer_json(decision: Decision) -> dict[str, Any]:
    return {"outcome": outcome(decision), "clauses": [cited.split(" ")[0] for cited in _cited(decision)]}


def _differing_json(two: Pair, differing: Differing) -> dict[str, Any]:
    sides = [
        {"outcome": outcome(decision), "says": list(side.says), "because": _lines(side.because), "clauses": list(side.clauses)}
        for decision, side in zip((differing.first, differing.second), sides_of(two, differing))
    ]
    case = document_of(differing.case, two.first.policy.vocabulary)
    return {
        "kind": differing.kind,
        "case": case,
        "smallest": differing.proved,
        "first": sides[0],
        "second": sides[1],
    }
