"""Data from which the proof of any child of a caseload can be read later without deciding again.

One row a child, as it stood in the last step of its journey:

    child         the case id
    program       a hash of the program's rules: rule numbers are valid for one program only
    several_ways  the journey can have gone several ways: the step is the one that `whichteam why` explains
    step          the record of the step, as the JSON of a case document
    fired         one bit a rule, in the order of `program.halves.rules`: rule i fires where bit i % 8 (from the
                  lowest) of byte i // 8 is set

Most bits are equal from child to child, so Parquet compresses them well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kb.bulk import arrays
from kb.bulk.bits import WORD
from kb.bulk.table import CaseTable
from kb.case import case_document, make_case
from kb.conditions import Conditions
from kb.engines.bulk.interface import BulkEngine, Firings
from kb.errors import Fault, InputError, did_you_mean
from kb.program import Model, Program, holding
from queries.bulk.journeys import LastSteps

CHILD, PROGRAM, SEVERAL_WAYS, STEP, FIRED = "child", "program", "several_ways", "step", "fired"
TOGETHER = 32 * WORD  # cases whose bits are transposed together


class Keeping:
    """A bulk engine that records which rules fire while another engine does the work."""

    def __init__(self, program: Program, steps: LastSteps, engine: BulkEngine):
        self.program = program
        self.table = steps.table
        self.engine = engine
        self.fired: list[bytes] = []

    def fire(self, program: Program, table: CaseTable) -> Iterator[Firings]:
        for firings in self.engine.fire(program, table):
            if program is self.program and table is self.table:
                self.fired += bits_of(firings)
            yield firings


def bits_of(firings: Firings) -> Iterator[bytes]:
    """For each case of a chunk its `fired` bytes."""
    for start in range(0, firings.count, TOGETHER):
        count = min(TOGETHER, firings.count - start)
        planes = np.ascontiguousarray(firings.planes[:, start // WORD : (start + count + WORD - 1) // WORD]).astype("<u8")
        fires = np.unpackbits(planes.view(np.uint8), axis=1, bitorder="little")[:, :count]
        packed = np.packbits(fires[firings.at], axis=0, bitorder="little")
        yield from (bits.tobytes() for bits in np.ascontiguousarray(packed.T))


def on_file(program: Program, steps: LastSteps, fired: list[bytes]) -> dict[str, Any]:
    """The columns above as pyarrow arrays."""
    vocabulary = program.policy.vocabulary
    models = {row: decision.model for row, decision in steps.parted.items()}
    told = (models[row].conditions.case if row in models else case for row, case in enumerate(steps.table.cases(vocabulary)))
    documents = [json.dumps(case_document(case, vocabulary), separators=(",", ":")) for case in told]
    return {
        CHILD: arrays.texts(steps.table.ids),
        PROGRAM: arrays.texts([hash_of(program)] * len(documents)),
        SEVERAL_WAYS: arrays.truths(np.isin(np.arange(len(documents)), list(models))),
        STEP: arrays.texts(documents),
        FIRED: arrays.binary([_bits(models[row]) if row in models else bits for row, bits in enumerate(fired)]),
    }


def _bits(model: Model) -> bytes:
    """The `fired` bytes of one model."""
    fires = np.isin(np.arange(len(model.program.halves.rules)), list(model.fired))
    return np.packbits(fires, bitorder="little").tobytes()


def hash_of(program: Program) -> str:
    """A hash of a program's rules and atoms."""
    halves = program.halves
    rules = ((rule.head, rule.positive, rule.negative, rule.ground, rule.certain) for rule in halves.rules)
    digest = hashlib.sha256(repr(halves.atoms).encode())
    for rule in rules:
        digest.update(repr(rule).encode())
    return digest.hexdigest()[:32]


def model_of(program: Program, row: Mapping[str, Any]) -> Model:
    """The model of one child from its row. Errors: `InputError` if the row was made with other rules or readings."""
    child = str(row[CHILD])
    if row[PROGRAM] != hash_of(program):
        message = "was decided under other rules or readings"
        raise InputError([Fault(child, message, "load the same policy, version and readings, or decide it again")])
    case = make_case(json.loads(row[STEP]), program.policy.vocabulary, child, step=True)
    conditions = Conditions(case, program.policy.vocabulary)
    bits = np.unpackbits(np.frombuffer(row[FIRED], np.uint8), bitorder="little")[: len(program.halves.rules)]
    return Model(program, conditions, holding(program.halves, conditions), frozenset(np.flatnonzero(bits).tolist()))


def read_model(program: Program, path: Path, child: str) -> Model:
    """The model of one child from a Parquet file or folder. Errors: `InputError`."""
    from pyarrow import ArrowException, parquet  # type: ignore[import-untyped]

    try:
        rows = parquet.read_table(path, filters=[(CHILD, "=", child)]).to_pylist()
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0][:200]
        raise InputError([Fault(path.name, f"can't be read: {reason}", "is it the folder of --firings?")]) from None
    if not rows:
        ids = parquet.read_table(path, columns=[CHILD])[CHILD].to_pylist()[:100_000]
        raise InputError([Fault(path.name, f"has no child `{child}`", did_you_mean(child, ids))])
    return model_of(program, rows[0])
