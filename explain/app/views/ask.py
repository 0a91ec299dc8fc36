"""Ask page: a guided interview. The council and the child, the team, what has happened, then the answers to be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from explain.app import inputs, interview, plain, questions, session, speech
from explain.app.guard import guarded, show_faults
from explain.app.style import html, soft
from explain.policy_names import installed_names
from explain.words import capital
from kb.errors import Fault, InputError
from kb.vocabulary.model import Fact, Vocabulary
from queries.facts_used import without_clause

STEPS = ("Council and child", "Team now", "What has happened", "Check your answers")
NUMBER = "Case number"
NUMBER_HELP = "The number your council uses for this child: letters, digits, full stops and hyphens. No name."
STAGES = (
    "Tick what you can say something about; if there is nothing, tick none. You are asked about these, and about what else "
    "decides the team. Checks before a move, such as whether papers are ready, come with the answer."
)
WITHOUT_DATE = "Or, if there is no date:"
SIDE_BY_SIDE = 3  # replies that stand in one line
NO_CLAUSE = "No clause of this policy looks at what comes under"


def page() -> None:
    case = session.current()
    if case is None or "then" in st.session_state:
        _new_case()
        return
    step = interview.next_step(case)
    if step.kind == "check" or st.session_state.get("at-check"):
        _check(case)
    elif step.kind == "stages":
        _stages(case)
    else:
        _one(case, step)


def _progress(now: int) -> None:
    """The steps of the interview; `now` is the place of the present one."""
    done = "".join(f'<li class="done">✓ {escape(name)}</li>' for name in STEPS[:now])
    place = f'<span class="of">Step {now + 1} of {len(STEPS)}: </span>'  # where there is room for one step only
    here = f'<li class="now" aria-current="step">{place}{escape(STEPS[now])}</li>'
    to_come = "".join(f"<li>{escape(name)}</li>" for name in STEPS[now + 1 :])
    html(f'<ol class="wt-steps">{done}{here}{to_come}</ol>')


def _laid_out(now: int, title: str, told: str = "") -> tuple[Any, Any]:
    """What every step begins with, each part in a place of its own, so that the next step takes its place at once.

    Gives the column of the step and the one beside it. `told` stands above the title.
    """
    _progress(now)
    faults = st.session_state.pop("faults", None)
    with st.container(key="step-faults"):
        if faults:
            show_faults(faults, "There is a problem:")
    left, right = st.columns([5, 3], gap="large")
    with left:
        with st.container(key="step-back"):
            _back()
        with st.container(key="step-told"):
            if told:
                soft(told)
        plain.title(title, anchor=False)
    return left, right


# Council and child --------------------------------------------------------------------------


def _new_case() -> None:
    left, _ = _laid_out(0, "Which child is this about?")
    with left:
        _child()


def _child() -> None:
    names = installed_names()
    start = list(names).index(session.policy_at_hand()) if session.current() is not None or len(names) == 1 else None
    plain.radio("Council", list(names), start, names.__getitem__, "new-policy")
    plain.text_input(NUMBER, key="new-number", max_chars=100, width=320)
    soft(NUMBER_HELP)
    plain.date_input(
        "Date of birth, if known", None, inputs.FIRST_DAY, inputs.LAST_DAY, "new-born", format="DD/MM/YYYY", width=320
    )
    plain.date_input(
        "Day of the answer", date.today(), inputs.FIRST_DAY, inputs.LAST_DAY, "new-day", format="DD/MM/YYYY", width=320
    )
    with st.container(horizontal=True):
        plain.button("Continue", key="new-start", type="primary", on_click=_start)
        if session.current() is not None:
            plain.button(f"Stay with case {session.opened().case_id}", key="new-stop", on_click=_stop_new)


def _start() -> None:
    """Opens a case with no facts but the date of birth, or keeps what is wrong for display."""
    state = st.session_state
    missing = [Fault("Council", "choose one")] if state["new-policy"] is None else []
    if not str(state["new-number"]).strip():
        missing.append(Fault(NUMBER, "give the number your council uses for this child"))
    if missing:
        _refuse(missing)
        return
    try:
        case = session.new_case(
            state["new-policy"], state["new-day"] or date.today(), state["new-number"].strip(), state["new-born"]
        )
    except InputError as error:
        _refuse(error.faults)
        return
    session.open_case(case, state.pop("then", session.ASK))


def _refuse(faults: Sequence[Fault]) -> None:
    """Keeps what is wrong for display, and moves the focus there."""
    st.session_state["faults"] = faults
    speech.turn()


def _stop_new() -> None:
    st.session_state.pop("then", None)
    session.go_to(session.ANSWER)


# One question -------------------------------------------------------------------------------


def _one(case: session.Opened, step: interview.Step) -> None:
    vocabulary = case.program().policy.vocabulary
    fact = vocabulary.facts[step.fact]
    before = [name for name in _history() if name != fact.name]
    left, right = _laid_out(1 if interview.is_about_team(fact) else 2, fact.question, interview.place_of(case, step, before))
    with left:
        key = f"asked:{session.edition()}:{fact.name}"
        raw = case.facts.get(fact.name)
        # Keys name the fact: a second click on a reply that is gone is none to the question after it.
        with st.container(key=f"one-question-{fact.name}"):
            if inputs.show_rest(fact, vocabulary, raw, key):
                with st.container(horizontal=True):
                    plain.button("Continue", key="continue", type="primary", on_click=_take, args=(fact, vocabulary, key))
            _replies(fact, vocabulary, raw)
        with st.container(horizontal=True, key=f"no-reply-{fact.name}"):
            plain.button("Not known", key=f"not-known-{fact.name}", on_click=_pass_over, args=(fact.name, questions.skipped()))
            plain.button("Skip for now", key=f"skip-{fact.name}", on_click=_pass_over, args=(fact.name, interview.later()))
            plain.button("Check your answers", key="to-check", type="tertiary", on_click=_to_check, args=(fact, vocabulary, key))
    with right:
        so_far = st.container(key="so-far")
        why = st.container(key="why-asked")
    with so_far:
        _so_far(case, vocabulary)
    with why:
        plain.header("Why we ask", anchor=False)
        with plain.spinner("Working out what each reply would mean …"):
            question = interview.question_of(case, fact.name)
        bears = interview.bears_on(case, fact.name)
        html(questions.why_asked(question, "") if question.matters or not bears else f"<p>{escape(bears)}</p>")
        soft("If nobody knows, say so: the answer will say that it hangs on this.")


def _replies(fact: Fact, vocabulary: Vocabulary, raw: Any) -> None:
    """The replies that one click gives. Each goes on, so they are buttons: a choice that is only made does not leave the page."""
    told = inputs.one_click(fact, vocabulary)
    if not told:
        return
    if fact.type == "event":
        soft(WITHOUT_DATE)
    beside = len(told) <= SIDE_BY_SIDE
    with st.container(horizontal=beside, key=f"replies-{'row' if beside else 'column'}-{fact.name}"):
        for number, (words, value) in enumerate(told):
            label = f"{words} (as recorded)" if value == raw and isinstance(value, type(raw)) else words
            plain.button(label, key=f"reply-{number}-{fact.name}", on_click=_reply, args=(fact, value))


def _reply(fact: Fact, raw: Any) -> None:
    """Records a reply that was given with one click, and goes on."""
    if _keep(fact, raw):
        _went_on(fact.name)


def _take(fact: Fact, vocabulary: Vocabulary, key: str) -> None:
    """Records a reply and goes on, or keeps what is wrong with it for display."""
    raw = inputs.read_rest(fact, vocabulary, key)
    if raw is None:
        _refuse([Fault("Your answer", "give one, or press “Not known”")])
        return
    if _keep(fact, raw):
        _went_on(fact.name)


def _keep(fact: Fact, raw: Any) -> bool:
    """Records a reply; if it can't be one, keeps what is wrong with it for display, and gives False."""
    try:
        session.opened().with_facts({fact.name: raw}).case()
    except InputError as error:
        _refuse(error.faults)
        return False
    session.change({fact.name: raw})
    questions.skipped().discard(fact.name)
    interview.later().discard(fact.name)
    return True


