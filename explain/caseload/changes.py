"""Children whose answer changes under another policy or reading, with both answers and their clauses."""

from __future__ import annotations

from typing import Any

import numpy as np

from explain.caseload.rows import BLOCKED, PARTED_BY, as_rows
from explain.decision_json import clauses_used
from explain.words import spans
from kb.bulk import arrays
from kb.engines.forward import Forward
from queries.bulk.caseload import Caseload, some_of
from queries.bulk.compare import Changes
from queries.decide import decide
from queries.proof import Prover, roots

MOST_CITED = 1_000  # children for whom clauses are computed; a proof takes some 10 ms
SHOWN = ("Answer", "Team by policy", "Possible teams", "Move", "From", "To", "At", "On", BLOCKED)


def changes_table(changes: Changes, before: Caseload, after: Caseload) -> Any:
    """The changed children as a `pyarrow.Table`: what changed, both answers, and the clauses of each."""
    rows = [changed_rows(caseload, numbers) for caseload, numbers in ((before, changes.before), (after, changes.after))]
    columns: dict[str, Any] = {
        "Child": rows[0]["Child"],
        "What changes": arrays.texts(["; ".join(changes.of_child(place)) for place in range(len(changes.before))]),
    }
    for title in SHOWN:
        columns[f"{title}, before"], columns[f"{title}, after"] = (table[title] for table in rows)
    for title, caseload, numbers in (("Clauses before", before, changes.before), ("Clauses after", after, changes.after)):
        cited = [PARTED_BY.join(some) for some in clauses(caseload, numbers[:MOST_CITED])]
        columns[title] = arrays.texts([*cited, *[None] * (len(numbers) - len(cited))])
    return arrays.table(columns)


def changed_rows(caseload: Caseload, rows: Any) -> Any:
    """Some children of a caseload in the columns of `as_rows`."""
    return as_rows(some_of(caseload, rows))


def clauses(caseload: Caseload, rows: Any) -> list[list[str]]:
    """For each row, the clauses that its answer cites, as `bp8 (line 5)`."""
    program, cited = caseload.program, []
    for row in np.asarray(rows).tolist():
        decision = decide(program, caseload.table.case(row, program.policy.vocabulary), Forward())
        conclusions = roots(decision.model, decision.status)
        steps = Prover(decision.model).proof(claim for _, claim in conclusions)
        cited.append([f"{c['id']} (line {spans(tuple(c['lines']))})" for c in clauses_used(decision, steps)])
    return cited
