"""Why: one sentence, the tree of reasons, everything, or every proof there is. Printed for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal as OneOf

from rich.markup import escape
from rich.padding import Padding
from rich.tree import Tree

from explain.answer import contradictions, headline, move
from explain.short import short
from explain.terminal import ADVICE, console, tree_of
from explain.tree import Teller, defaults_set_aside, holder_claims, readings_used, route_claims
from explain.words import Words, capital
from kb.engines.pydatalog import PyDatalog
from queries.all_proofs import MOST, all_proofs
from queries.decide import Decision, decide
from queries.load import load_case
from queries.proof import Claim, Prover

Depth = OneOf["short", "tree", "full", "all proofs"]


def why(path: Path, policy: str | None, as_of: int | None, settings: dict[str, str], depth: Depth) -> None:
    """Prints the reasons for an answer, as deep as wanted."""
    program, case = load_case(path, policy, as_of, settings)
    print_why(decide(program, case, PyDatalog()), depth)


def print_why(decision: Decision, depth: Depth) -> None:
    """Prints the reasons for one decision, as deep as wanted."""
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
    """The smallest proof of who holds the child, and of a move that is told and not made yet."""
    model = decision.model
    teller = Teller(model, full)
    claims = holder_claims(model)
    for claim in claims:
        console.print(tree_of(teller.tell(claim)))
    if decision.transfer is not None and decision.transfer.status != "completed":
        console.print(f"\n[bold]{escape(move(Words.of(model), decision.transfer, decision.case.as_of))}[/bold]")
        more = route_claims(model, decision.transfer.atom)
        claims += more
        for claim in more:
            console.print(tree_of(teller.tell(claim)))
    beaten = defaults_set_aside(model, teller)
    if beaten:
        console.print("\n[bold]What was set aside[/bold]")
    for sentence in beaten:
        console.print(tree_of(sentence))
    readings = [] if full else readings_used(model, claims)
    if readings:
        console.print("\n[bold]How the text was read[/bold]")
    _lines(f"{capital(name)}: {setting}." for name, setting in readings)


def _notes(decision: Decision) -> None:
    vocabulary = decision.model.program.policy.vocabulary
    noted = [vocabulary.label("finding", code) for code in decision.findings]
    if noted:
        console.print("\n[bold]To be noted[/bold]")
    _lines(noted)


def _every_proof(decision: Decision) -> None:
    """Every proof of who holds the child, and of the route of the move told, counted."""
    claims = holder_claims(decision.model)
    if decision.transfer is not None:
        claims += route_claims(decision.model, decision.transfer.atom)
    for claim in claims:
        _proofs_of(decision, claim)


def _proofs_of(decision: Decision, claim: Claim) -> None:
    model = decision.model
    proofs = all_proofs(Prover(model), claim)
    many = f"more than {MOST - 1}" if len(proofs) == MOST else str(len(proofs))
    for number, proof in enumerate(proofs, 1):
        title = f"{capital(Words.of(model).claim(claim))}: proof {number} of {many}, in {proof.size} steps"
        tree = Tree(f"[bold]{escape(title)}[/bold]", guide_style="dim")
        for reason in Teller(model, steps=proof.steps).tell(claim).reasons:
            tree_of(reason, tree)
        console.print(tree)


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        console.print(Padding(escape(line), (0, 0, 0, 2), expand=False))
