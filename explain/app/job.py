"""Long work in short runs, with progress and a stop button.

Each run of the page does some pieces and then reruns itself, so that “Stop” takes effect between two pieces.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from explain.app import plain

SECONDS_A_RUN = 0.5


@dataclass
class Job:
    """Pieces left to do, their initial number, and the results so far."""

    todo: list[Any]
    total: int
    done: list[Any] = field(default_factory=list)


def start(name: str, pieces: Sequence[Any]) -> None:
    st.session_state[f"job:{name}"] = Job(list(pieces), len(pieces))


def found(name: str) -> Job | None:
    """The job of that name in this session; None if it was never started."""
    job: Job | None = st.session_state.get(f"job:{name}")
    return job


def carry_on(name: str, what: str, work: Callable[[Any], Any]) -> None:
    """Works on a job for half a second, then reruns the page while pieces are left. `what` labels the progress bar."""
    job = found(name)
    if job is None or not job.todo:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        plain.progress(len(job.done) / job.total, f"{what}: {len(job.done)} of {job.total}")
        plain.button("Stop", key=f"stop:{name}", on_click=job.todo.clear)
    end = time.monotonic() + SECONDS_A_RUN
    while job.todo and time.monotonic() < end:
        piece = job.todo[0]
        result = work(piece)
        if job.todo:  # unless it was stopped meanwhile
            job.todo.pop(0)
            job.done.append(result)
    st.rerun()
