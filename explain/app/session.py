"""The state of one browser session: the open case, the facts being tried, and computed answers.

Everything is kept in Streamlit's session state, which belongs to one browser tab and ends with it.
No case data goes into a shared cache, a file, a URL or a log.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from explain.app import saving
from explain.app.engine import ENGINE
from explain.filed.content import Content, Document, content_of
from kb.case import RECORDED_ON, Case, case_document, header, make_case
from kb.errors import Fault, InputError, did_you_mean
from kb.policy import Policy, installed
from kb.program import Program
from kb.samples import Sample, samples_of
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.load import load_program

KEPT_ANSWERS = 24
MOST_RECENT = 5  # children that the start page names
START, ASK, FACTS, ANSWER, CASES = (f"views/{name}.py" for name in ("start", "ask", "facts", "why", "cases"))
#: What the session keeps beside a case and drops with it.
OF_THE_CASE = ("skipped", "later", "asked", "stages", "at", "at-check", "return", "left-told", "last-change")
T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """The open case in the form of a case file, with the readings chosen for it.

    source   the key of the sample it was opened from; empty for any other case
    example  whether the child is invented: a sample, or a case that a check found
    """

    title: str
    document: dict[str, Any]
    settings: dict[str, str] = field(default_factory=dict)
    source: str = ""
    example: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.document["facts"]
        return facts

    @property
    def policy(self) -> str:
        return str(self.document["policy"])

    @property
    def case_id(self) -> str:
        return str(self.document["case_id"])

    def with_facts(self, changes: dict[str, Any]) -> Opened:
        """A copy with some facts changed; None removes a fact."""
        facts = {name: raw for name, raw in {**self.facts, **changes}.items() if raw is not None}
        return replace(self, document={**self.document, "facts": facts})

    def with_day(self, day: date) -> Opened:
        """A copy for another day of the answer.

        For an earlier day `recorded_on` keeps the day of the record, as `--as-of` does.
        """
        recorded = str(self.document.get(RECORDED_ON) or self.document["as_of"])
        document = {**self.document, "as_of": day.isoformat(), RECORDED_ON: recorded}
        if day.isoformat() >= recorded or not self.facts:
            del document[RECORDED_ON]
        return replace(self, document=document)

    def with_record_of(self, day: date | None) -> Opened:
        """A copy with another `recorded_on`; None means the day of the answer."""
        document = {**self.document, RECORDED_ON: None if day is None else day.isoformat()}
        if document[RECORDED_ON] in (None, document["as_of"]):
            del document[RECORDED_ON]
        return replace(self, document=document)

    def program(self) -> Program:
        return load_program(self.policy, self.settings)

    def case(self) -> Case:
        """The typed case. Errors: `InputError`."""
        return make_case(self.document, self.program().policy.vocabulary, str(self.document["case_id"]))

    @property
    def key(self) -> str:
        return json.dumps([self.document, self.settings], sort_keys=True)


def samples() -> dict[str, tuple[str, Sample]]:
    """All samples of all installed policies: key to (policy code, sample)."""
    return {
        f"{code}-{number}": (code, sample)
        for code, folder in installed().items()
        for number, sample in enumerate(samples_of(folder), 1)
    }


def current() -> Opened | None:
    """The open case; None if no case is open, as when the app starts."""
    case: Opened | None = st.session_state.get("opened")
    return case


def opened() -> Opened:
    """The open case. Pages that need one ask `current` first."""
    case = current()
    assert case is not None, "no case is open"
    return case


def policy_at_hand() -> str:
    """The policy of the open case, else the first one installed."""
    case = current()
    return case.policy if case is not None else next(iter(installed()))


def open_case(case: Opened, page: str = ANSWER) -> None:
    """Opens a case and goes to a page with it. If the case before has unsaved changes, the user is asked first."""
    if saving.unsaved():
        st.session_state["waiting"] = case, page
    else:
        _open(case, page)


def waiting() -> Opened | None:
    """The case to be opened once the user has said what is to become of the one before."""
    found: tuple[Opened, str] | None = st.session_state.get("waiting")
    return found[0] if found else None


def open_waiting() -> None:
    """Opens the waiting case; the unsaved changes of the one before are dropped, as the user said."""
    _open(*st.session_state["waiting"])


def opened_here() -> list[str]:
    """Case numbers of the children of the register that were opened in this tab, the last first."""
    numbers: list[str] = st.session_state.get("opened-here", [])
    return numbers


def stop_waiting() -> None:
    st.session_state.pop("waiting", None)


def _open(case: Opened, page: str) -> None:
    _forget_case()
    st.session_state["opened"] = case
    st.session_state["go"] = page
    saving.opened(case)
    there = saving.link()
    if there is not None and there.seen:
        numbers = [case.case_id, *(number for number in opened_here() if number != case.case_id)]
        st.session_state["opened-here"] = numbers[:MOST_RECENT]


def close_case() -> None:
    """Closes the open case and goes to the first page. The caller has asked about unsaved changes."""
    _forget_case()
    st.session_state["go"] = START


def _forget_case() -> None:
    """Drops the open case with all that was tried, skipped and asked about it."""
    for name in ("opened", "tried", "waiting", *OF_THE_CASE):
        st.session_state.pop(name, None)
    saving.opened()
    _another_case()


def go_to(page: str) -> None:
    """Goes to a page at the end of this click."""
    st.session_state.pop("last-change", None)
    st.session_state["go"] = page


def page_to_go_to() -> str | None:
    """The page that a click asked for, once."""
    page: str | None = st.session_state.pop("go", None)
    return page


def open_found(title: str, policy: Policy, case: Case) -> None:
    """Opens a case that a check or comparison found."""
    found = from_case(f"{title}, {date.fromordinal(case.as_of)}", policy.code, case, policy.vocabulary)
    open_case(replace(found, example=True))


def from_case(title: str, policy: str, case: Case, vocabulary: Vocabulary) -> Opened:
    """A typed case as one to open, with the facts that can be recorded."""
    whole = case_document(case, vocabulary)
    facts = {name: raw for name, raw in whole["facts"].items() if name in vocabulary.recorded}
    return Opened(title, {**whole, "policy": policy, "facts": facts})


def open_sample(key: str) -> None:
    open_case(from_sample(key))


def from_sample(key: str) -> Opened:
    """The sample with this key as a case to open."""
    _, sample = samples()[key]
    return Opened(sample.title, sample.case, sample.settings, key, example=True)


def new_case(policy: str, day: date, case_id: str, born: date | None = None) -> Opened:
    """A case with no facts but, if given, the day of birth. Errors: `InputError` if the case number can't be one."""
    vocabulary = load_program(policy).policy.vocabulary
    facts = {vocabulary.birth: born.isoformat()} if born is not None and vocabulary.birth else {}
    return read_case({"case_id": case_id, "policy": policy, "as_of": day.isoformat(), "facts": facts}, "Case number")


