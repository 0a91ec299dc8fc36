"""Works out what several clients wait for at once, where many together take little longer than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from queries.assumptions import Assumptions, assumptions_of
from queries.decide import Decision

MOST = 32  # worked out together

Given = TypeVar("Given")
Found = TypeVar("Found")


class Together(Generic[Given, Found]):
    """Calls `work` with all that waits, one call at a time. Nothing is kept: each caller gets its own result, and no other's.

    work  gives the result of each item, in the same order
    """

    def __init__(self, work: Callable[[Sequence[Given]], Sequence[Found]]):
        self._work = work
        self._waiting: list[tuple[Given, Future[Found]]] = []
        self._list, self._turn = Lock(), Lock()

    @property
    def waiting(self) -> int:
        """How many items wait to be worked out."""
        return len(self._waiting)

    def of(self, item: Given) -> Found:
        """The result of one item. Errors: those of `work` for this item alone."""
        mine: Future[Found] = Future()
        with self._list:
            self._waiting.append((item, mine))
        with self._turn:
            while not mine.done():  # else the caller before has worked it out as well
                with self._list:
                    some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                self._settle(some)
        return mine.result()

    def _settle(self, some: Sequence[tuple[Given, Future[Found]]]) -> None:
        try:
            worked_out = self._work([item for item, _ in some])
        except BaseException as error:
            if len(some) == 1:
                some[0][1].set_exception(error)
                return
            for one in some:  # an error of one item is no matter of the others
                self._settle([one])
        else:
            for (_, future), found in zip(some, worked_out, strict=True):
                future.set_result(found)


def _grave(decisions: Sequence[Decision]) -> list[Assumptions]:
    return assumptions_of(decisions, only_grave=True)


def grave_alone(decision: Decision) -> Assumptions:
    """What an answer takes as not so, as far as the answer page tells it: for one whose search takes long, so that none waits."""
    return _grave([decision])[0]


#: The same for answers whose search is short (`is_followed`).
ASSUMED: Together[Decision, Assumptions] = Together(_grave)
