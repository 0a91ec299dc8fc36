"""Checks: what the policy's rules leave open, contradict or say for nothing, each with the smallest case that shows it."""

from datetime import date
from html import escape

import streamlit as st

from explain.app import job, session, style
from explain.app.guard import guarded
from explain.app.style import html, soft
from explain.filed.content import cited_of
from explain.words import capital
from kb.dates import in_words, iso
from kb.policy import Policy, installed
from queries.check import CHECKS, ORDINARY_DAY, Finding, Outcome
from queries.check.finding import WEIGHTS
from queries.check.subject import Subject
from queries.load import load_program

TITLES = {"fault": "Faults of the rules", "gap": "Gaps of the policy", "note": "To be known"}


def page() -> None:
    style.apply()
    st.title("Checks", anchor=False)
    known = list(installed())
    code = st.selectbox(
        "Policy", known, known.index(session.shown().policy), lambda name: load_program(name).policy.name, key="check-policy",
        width=320,
    )  # fmt: skip
    policy = load_program(code).policy
    soft(
        f"Each check looks at every case that there is on an ordinary day ({in_words(ORDINARY_DAY)}), "
        "and proves what it does not report. It can take a minute or two, and can be stopped."
    )
    name = f"checks {code}"
    if st.button("Check the policy", type="primary", key="check"):
        job.start(name, [module.NAME for module in CHECKS])
        st.rerun()
    done = job.found(name)
    if done is not None and not done.todo:
        _told(policy, done)
    job.carry_on(name, "Checking", lambda check: _checked(code, check))


def _checked(code: str, check: str) -> tuple[str, Outcome]:
    subject = session.worked_out("subject", code, lambda: Subject(load_program(code), ORDINARY_DAY))
    module = next(module for module in CHECKS if check == module.NAME)
    return check, module.find(subject)


def _told(policy: Policy, done: job.Job) -> None:
    outcomes: list[tuple[str, Outcome]] = done.done
    findings = [finding for _, outcome in outcomes for finding in outcome.findings]
    proved, unsettled = sum(o.proved for _, o in outcomes), [line for _, o in outcomes for line in o.unsettled]
    stopped = f" It was stopped after {len(outcomes)} of {done.total} checks." if len(outcomes) < done.total else ""
    html(f'<p role="status">{len(findings)} findings; {proved} things proved free of fault.{stopped}</p>')
    if unsettled:
        html(f"<p>Not settled:</p><ul>{''.join(f'<li>{escape(line)}</li>' for line in unsettled)}</ul>")
    for weight in WEIGHTS:
        of_weight = [finding for finding in findings if finding.weight == weight]
        if of_weight:
            st.header(f"{TITLES[weight]} ({len(of_weight)})", anchor=False)
            for number, finding in enumerate(of_weight, 1):
                _finding(policy, finding, f"{weight}-{number}")


def _finding(policy: Policy, finding: Finding, key: str) -> None:
    cited = cited_of(policy, session.council_document(policy.code))
    clauses = "".join(
        f"<li><strong>{escape(name)}</strong> {escape(cited[name].paraphrase)}</li>" for name in finding.clauses if name in cited
    )
    lines = [
        f"The smallest case that shows it comes to: {finding.answer}" if finding.answer else "",
        f"What to do: {finding.advice}" if finding.advice else "",
        f"Settled by the reading: {'; '.join(finding.settled_by)}" if finding.settled_by else "",
        f"Rules: {', '.join(finding.where)}" if finding.where else "",
    ]
    told = "".join(f'<p class="soft">{escape(line)}</p>' for line in lines if line)
    html(f'<div class="wt-note"><p><strong>{escape(capital(finding.says))}</strong></p><ul>{clauses}</ul>{told}</div>')
    if finding.case is not None:
        label = f"Open the case of {key.replace('-', ' ')}"
        st.button(label, key=f"open-{key}", on_click=_open, args=(policy.code, finding))
        if st.session_state.pop("opened-from-check", False):
            st.switch_page("explain/app/pages/why.py")


def _open(code: str, finding: Finding) -> None:
    """Opens the smallest case of a finding on the first page."""
    case = finding.case
    assert case is not None
    facts = load_program(code).policy.vocabulary.facts
    written = {name: session.written(facts[name], value) for name, value in case.facts.items()}
    document = {"case_id": case.case_id, "policy": code, "as_of": iso(case.as_of), "facts": written}
    session.open_case(session.Opened(f"The smallest case of a check, {date.fromordinal(case.as_of)}", document))
    st.session_state["opened-from-check"] = True


guarded(page)
