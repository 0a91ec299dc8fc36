"""pyDatalog in one long-lived thread.

pyDatalog keeps its rules per thread, and Streamlit runs every click in a new one, so rules
would be built anew each time: that took twice as long as asking them (`benchmarks/app.py`).
One thread also asks one case at a time, so that no two can meet.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.lowering.halves import HalfProgram


class InOneThread:
    """An engine that hands its questions to pyDatalog in the thread that it keeps."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pydatalog")
        self._engine = PyDatalog()

    def fire(self, program: HalfProgram, holding: frozenset[int]) -> frozenset[int]:
        return self._thread.submit(self._engine.fire, program, holding).result()


#: For trying dozens of cases in a row, none of them shown in full: the plain pass is five times as fast, and tested equal.
FOR_MANY = Forward()
#: The engine of all sessions. It keeps rules, never a case.
ENGINE = InOneThread()