def read_case(document: Any, name: str) -> Opened:
    """Builds a case from a parsed document. `name` is the file name, for messages.

    Errors: `InputError` with all faults; also if `policy` is not installed, since an uploaded file may not name a folder.
    """
    case_id, policy, _ = header(document, name)
    known = installed()
    if policy not in known:  # an uploaded file may not name a folder of this machine
        hint = did_you_mean(policy, known) or "policies: " + ", ".join(known)
        raise InputError([Fault(f"{name}: policy", f"there is no policy `{policy}`", hint)])
    make_case(document, load_program(policy).policy.vocabulary, name)
    return Opened(f"Case {case_id}", document)


def name() -> str:
    """A random identifier of this session."""
    identifier: str = st.session_state.setdefault("name", secrets.token_hex(8))
    return identifier


def edition() -> str:
    """An identifier that changes with the session and the open case; used in widget keys so that no input keeps an old value."""
    return f"{name()}-{_cases_opened()}"


def _cases_opened() -> int:
    return int(st.session_state.get("cases", 0))


def _another_case() -> None:
    st.session_state["cases"] = _cases_opened() + 1


def change(changes: dict[str, Any], told: str = "") -> None:
    """Records facts in the open case and drops their tried values. `told`: the change in words, if it can be undone."""
    before = opened()
    st.session_state["tried"] = {name: raw for name, raw in tried().items() if name not in changes}
    record(before.with_facts(changes))
    if told and before.key != opened().key:
        st.session_state["last-change"] = before, told


def record(case: Opened) -> None:
    """Takes a changed form of the open case. Every change of the case comes through here."""
    if case.key != opened().key:
        st.session_state["opened"] = case
        st.session_state.pop("last-change", None)
        saving.changed(case)


def take(facts: dict[str, Any]) -> None:
    """Takes the facts of the open case as the register has them; what was being tried is dropped."""
    st.session_state["opened"] = replace(opened(), document={**opened().document, "facts": facts})
    for name in ("tried", "last-change"):
        st.session_state.pop(name, None)
    _another_case()


def last_change() -> tuple[Opened, str] | None:
    """The case before the last change that can be undone, and that change in words."""
    last: tuple[Opened, str] | None = st.session_state.get("last-change")
    return last


def undo_last() -> None:
    """Takes the last change back."""
    last = last_change()
    if last is not None:
        record(last[0])
        _another_case()  # inputs start from what is recorded again


def tried() -> dict[str, Any]:
    """Facts that are being tried and are not recorded."""
    facts: dict[str, Any] = st.session_state.get("tried", {})
    return facts


def try_out(changes: dict[str, Any]) -> None:
    st.session_state["tried"] = {**tried(), **changes}
    st.session_state["times"] = tried_times() + 1


def tried_times() -> int:
    """How often something was tried; used in widget keys so that the dialog starts from the values shown."""
    return int(st.session_state.get("times", 0))


def keep_tried() -> None:
    """Records the tried facts."""
    change(tried())
    st.session_state["tried"] = {}
    _another_case()


def forget_tried() -> None:
    st.session_state["tried"] = {}


def shown() -> Opened:
    """The case as the page shows it: the open case with the tried facts."""
    return opened().with_facts(tried())


def decision(case: Opened) -> Decision:
    """The decision of a case, cached in the session. Errors: `InputError`."""
    return worked_out("decision", case.key, lambda: decide_exactly(case.program(), case.case(), ENGINE))


def content(case: Opened) -> Content:
    """The content of a case's record, cached in the session; includes the council's document if one was given."""
    document = council_document(case.policy)
    key = f"{case.key} {id(document)}"
    return worked_out("content", key, lambda: content_of(decision(case), None, document))


def council_document(policy: str) -> Document | None:
    """The council's document that was uploaded in this session for a policy."""
    document: Document | None = st.session_state.setdefault("documents", {}).get(policy)
    return document


def worked_out(kind: str, key: str, make: Callable[[], T]) -> T:
    """The cached result under (`kind`, `key`), else that of `make`. Keeps the 24 most recently used results."""
    kept: OrderedDict[tuple[str, str], Any] = st.session_state.setdefault("answers", OrderedDict())
    if (kind, key) not in kept:
        kept[kind, key] = make()
    kept.move_to_end((kind, key))
    while len(kept) > KEPT_ANSWERS:
        kept.popitem(last=False)
    value: T = kept[kind, key]
    return value
