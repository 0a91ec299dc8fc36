"""pyDatalog in one long-lived thread.

pyDatalog keeps its rules per thread, and Streamlit handles every click in a new thread, so the
rules would be rebuilt each time; that takes twice as long as the queries (`benchmarks/app.py`).
One thread also serialises the queries of all sessions.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.lowering.halves import HalfProgram


class InOneThread:
    """An engine that runs pyDatalog in a thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pydatalog")
        self._engine = PyDatalog()

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        return self._thread.submit(self._engine.fire, program, holding).result()


#: For deciding dozens of cases without showing their proofs: five times as fast as pyDatalog, and tested equal to it.
FOR_MANY = Forward()
#: The engine that all sessions share. It keeps rules but no case data.
ENGINE = InOneThread()
