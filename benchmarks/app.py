"""Times the app's answer page from a click to the answer, and lets many clients work at once.

Run: python -m benchmarks.app [CLICKS] [--clients N] [--minutes M] [--pause SECONDS]
Each click sets another day, so that no answer comes from a cache. Times of one user are processor milliseconds of the server
(other programs on the machine affect them little): from the click until the answer is sent, and until the whole page is sent;
for comparison a rerun of an empty Streamlit page. Times of many clients are what each of them waits
(`benchmarks/app_clients.py`); beside them stand the server's memory and how often a client was sent anything of another
client's child: that must be never.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.app_clients import together
from explain.app import answer_page
from explain.app.engine import ENGINE
from kb.case import make_case
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.policy import installed
from kb.samples import samples_of
from queries.decide import Decision, decide
from queries.load import load_program

ROOT = Path(__file__).parent.parent
CLICKS = 200
FIRST_DAY = date(2024, 11, 20)


def bare() -> None:
    """A page that only shows the chosen day."""
    import streamlit as st

    st.title(str(st.date_input("Day of the answer")))


def click(app: AppTest, number: int) -> float:
    """Processor milliseconds of a rerun after setting another day; `number` is the click's number."""
    day = next(d for d in app.date_input if d.label == "Day of the answer")
    day.set_value(FIRST_DAY + timedelta(1 + number))
    start = time.process_time()
    app.run()
    assert not app.exception
    return 1000 * (time.process_time() - start)


def until_answer(app: AppTest, clicks: int) -> tuple[list[float], list[float]]:
    """For each click the processor milliseconds until the answer is sent, and until the whole page is sent."""
    sent: list[float] = []
    shown = answer_page.hero

    def watched(decision: Decision, doubtful: bool = False) -> None:
        shown(decision, doubtful)
        sent.append(time.process_time())

    answer_page.hero = watched
    try:
        answers, pages = [], []
        for number in range(clicks):
            start = time.process_time()
            pages.append(click(app, number))
            answers.append(1000 * (sent[-1] - start))
        return answers, pages
    finally:
        answer_page.hero = shown


def deciding(engine: Callable[[], Engine], clicks: int) -> list[float]:
    """Processor milliseconds of deciding alone. Each decision has a new thread, as Streamlit starts one for every click."""
    cases = []
    for folder in installed().values():
        for sample in samples_of(folder):
            program = load_program(sample.case["policy"])
            cases.append((program, make_case(sample.case, program.policy.vocabulary, sample.title)))
    times: list[float] = []
    for number in range(clicks):
        program, case = cases[number % len(cases)]
        thread = threading.Thread(target=lambda p=program, c=case: times.append(timed(lambda: decide(p, c, engine()))))
        thread.start()
        thread.join()
    return times[len(cases) :]


def timed(work: Callable[[], object]) -> float:
    """Processor milliseconds of a call."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def row(name: str, times: list[float]) -> None:
    print(f"{name:58s} {statistics.median(times):9.1f} {statistics.quantiles(times, n=20)[-1]:9.1f}")


def many(clients: int, minutes: float, pause: float) -> int:
    """Prints what clients at once see. Gives 1 if one of them failed or saw anything of another's child, else 0."""
    seen, (before, after, most) = together(clients, minutes, pause)
    print(f"\n{clients} clients for {minutes:g} min, {pause:g} s at each answer; milliseconds waited    median  95 in 100")
    row("the answer", [ms for one in seen for ms in one.answers])
    row("the whole page", [ms for one in seen for ms in one.pages])
    print(f"clicks: {sum(len(one.answers) for one in seen)}")
    print(f"memory of the server: {before} MB before, {after} MB after, {most} MB at most")
    failed, crossed = [one.failed for one in seen if one.failed], sum(len(one.crossed) for one in seen)
    print(f"clients that failed: {len(failed)}{''.join(f'; {told}' for told in failed)}")
    print(f"messages that named a child of another client: {crossed}")
    return int(bool(failed or crossed))


def main() -> int:
    given = argparse.ArgumentParser(prog="python -m benchmarks.app")
    given.add_argument("clicks", type=int, nargs="?", default=CLICKS, help="clicks of one user; 0: none")
    given.add_argument("--clients", type=int, default=20, help="clients at once; 0: none")
    given.add_argument("--minutes", type=float, default=0.5, help="how long they work")
    given.add_argument("--pause", type=float, default=2, help="mean of the seconds that a client looks at an answer")
    asked = given.parse_args()
    if asked.clicks:
        alone(asked.clicks)
    return many(asked.clients, asked.minutes, asked.pause) if asked.clients else 0


def alone(clicks: int) -> None:
    """Prints the times of one user."""
    app = AppTest.from_file(str(ROOT / "explain" / "app" / "main.py"), default_timeout=60).run()
    app.selectbox(key="case").select_index(0).run()  # the first example
    plain = AppTest.from_function(bare, default_timeout=60).run()
    print(f"{clicks} clicks; processor milliseconds{'':27s}    median  95 in 100")
    answers, pages = until_answer(app, clicks)
    row("a bare Streamlit page", [click(plain, number) for number in range(clicks)])
    row("the answer page, until the answer is sent", answers)
    row("the answer page, whole", pages)
    row("deciding: pyDatalog, rules compiled again in each thread", deciding(PyDatalog, clicks))
    row("deciding: pyDatalog in one long-lived thread (the app)", deciding(lambda: ENGINE, clicks))
    row("deciding: plain forward pass", deciding(Forward, clicks))


if __name__ == "__main__":
    sys.exit(main())
