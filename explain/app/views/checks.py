"""Checks page: findings of the policy checks, and comparison of two policies, each with its smallest case."""

from html import escape

import streamlit as st

from explain.app import comparing, job, plain, session
from explain.app.guard import guarded
from explain.app.style import html, soft
from explain.check.said import HEADINGS, Group, case_lines, clause_name, grouped
from explain.filed.content import cited_of
from explain.policy_names import installed_names
from explain.words import capital
from kb.dates import in_words
from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.check import CHECKS, SLOW, Finding, Outcome, outcome
from queries.check.subject import Subject
from queries.load import load_program

FAULTS, COMPARE = "Faults and gaps", "Compare two"


def page() -> None:
    plain.title("Checks", anchor=False)
    names = installed_names()
    known = list(names)
    code = plain.selectbox(
        "Policy", known, known.index(session.policy_at_hand()), names.__getitem__, key="check-policy",
        width=320,
    )  # fmt: skip
    section = plain.segmented_control("Show", (FAULTS, COMPARE), default=FAULTS, required=True, key="checks-section")
    if section == COMPARE:
        comparing.part(code)
    else:
        _faults(code)


def _faults(code: str) -> None:
    soft(
        f"Each check looks at every case that there can be on an ordinary day ({in_words(ORDINARY_DAY)}). "
        "What it does not report is so in none of them. It takes some seconds, and can be stopped."
    )
    name = f"checks {code}"
    if plain.button("Check the policy", type="primary", key="check"):
        job.start(name, [module.NAME for module in CHECKS if module.NAME not in SLOW])
        st.rerun()
    done = job.found(name)
    if done is not None and not done.todo:
        _show_outcomes(load_program(code), done)
    job.carry_on(name, "Checking", lambda check: _checked(code, check))


def _checked(code: str, check: str) -> tuple[str, Outcome]:
    subject = session.worked_out("subject", code, lambda: Subject(load_program(code), ORDINARY_DAY))
    module = next(module for module in CHECKS if check == module.NAME)
    return check, outcome(module, subject)


def _show_outcomes(program: Program, done: job.Job) -> None:
    outcomes: list[tuple[str, Outcome]] = done.done
    findings = [finding for _, outcome in outcomes for finding in outcome.findings]
    proved, unsettled = sum(o.proved for _, o in outcomes), [line for _, o in outcomes for line in o.unsettled]
    stopped = f" It was stopped after {len(outcomes)} of {done.total} checks." if len(outcomes) < done.total else ""
    html(f'<p role="status">{len(findings)} findings; {proved} things are in order, in every case.{stopped}</p>')
    if unsettled:
        html(f"<p>Not settled:</p><ul>{''.join(f'<li>{escape(line)}</li>' for line in unsettled)}</ul>")
    for weight, heading in HEADINGS.items():
        groups = grouped(finding for finding in findings if finding.weight == weight)
        if groups:
            plain.header(heading, anchor=False)
            for number, group in enumerate(groups, 1):
                _group(program, group, f"{weight}-{number}")


def _group(program: Program, group: Group, key: str) -> None:
    """Shows a group of findings with one cause: the first with clauses and case, the others as a line each."""
    policy, finding = program.policy, group.first
    cited = cited_of(policy, session.council_document(policy.code))
    clauses = "".join(
        f"<li><strong>{escape(clause_name(policy, name))}</strong> {escape(cited[name].paraphrase)}</li>"
        for name in finding.clauses
        if name in cited
    )
    others = "".join(f"<li>{escape(other.says)}</li>" for other in group.others)
    more = f"<details><summary>{len(group.others)} more like this</summary><ul>{others}</ul></details>" if others else ""
    lines = [
        f"What to do: {finding.advice}." if finding.advice else "",
        f"Settled by the choice: {'; '.join(finding.settled_by)}" if finding.settled_by else "",
        f"Rules: {', '.join(finding.where)}" if finding.where else "",
    ]
    details = "".join(f'<p class="soft">{escape(line)}</p>' for line in lines if line)
    says = f"<p><strong>{escape(capital(finding.says))}</strong></p>{more}"
    html(f'<div class="wt-note">{says}<ul>{clauses}</ul>{_case(program, finding)}{details}</div>')
    if finding.case is not None and not finding.one_step:
        label = f"Open the case of {key.replace('-', ' ')}"
        args = ("The smallest case of a check", policy, finding.case)
        plain.button(label, key=f"open-{key}", on_click=session.open_found, args=args)


def _case(program: Program, finding: Finding) -> str:
    """The smallest case of a finding and its answer, folded; empty if the finding has no case."""
    if finding.case is None:
        return ""
    facts = "".join(f"<li>{escape(line)}</li>" for line in case_lines(program, finding.case))
    answer = program.policy.vocabulary.label("status", finding.answer)
    step = ", as one move of several" if finding.one_step else ""
    says = f"The smallest case that shows it{step}; its answer: {escape(answer)}"
    return f"<details><summary>{says}</summary><ul>{facts}</ul></details>"


guarded(page)
