"""Times one case: decision, whole proof and why-not for every team, compared with the same rules without proofs.

Run: python benchmarks/one_case.py [POLICY] [CASES.json ...]
Prints processor milliseconds for each engine, and the seconds of a cold start. All are of one run on one machine.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kb.case import Case, make_case
from kb.engines.clingo import Clingo
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog, rules_of
from kb.engines.relevance import relevant_rules
from kb.lowering.strata import layers
from kb.program import Program, solve
from queries.decide import decide
from queries.load import load_program
from queries.proof import Claim, Prover, roots

ROUNDS = 3
ANSWER: tuple[str, ...] = (
    *("status", "responsible", "may_hold", "told", "further", "blocked_by", "unconfirmed", "deadline", "kept"),
    *("duty", "attendance", "co_working", "escalate_to", "finding", "ask", "date_of"),
)


def prove_everything(program: Program, case: Case, engine: Engine) -> None:
    """Computes the decision, the proofs of its parts and of the last move, and for every team why it does not hold the child."""
    decision = decide(program, case, engine)
    prover = Prover(decision.model)
    prover.proof(claim for _, claim in roots(decision.model, decision.status))
    for move in decision.came_by:
        Prover(move.model).proof([Claim(move.atom, "established")])
    for atom, _, _ in program.by_predicate["holds"]:
        prover.proof([Claim(atom, "excluded"), Claim(atom, "unproved")])


def plain_ask(program: Program, case: Case, asks: list[float]) -> None:
    """Queries pyDatalog for the answer with the same relevant rules, but without firings and proofs.

    The elapsed seconds of the query, without adding and removing the rules, are appended to `asks`.
    """
    model = solve(program, case, _Nothing())
    halves = program.halves
    indices = relevant_rules(halves, model.holding)
    rules = rules_of(halves)
    engine: Any = rules.engine
    rules.threads.tl.logic = rules.logic
    here = engine.Const("case")
    derived = {halves.rules[i].head for i in indices}
    wanted = {h for name in ANSWER for _, c, p in program.by_predicate.get(name, ()) for h in (c, p)} & derived
    made: list[Any] = []
    try:
        for index in indices:
            rule = halves.rules[index]
            body = [engine.Literal(f"p{h}", [here]) for h in rule.positive if h in derived]
            body += [engine.Literal(f"~p{h}", [here]) for h in rule.negative if h in derived]
            made.append(engine.assert_(engine.Clause(engine.Literal(f"p{rule.head}", [here]), body)))
        for half in wanted:
            head = engine.Literal("answer", [engine.Const(half)])
            made.append(engine.assert_(engine.Clause(head, [engine.Literal(f"p{half}", [here])])))
        start = time.perf_counter()
        engine.Literal("answer", [engine.Var("Half")]).ask()
        asks.append(time.perf_counter() - start)
    finally:
        for clause in made:
            engine.retract(clause)


class _Nothing:
    """An engine that fires no rule, to evaluate conditions only."""

    def fire(self, program: object, holding: frozenset[int]) -> frozenset[int]:
        return frozenset()


def timed(work: Callable[[Case], None], cases: list[Case]) -> tuple[float, float]:
    """Median and 95th percentile of processor milliseconds over all cases and rounds, after one round to fill caches."""
    for case in cases:
        work(case)
    times: list[float] = []
    for _ in range(ROUNDS):
        for case in cases:
            start = time.process_time()
            work(case)
            times.append(1000 * (time.process_time() - start))
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def cold(*command: str) -> float:
    """Median elapsed seconds of a command over five runs."""
    times: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    policy = sys.argv[1] if len(sys.argv) > 1 else "blackpool"
    here = Path(__file__).parent.parent
    files = [Path(name) for name in sys.argv[2:]] or [here / "tests" / "scenarios" / f"{policy}.json"]
    program = load_program(policy)
    documents = [s["case"] for file in files for s in json.loads(file.read_text(encoding="utf-8"))]
    cases = [make_case(document, program.policy.vocabulary, document["case_id"]) for document in documents]
    halves = program.halves
    print(f"{policy}: {len(cases)} cases, {len(program.policy.rules)} rules, {len(program.ground)} ground rules,")
    print(f"{len(halves.rules)} plain rules in {layers(halves)} layers, {len(halves.conditions)} conditions\n")
    engine, clingo, forward = PyDatalog(), Clingo(), Forward()
    rows: list[tuple[str, tuple[float, float]]] = [
        ("pyDatalog: decision, whole proof, every why-not", timed(lambda c: prove_everything(program, c, engine), cases)),
        ("pyDatalog: rules fired", timed(lambda c: void(solve(program, c, engine)), cases)),
    ]
    seconds: list[float] = []
    plain = timed(lambda c: plain_ask(program, c, seconds), cases)
    asks = [1000 * t for t in seconds]
    rows += [
        ("pyDatalog: plain, rules added and queried, no proofs", plain),
        ("pyDatalog: plain, the query alone", (statistics.median(asks), statistics.quantiles(asks, n=20)[-1])),
        ("clingo: same program", timed(lambda c: void(solve(program, c, clingo)), cases)),
        ("forward pass in Python: same program", timed(lambda c: void(solve(program, c, forward)), cases)),
    ]
    print(f"{'':52s} median ms   95% ms")
    for name, (median, high) in rows:
        print(f"{name:52s} {median:9.2f} {high:8.2f}")
    print(f"\nwhole proof compared with the plain query (rules added and queried): {rows[0][1][0] / plain[0]:.2f} x")
    example = str(here / "examples" / "conference.json")
    ours = cold(sys.executable, "-m", "explain.cli", "decide", example, "--json")
    bare = cold(sys.executable, "-c", "import pyDatalog.pyDatalog")
    print(f"cold start: decide {ours:.2f} s, `import pyDatalog` alone {bare:.2f} s")


def void(_: object) -> None:
    """Ignores a result, for lambdas that must return None."""


if __name__ == "__main__":
    main()
