"""Input widgets for case facts, one kind for each fact type.

`show` draws a widget, `read` gets its value in the form that case files use; None means not known. In the interview a short
reply is a button of its own (`one_click`), and `show_rest` and `read_rest` are for what can't be said with one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import streamlit as st

from explain.app import plain
from explain.app.style import soft
from explain.words import capital, recorded
from kb.case import EARLIEST, LATEST, MAX_OCCURRENCES, NO_TEAM_ON_RECORD, occurrences, typed_value
from kb.dates import in_words
from kb.vocabulary.model import Fact, Vocabulary

NOT_KNOWN, YES, NO = "Not known", "Yes", "No"
ON_A_DAY, UNDATED, NOT_HAPPENED = "On this date", "Yes, date not known", "Has not happened"
AGAIN = "It happened again"
SOME, NONE = "Some, named below", "None"
FIRST_DAY, LAST_DAY = date(EARLIEST, 1, 1), date(LATEST, 12, 31)
MOST_ENTRIES = 12
MOST_SPREAD = 16  # options of a list that are shown as buttons

Changed = Callable[[], None] | None


def one_click(fact: Fact, vocabulary: Vocabulary) -> tuple[tuple[str, Any], ...]:
    """The replies to a question that one click can give, each in words and in the form of case files; none for a long list."""
    if fact.type == "bool":
        return (YES, True), (NO, False)
    if fact.type == "event":
        return (UNDATED, True), (NOT_HAPPENED, False)
    if fact.type.startswith("list"):
        return ((NONE, []),)
    codes = offered(fact, vocabulary) if fact.type in ("enum", "team") else []
    return tuple((capital(_label(fact, code, vocabulary)), code) for code in codes) if len(codes) <= MOST_SPREAD else ()


def show_rest(fact: Fact, vocabulary: Vocabulary, raw: Any, key: str) -> bool:
    """Draws the input for the replies that `one_click` does not give, with nothing chosen beforehand.

    Gives whether there are any. `raw` and `key` are as in `show`.
    """
    if fact.type == "event":
        _days(f"Date of {fact.label}", raw, f"{key}/day", None)
        return True
    if fact.type == "list[record]":
        _rows(fact, vocabulary, raw or [], key, None)
        return True
    if fact.type.startswith("list"):
        _which(fact, vocabulary, raw or [], key, None)
        return True
    if one_click(fact, vocabulary):
        return False
    show(fact, vocabulary, raw, key, label=capital(fact.label), unknown=())
    return True


def read_rest(fact: Fact, vocabulary: Vocabulary, key: str) -> Any:
    """The value of the input that `show_rest` drew; None if there is none yet."""
    if fact.type == "event":
        return _read_days(f"{key}/day")
    if fact.type.startswith("list"):
        return [entry for entry in _read_list(fact, vocabulary, key) or [] if entry] or None
    return None if one_click(fact, vocabulary) else read(fact, vocabulary, key)


def show(
    fact: Fact, vocabulary: Vocabulary, raw: Any, key: str, changed: Changed = None, label: str = "",
    unknown: tuple[str, ...] = (NOT_KNOWN,),
) -> None:  # fmt: skip
    """Draws the input of a fact.

    raw      the value to start from, as in case files; None if not known
    key      Streamlit key; pass the same to `read`
    changed  called when the value changes
    label    text above the input; the fact's question if empty
    unknown  the choice for “not known”; none where a button says so, and nothing is chosen until somebody does
    """
    name = label or fact.question
    if fact.type == "bool":
        _choose(name, (YES, NO, *unknown), {True: YES, False: NO}.get(raw), key, changed)
    elif fact.type == "int":
        span = f"From {fact.minimum} to {fact.maximum} {fact.unit}".strip()
        plain.number_input(
            name, fact.minimum, fact.maximum, raw, 1, key=key, on_change=changed, placeholder="Not known", width=320, help=span
        )
    elif fact.type in ("enum", "team"):
        options = list(dict.fromkeys([*offered(fact, vocabulary), *([raw] if raw else [])]))
        start = options.index(raw) if raw in options else None
        plain.selectbox(
            name, options, start, lambda code: capital(_label(fact, code, vocabulary)), key, on_change=changed,
            placeholder="Not known", width=420,
        )  # fmt: skip
    elif fact.type == "date" and fact.recurs:
        _days(name, raw, key, changed)
    elif fact.type == "date":
        _day(name, raw, key, changed)
    elif fact.type == "event":
        _event(name, fact, raw, key, changed, unknown)
    elif fact.type == "datetime":
        start_at = datetime.fromisoformat(raw) if raw else None
        plain.datetime_input(name, start_at, key=key, on_change=changed, format="DD/MM/YYYY", step=60, width=320)
    elif fact.type in ("list[enum]", "list[team]"):
        _several(name, fact, vocabulary, raw, key, changed, unknown)
    else:
        _entries(name, fact, vocabulary, raw, key, changed, unknown)


def read(fact: Fact, vocabulary: Vocabulary, key: str) -> Any:
    """The value of a fact's input in the form of case files; None if not known."""
    state = st.session_state
    given: Any = state.get(key)
    if fact.type == "bool":
        return {YES: True, NO: False}.get(given)
    if fact.type == "date" and fact.recurs:
        return _read_days(key)
    if fact.type == "date":
        return given.isoformat() if given else None
    if fact.type == "datetime":
        return given.isoformat(timespec="minutes") if given else None
    if fact.type == "event":
        return _read_days(f"{key}/day") if given == ON_A_DAY else {UNDATED: True, NOT_HAPPENED: False}.get(given)
    if fact.type.startswith("list"):
        return _read_list(fact, vocabulary, key) if given == SOME else [] if given == NONE else None
    return given