def _pass_over(name: str, where: set[str]) -> None:
    where.add(name)
    _went_on(name)


def _went_on(name: str) -> None:
    history = _history()
    if name not in history:
        history.append(name)
    if st.session_state.pop("at", None) and st.session_state.get("return"):
        st.session_state["at-check"] = True
    speech.turn()


def _history() -> list[str]:
    """What was asked so far, in order."""
    asked: list[str] = st.session_state.setdefault("asked", [])
    return asked


def _back() -> None:
    if session.current() is not None and "then" not in st.session_state and _history():
        plain.button("‹ Back to the last question", key="back", type="tertiary", on_click=_to_last)


def _to_last() -> None:
    _show(_history().pop())


def _show(name: str, and_return: bool = False) -> None:
    """Asks one question again; `and_return`: to the check afterwards."""
    state = st.session_state
    state["at"], state["return"] = name, and_return
    state.pop("at-check", None)
    questions.skipped().discard(name)
    interview.later().discard(name)
    speech.turn()


def _to_check(fact: Fact, vocabulary: Vocabulary, key: str) -> None:
    """Goes to the check. A reply that was given already is recorded first."""
    raw = inputs.read_rest(fact, vocabulary, key)
    if raw is not None and not _keep(fact, raw):
        return
    if raw is not None and fact.name not in _history():
        _history().append(fact.name)
    st.session_state.pop("at", None)
    st.session_state["at-check"] = True
    speech.turn()


