"""`whichteam why`: the proof of an answer as a sentence, a tree, in full, or all proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal as OneOf

from rich.markup import escape
from rich.tree import Tree

from explain.answer import contradictions, headline
from explain.answer_parts import move
from explain.decision_json import move_claim
from explain.journey import heading, moves, reasons, set_aside
from explain.terminal import console, print_lines, tree_of
from explain.tree import Sentence, Teller, holder_claims, readings_used, route_claims
from explain.undecided import each_holder
from explain.why_short import short
from explain.words import ADVICE, Words, capital
from kb.engines.pydatalog import PyDatalog
from kb.program import Model
from queries.all_proofs import MOST, all_proofs
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_case
from queries.proof import Claim, Prover

Depth = OneOf["short", "tree", "full", "all proofs"]


def why(path: Path, policy: str | None, as_of: int | None, settings: dict[str, str], depth: Depth) -> None:
    """Prints the proof of a case's answer. `as_of`: day of the answer as an ordinal. Errors: `InputError`."""
    program, case = load_case(path, policy, as_of, settings)
    print_why(decide_exactly(program, case, PyDatalog()), depth)


def print_why(decision: Decision, depth: Depth) -> None:
    """Prints the proof of a decision."""
    if depth == "short":
        console.print(escape(short(decision)))
    else:
        console.print(f"[bold]{escape(headline(decision))}[/bold]")
    for line in contradictions(decision):
        console.print(f"[bold]{escape(line)}[/bold]")
    if depth == "all proofs":
        _every_proof(decision)
    elif depth != "short":
        _reasons(decision, depth == "full")
        _notes(decision)
    console.print(f"[dim]{ADVICE}[/dim]")


def _reasons(decision: Decision, full: bool) -> None:
    """Prints the smallest proofs: of the moves to the present team, of the holder, and of a move that is not completed."""
    model = decision.model
    teller = Teller(model, full)
    claims = holder_claims(model)
    for moved in decision.came_by:
        console.print(tree_of(reasons(moved, full)))
    for sentence in each_holder(decision, teller):
        console.print(tree_of(sentence))
    if decision.transfer is not None and decision.transfer.status != "completed":
        console.print(f"\n[bold]{escape(move(Words.of(model), decision.transfer, decision.case.as_of))}[/bold]")
        more = route_claims(model, decision.transfer.atom)
        claims += more
        for claim in more:
            console.print(tree_of(teller.tell(claim)))
    _earlier(decision, full)
    beaten = set_aside(decision, full)
    if beaten:
        console.print("\n[bold]What was set aside[/bold]")
    for sentence in beaten:
        console.print(tree_of(sentence))
    used = dict(readings_used(model, claims))
    for moved in moves(decision):
        used |= dict(readings_used(moved.model, [move_claim(moved)]))
    if used and not full:
        console.print("\n[bold]How the text was read[/bold]")
        print_lines(used[name] for name in sorted(used))


def _earlier(decision: Decision, full: bool) -> None:
    """Prints the proof of each earlier move, oldest first."""
    made, last = moves(decision), decision.came_by
    if len(made) == len(last):
        return
    console.print("\n[bold]How the child came here[/bold]")
    for moved in made:
        shown = moved in last
        console.print(tree_of(Sentence(heading(moved).removesuffix("."), repeated=True) if shown else reasons(moved, full)))


def _notes(decision: Decision) -> None:
    vocabulary = decision.model.program.policy.vocabulary
    noted = [vocabulary.label("finding", code) for code in decision.findings]
    if noted:
        console.print("\n[bold]To be noted[/bold]")
    print_lines(noted)


def _every_proof(decision: Decision) -> None:
    """Prints all proofs of the moves to the present team, the holder, and the route of a move that is not completed."""
    for moved in decision.came_by:
        _proofs_of(moved.model, move_claim(moved), heading(moved).removesuffix("."))
    model = decision.model
    claims = holder_claims(model)
    if decision.transfer is not None and decision.transfer.status != "completed":
        claims += route_claims(model, decision.transfer.atom)
    for claim in claims:
        _proofs_of(model, claim, capital(Words.of(model).claim(claim)))


def _proofs_of(model: Model, claim: Claim, name: str) -> None:
    proofs = all_proofs(Prover(model), claim)
    many = f"more than {MOST - 1}" if len(proofs) == MOST else str(len(proofs))
    for number, proof in enumerate(proofs, 1):
        title = f"{name}: proof {number} of {many}, in {proof.size} steps"
        tree = Tree(f"[bold]{escape(title)}[/bold]", guide_style="dim")
        for reason in Teller(model, steps=proof.steps).tell(claim).reasons:
            tree_of(reason, tree)
        console.print(tree)