def _read_list(fact: Fact, vocabulary: Vocabulary, key: str) -> list[Any] | None:
    """The entries that `_which` or `_rows` drew; None if there are none."""
    state = st.session_state
    if fact.type != "list[record]":
        return list(state.get(f"{key}/list") or []) or None
    parts = [Fact(name, kind, "", "", "", "") for name, kind in fact.fields]
    rows = [{p.name: read(p, vocabulary, f"{key}/{n}/{p.name}") for p in parts} for n in range(state.get(f"{key}/count") or 0)]
    return [{name: value for name, value in row.items() if value is not None} for row in rows] or None


def said(fact: Fact, raw: Any, vocabulary: Vocabulary) -> str:
    """A case-file value in words: dates in full, teams by name. A value of the wrong type is shown as it is."""
    if raw is None:
        return "not known"
    try:
        value = typed_value(fact, raw, vocabulary)
    except ValueError:
        return str(raw)
    if fact.type in ("enum", "team"):
        return _label(fact, raw, vocabulary)
    if fact.type in ("list[enum]", "list[team]"):
        return ", ".join(_label(fact, code, vocabulary) for code in raw) or "none"
    if fact.type == "list[record]":
        return "; ".join(_entry(fact, row, vocabulary) for row in raw) or "none"
    if fact.type == "event" and isinstance(raw, bool):
        return "happened, date not known" if raw else "has not happened"
    if fact.recurs and occurrences(value):
        return "; ".join(map(in_words, occurrences(value)))
    return recorded(value)


def _entry(fact: Fact, row: dict[str, Any], vocabulary: Vocabulary) -> str:
    kinds = dict(fact.fields)
    parts = [
        f"{name.replace('_', ' ')} {said(Fact(name, kinds[name], '', '', '', ''), raw, vocabulary)}" for name, raw in row.items()
    ]
    return ", ".join(parts) or "an entry without details"


def offered(fact: Fact, vocabulary: Vocabulary) -> list[str]:
    """The codes that are offered for a fact with choices."""
    if fact.type in ("enum", "list[enum]"):
        return list(fact.values)
    teams = [code.code for code in vocabulary.codes.get("team", ())]
    return [*teams, NO_TEAM_ON_RECORD] if fact.type == "team" else teams


def _label(fact: Fact, code: str, vocabulary: Vocabulary) -> str:
    if fact.type in ("enum", "list[enum]"):
        return code.replace("_", " ")
    if code == NO_TEAM_ON_RECORD:
        return "no team"
    return vocabulary.label("team" if vocabulary.has("team", code) else "outcome", code)


def _choose(name: str, options: tuple[str, ...], start: str | None, key: str, changed: Changed) -> str | None:
    """Draws the options side by side, with `start` chosen; without it the one for “not known”, or none if that is not there."""
    first = start if start is not None else NOT_KNOWN
    chosen: str | None = plain.radio(
        name, options, options.index(first) if first in options else None, key=key, on_change=changed, horizontal=True
    )
    return chosen or start


def _day(name: str, raw: Any, key: str, changed: Changed) -> date | None:
    start = date.fromisoformat(raw) if isinstance(raw, str) else None
    given: date | None = plain.date_input(
        name, start, FIRST_DAY, LAST_DAY, key=key, on_change=changed, format="DD/MM/YYYY", width=320
    )
    return given


