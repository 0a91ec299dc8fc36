"""Cases page: a table of many cases, from a caseload or case files, to filter, sort, open and download."""

from typing import Any

import streamlit as st

from explain.app import caseload_file, job, plain, session
from explain.app.engine import FOR_MANY
from explain.app.guard import guarded
from explain.app.style import html, soft
from explain.case_table import COLUMNS, DIFFERS, FAULTY, STATES, Row, as_csv, as_xlsx, faulty_row, row_of
from explain.policy_names import installed_names
from explain.words import capital
from kb.errors import InputError
from kb.json_yaml import parse_document
from queries.decide import decide

JOB = "cases"
SHOWN_ROWS = 12
COUNCIL = "Council, where the file does not name it"
FILES = "A workbook or table of children (Excel, CSV), or case files (JSON, YAML)"
DIFFER = "Record differs"
#: Widths of columns in pixels, so that none of the first is cut.
WIDTHS = {"Team": 250, "Team on record": 250, DIFFER: 110, "Next due": 100, "What holds it up": 280, "Missing": 280}


def page() -> None:
    plain.title("Cases", anchor=False)
    plain.write(
        "Hand in a caseload to see which children have another team on record than the policy names, what is due and what is "
        "missing. Nothing is kept when the tab is closed."
    )
    names = installed_names()
    council = None
    if len(names) > 1:
        council = plain.selectbox(
            COUNCIL, list(names), _council_at_hand(names), names.__getitem__, "cases-council", placeholder="Choose one", width=420
        )
    else:
        council = next(iter(names))
    key = f"files:{st.session_state.get('batch', 0)}"
    given = plain.file_uploader(FILES, [*caseload_file.TYPES, "json", "yaml", "yml"], accept_multiple_files=True, key=key)
    with st.container(horizontal=True):
        if plain.button("Work these out", type="primary", disabled=not given, key="decide"):
            with plain.spinner("Reading …"):
                _start([(file.name, file.getvalue()) for file in given], council)
            st.session_state["batch"] = st.session_state.get("batch", 0) + 1
            st.rerun()
        if plain.button("Show the examples", key="samples"):
            _start_samples()
            st.rerun()
    if job.found(JOB) is None:
        _start_samples()
    done = job.found(JOB)
    if done is not None and done.done and not done.todo:
        _table(done)
    job.carry_on(JOB, "Working out", lambda piece: _decided(*piece))


def _council_at_hand(names: dict[str, str]) -> int | None:
    """The place of the open case's council; None where no case is open."""
    return list(names).index(session.policy_at_hand()) if session.current() is not None else None


def _start_samples() -> None:
    st.session_state["cases-notes"] = ()
    job.start(JOB, [(sample.title, session.from_sample(name)) for name, (_, sample) in session.samples().items()])


def _start(files: list[tuple[str, bytes]], policy: str | None) -> None:
    """Starts with the cases of the files. A row or file that can't be read stands among them, with its faults."""
    pieces: list[tuple[str, Any]] = []
    notes: list[str] = []
    for name, content in files:
        if not caseload_file.is_table(name):
            pieces.append((name, content))
            continue
        try:
            found = caseload_file.cases_of(name, content, policy)
        except InputError as error:
            pieces.append((name, error))
            continue
        pieces += [(case.case_id, case) for case in found.cases]
        pieces += [(fault.where, InputError([fault])) for fault in found.faults]
        notes += found.notes
    st.session_state["cases-notes"] = tuple(notes)
    job.start(JOB, pieces)


def _decided(name: str, what: Any) -> tuple[Row, session.Opened | None]:
    """A case as a table row with the case itself; for a file with faults, a row with the faults and None."""
    try:
        if isinstance(what, InputError):
            raise what
        case = what if isinstance(what, session.Opened) else session.read_case(parse_document(what, name), name)
        return row_of(decide(case.program(), case.case(), FOR_MANY)), case
    except InputError as error:
        return faulty_row(name, "; ".join(f"{f.where}: {f.message}" for f in error.faults)), None


def _table(done: job.Job) -> None:
    rows: list[tuple[Row, session.Opened | None]] = done.done
    states = [*STATES.values(), FAULTY]
    counts = {state: sum(row.as_dict()["Answer"] == state for row, _ in rows) for state in states}
    summary = " · ".join(f"{state}: {count}" for state, count in counts.items() if count)
    stopped = f" It was stopped: {len(rows)} of {done.total} cases." if len(rows) < done.total else ""
    html(f'<p role="status">{summary}.{stopped}</p>')
    differ = sum(row.as_dict()[DIFFER] == DIFFERS for row, _ in rows)
    for note in st.session_state.get("cases-notes", ()):
        soft(f"{capital(note).rstrip('.')}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = plain.text_input("Search", placeholder="A team, a case, a word", width=300).strip().lower()
        wanted = plain.multiselect("Answer", states, placeholder="All", width=420)
        only = plain.checkbox(f"Only where the record has another team ({differ})", key="only-differ")
    shown = [
        (row, case)
        for row, case in rows
        if (not only or row.as_dict()[DIFFER] == DIFFERS)
        and (not wanted or row.as_dict()["Answer"] in wanted)
        and (not word or word in " ".join(row.cells).lower())
    ]
    if not shown:
        plain.write("No case fits.")
        return
    plain.header(f"{len(shown)} case{'s' if len(shown) != 1 else ''}", anchor=False)
    chosen = st.dataframe(
        {name: [row.as_dict()[name] for row, _ in shown] for name in COLUMNS},
        hide_index=True, on_select="rerun", selection_mode="single-row", key=f"table:{word}:{wanted}:{only}", 
        column_config={name: st.column_config.Column(width=pixels) for name, pixels in WIDTHS.items()},
        alt="The cases, one a row; the same can be opened with the list beneath.",
        height=38 + 35 * min(len(shown), SHOWN_ROWS),
    )  # fmt: skip
    _open(shown, chosen["selection"]["rows"])
    tables = [row for row, _ in shown]
    with st.container(horizontal=True):
        plain.download_button("As Excel", as_xlsx(tables), "cases.xlsx", on_click="ignore", key="xlsx")
        plain.download_button("As CSV", as_csv(tables), "cases.csv", "text/csv", on_click="ignore", key="csv")


def _open(shown: list[tuple[Row, session.Opened | None]], selected: list[int]) -> None:
    usable = [number for number, (_, case) in enumerate(shown) if case is not None]
    start = usable.index(selected[0]) if selected and selected[0] in usable else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = plain.selectbox(
            "Open a case", usable, start, lambda n: f"{shown[n][0].cells[0]}: {shown[n][0].as_dict()['Team']}",
            placeholder="Choose one, or a row of the table", width=520, key=f"open:{selected}:{len(shown)}",
        )  # fmt: skip
        case = shown[number][1] if number is not None else None
        if plain.button("Open this case", type="primary", disabled=case is None, key="open") and case is not None:
            session.open_case(case)
            st.rerun()


guarded(page)
