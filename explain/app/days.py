"""The day of the answer and the day of the record, to be changed."""

from __future__ import annotations

from datetime import date

import streamlit as st

from explain.app import inputs, plain, session
from kb.case import RECORDED_ON


def of_answer(case: session.Opened) -> None:
    """Draws the day that the answer is for."""
    key = f"day:{session.edition()}"
    plain.date_input(
        "Day of the answer", _day(case), inputs.FIRST_DAY, inputs.LAST_DAY, key=key, on_change=_set_day, args=(key,),
        format="DD/MM/YYYY", width=320,
    )  # fmt: skip


def of_record(case: session.Opened) -> None:
    """Draws the day of the record, which may be later than that of the answer."""
    day, record = _day(case), case.document.get(RECORDED_ON)
    key = f"record:{session.edition()}:{day}:{record}"
    plain.date_input(
        "Day of the record, if it was drawn up later", date.fromisoformat(record) if record else None, day,
        inputs.LAST_DAY, key=key, on_change=_set_record, args=(key,), format="DD/MM/YYYY", width=320,
        help="What is dated after the day of the answer and not after this day had not happened yet, and was no plan.",
    )  # fmt: skip


def _day(case: session.Opened) -> date:
    return date.fromisoformat(case.document["as_of"])


def _set_day(key: str) -> None:
    day = st.session_state.get(key)
    if day is not None:
        session.record(session.opened().with_day(day))


def _set_record(key: str) -> None:
    session.record(session.opened().with_record_of(st.session_state.get(key)))