def _event(name: str, fact: Fact, raw: Any, key: str, changed: Changed, unknown: tuple[str, ...]) -> None:
    dated = isinstance(raw, str | list)
    start = ON_A_DAY if dated else {True: UNDATED, False: NOT_HAPPENED}.get(raw)
    if _choose(name, (ON_A_DAY, UNDATED, NOT_HAPPENED, *unknown), start, key, changed) == ON_A_DAY:
        _days(f"Date of {fact.label}", raw, f"{key}/day", changed)
    else:
        st.session_state.pop(f"{key}/day/earlier", None)


def _days(name: str, raw: Any, key: str, changed: Changed) -> None:
    """Draws the last day of an occurrence, lists the earlier ones, and offers a further day."""
    days = raw if isinstance(raw, list) else [raw] if isinstance(raw, str) else []
    earlier: list[str] = days[:-1]
    st.session_state[f"{key}/earlier"] = earlier
    if earlier:
        soft(f"Recorded as well: {'; '.join(in_words(date.fromisoformat(day).toordinal()) for day in earlier)}.")
    own = _key_of_last(key, earlier)
    given = _day(f"{name}: the last time" if earlier else name, days[-1] if days else None, own, changed)
    room = given is not None and len(days) < MAX_OCCURRENCES
    if room and plain.checkbox(AGAIN, key=f"{own}/again", help="Adds a date. Those recorded stay."):
        _day("A further date", None, f"{own}/more", changed)


def _key_of_last(key: str, earlier: list[str]) -> str:
    """The key of the input for the last day. It changes with the earlier days, so the input is reset when they change."""
    return f"{key}/{'/'.join(earlier)}" if earlier else key


def _read_days(key: str) -> Any:
    """The recorded and entered days, oldest first, without duplicates: None, one ISO day, or a list of ISO days."""
    state = st.session_state
    earlier: list[str] = state.get(f"{key}/earlier") or []
    own = _key_of_last(key, earlier)
    given = [day.isoformat() for day in (state.get(own), state.get(f"{own}/more")) if day is not None]
    days = sorted({*earlier, *given})
    return days if len(days) > 1 else days[0] if days else None


def _several(
    name: str, fact: Fact, vocabulary: Vocabulary, raw: Any, key: str, changed: Changed, unknown: tuple[str, ...]
) -> None:
    start = None if raw is None else SOME if raw else NONE
    if _choose(name, (SOME, NONE, *unknown), start, key, changed) == SOME:
        _which(fact, vocabulary, raw or [], key, changed)


def _which(fact: Fact, vocabulary: Vocabulary, raw: list[str], key: str, changed: Changed) -> None:
    plain.multiselect(
        "Which", offered(fact, vocabulary), raw, key=f"{key}/list", on_change=changed,
        format_func=lambda code: capital(_label(fact, code, vocabulary)),
    )  # fmt: skip


def _entries(
    name: str, fact: Fact, vocabulary: Vocabulary, raw: Any, key: str, changed: Changed, unknown: tuple[str, ...]
) -> None:
    if raw and len(raw) > MOST_ENTRIES:
        plain.write(name)
        _rows(fact, vocabulary, raw, key, changed)
        return
    start = None if raw is None else SOME if raw else NONE
    if _choose(name, (SOME, NONE, *unknown), start, key, changed) == SOME:
        _rows(fact, vocabulary, raw or [], key, changed)


def _rows(fact: Fact, vocabulary: Vocabulary, rows: list[dict[str, Any]], key: str, changed: Changed) -> None:
    if len(rows) > MOST_ENTRIES:
        soft(f"{len(rows)} entries are recorded: too many to be changed here. Change them in the case file.")
        return
    count = plain.number_input(
        "How many", 1, MOST_ENTRIES, max(1, len(rows)), 1, key=f"{key}/count", on_change=changed, width=320
    )
    for number in range(int(count)):
        row = rows[number] if number < len(rows) else {}
        for part, kind in fact.fields:
            field = Fact(part, kind, part, "", "", "")
            words = f"{number + 1}: {part.replace('_', ' ')}"
            show(field, vocabulary, row.get(part), f"{key}/{number}/{part}", changed, words)


def day_said(day: str) -> str:
    """An ISO date in words."""
    return in_words(date.fromisoformat(day).toordinal())