def _so_far(case: session.Opened, vocabulary: Vocabulary) -> None:
    plain.header("Answered so far", anchor=False)
    rows = "".join(
        f'<tr><th scope="row">{escape(capital(vocabulary.facts[name].label))}</th>'
        f"<td>{escape(inputs.said(vocabulary.facts[name], raw, vocabulary))}</td></tr>"
        for name, raw in case.facts.items()
    )
    html(f'<table class="facts">{rows}</table>' if rows else "<p>Nothing yet.</p>")


# What has happened --------------------------------------------------------------------------


def _stages(case: session.Opened) -> None:
    found = interview.stages(case)
    left, _ = _laid_out(2, "What has happened, or is planned?")
    with left:
        _stage_boxes(case, found)


def _stage_boxes(case: session.Opened, found: dict[str, list[str]]) -> None:
    soft(STAGES)
    for title, names in found.items():
        facts = [case.program().policy.vocabulary.facts[name].label for name in names[:2]]
        plain.checkbox(f"{title} — for example {'; '.join(facts)}", key=f"stage:{session.edition()}:{title}")
    unsaid = session.worked_out("without clause", f"{case.policy} {case.settings}", lambda: without_clause(case.program()))
    if unsaid:
        soft(f"{NO_CLAUSE}: {'; '.join(unsaid)}.")
    with st.container(horizontal=True):
        plain.button("Continue", key="continue", type="primary", on_click=_take_stages, args=(tuple(found),))


def _take_stages(titles: Iterable[str]) -> None:
    chosen = {title for title in titles if st.session_state.get(f"stage:{session.edition()}:{title}")}
    st.session_state["stages"] = chosen
    st.session_state.pop("left-told", None)
    speech.turn()


# Check your answers -------------------------------------------------------------------------


def _check(case: session.Opened) -> None:
    vocabulary = case.program().policy.vocabulary
    left, right = _laid_out(3, "Check your answers")
    with left:
        soft("You can change any of these now or later. Nothing is decided by pressing the button.")
        passed = [name for name in _history() if name not in case.facts]
        for group in vocabulary.groups:
            names = [name for name in group.facts if name in case.facts or name in passed]
            if names:
                plain.header(group.title, anchor=False)
                for name in names:
                    _row(case, vocabulary.facts[name], vocabulary)
        with st.container(horizontal=True):
            plain.button("See the answer", key="see-answer", type="primary", on_click=_see_answer)
            plain.button("Tell more of what has happened", key="more", on_click=_ask_stages_again)
    with right, st.container(key="so-far"):
        open_questions = [name for name in passed if name in session.decision(case).missing_facts]
        title = f"{len(open_questions)} to look at" if open_questions else "Not known" if passed else "Nothing left open"
        plain.header(title, anchor=False)
        for name in open_questions:
            label = escape(capital(vocabulary.facts[name].label))
            html(f"<p><strong>{label}</strong> is not known. The answer will hang on it.</p>")
        for name in (name for name in passed if name not in open_questions):
            label = escape(capital(vocabulary.facts[name].label))
            html(f"<p><strong>{label}</strong> is not known. Which team has the child does not hang on it.</p>")
        html("<p>What nobody said is taken as not having happened, and the answer says so.</p>")
        html(f"<p>The answer is for <strong>{escape(inputs.day_said(case.document['as_of']))}</strong>.</p>")


def _row(case: session.Opened, fact: Fact, vocabulary: Vocabulary) -> None:
    raw = case.facts.get(fact.name)
    with st.container(key=f"row-{fact.name}", horizontal=True, vertical_alignment="center"):
        value = escape(capital(inputs.said(fact, raw, vocabulary)))
        told = value if raw is not None else '<span class="wt-mark missing"><span class="sign">?</span> Not known</span>'
        html(f"<p><strong>{escape(capital(fact.label))}</strong><br>{told}</p>")
        # Only the first word is seen (style.css): the row says the rest, which a screen reader needs in the name.
        plain.button(
            f"{'Change' if raw is not None else 'Answer'} {fact.label}", key=f"again-{fact.name}", type="tertiary",
            on_click=_show, args=(fact.name, True), help=fact.question,
        )  # fmt: skip


def _see_answer() -> None:
    for name in ("at", "at-check", "return"):
        st.session_state.pop(name, None)
    session.go_to(session.ANSWER)


def _ask_stages_again() -> None:
    for name in ("at", "at-check", "return", "stages"):
        st.session_state.pop(name, None)
    interview.later().clear()
    speech.turn()


guarded(page)
