"""Policy page: clauses with rules, readings, exceptions, coverage and the council's document."""

from datetime import date
from html import escape

import streamlit as st

from explain.answer import about_policy, headline
from explain.app import clause_list, job, plain, session
from explain.app.clause_list import ENCODED, LEFT_OUT, WITH_EXCEPTION
from explain.app.engine import FOR_MANY
from explain.app.guard import guarded, show_faults
from explain.app.style import html
from explain.filed.command import council_document
from explain.filed.content import cited_of, differing
from explain.policy_names import installed_names
from explain.words import capital
from kb.case import Case
from kb.errors import InputError
from kb.policy import Policy, Reading
from kb.program import Program
from queries.coverage import coverage_of
from queries.decide import decide
from queries.load import load_program
from queries.readings import Effect, alternatives, effect_of

ALL = "All clauses"
SECTIONS = ("Clauses", "What the text leaves open", "Exceptions", "What is left out", "The council's document")


def page() -> None:
    plain.title("Policy", anchor=False)
    names = installed_names()
    known = list(names)
    case = session.current()
    code = plain.selectbox("Policy", known, known.index(session.policy_at_hand()), names.__getitem__, width=420)
    program = load_program(code, case.settings if case is not None and code == case.policy else None)
    policy = program.policy
    html(f'<p class="soft">{escape(policy.document)} ({escape(policy.version)})</p>')
    for line in _of_itself(program):
        html(f'<p role="note">{escape(line)}</p>')
    section = plain.segmented_control("Show", SECTIONS, default=SECTIONS[0], required=True, key="section")
    {
        SECTIONS[0]: _clauses,
        SECTIONS[1]: _readings,
        SECTIONS[2]: _exceptions,
        SECTIONS[3]: _coverage,
        SECTIONS[4]: _document,
    }[section or SECTIONS[0]](program)


def _of_itself(program: Program) -> tuple[str, ...]:
    """What the policy says of itself today, such as that its review date has passed."""
    blank = Case("", program.policy.code, date.today().toordinal(), {})
    return about_policy(
        session.worked_out("today", f"{blank} {program.policy.settings}", lambda: decide(program, blank, FOR_MANY))
    )


def _clauses(program: Program) -> None:
    plain.header("Clauses, in our words and in rules", anchor=False)
    policy = program.policy
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = plain.text_input("Search", placeholder="A word, a clause or a rule", width=360)
        kind = plain.selectbox("Which", (ALL, ENCODED, LEFT_OUT, WITH_EXCEPTION), width=240)
        unfolded = plain.toggle("Open every chapter", key="unfolded")
    shown = clause_list.matching(clause_list.entries(policy), word, kind, policy)
    html(f'<p class="soft" role="status">{len(shown)} clause{"s" if len(shown) != 1 else ""}</p>')
    cited = cited_of(policy, session.council_document(policy.code))
    html(clause_list.list_html(shown, program, cited, unfolded or bool(word.strip())))


def _readings(program: Program) -> None:
    plain.header("What the text leaves open, and how it is read", anchor=False)
    policy, case = program.policy, session.shown() if session.current() else None
    if case is None or case.policy != policy.code:
        plain.write("Open a case of this policy to see what each other choice would change for it.")
        html(_reading_table(policy, {}))
        return
    name = f"effects {case.key}"
    job_here = job.found(name)
    pieces = alternatives(policy)
    if job_here is None:
        plain.write("Each other choice can be tried on the case at hand. That takes a while the first time.")
        if plain.button("What would each other choice change for this case?", key="effects"):
            job.start(name, pieces)
            st.rerun()
    elif not job_here.todo:
        _show_effects(job_here, len(pieces))
    effects = {(e.reading, e.setting): e for e in job_here.done} if job_here else {}
    html(_reading_table(policy, effects))
    job.carry_on(
        name,
        "Trying each choice on the case at hand",
        lambda piece: effect_of(session.decision(case), piece[0], piece[1], FOR_MANY),
    )


def _show_effects(done: job.Job, of: int) -> None:
    changing = sum(effect.changes for effect in done.done)
    stopped = f" It was stopped: {len(done.done)} of {of} were tried." if len(done.done) < of else ""
    plain.write(f"{changing} of {len(done.done)} choices would change the team or the move for this case.{stopped}")


def _reading_table(policy: Policy, effects: dict[tuple[str, str], Effect]) -> str:
    rows = ""
    for reading in policy.readings.values():
        setting = str(policy.settings[reading.name])
        others = [str(reading.default), *reading.alternatives]
        alternatives_html = "".join(
            f"<li>{_other(effects.get((reading.name, o)), _said(reading, o))}</li>" for o in others if o != setting
        )
        why = f'{escape(reading.why)} <span class="soft">({escape(reading.clauses)})</span>'
        rows += (
            f'<tr><th scope="row">{escape(capital(_spaced(reading.name)))}</th><td>{escape(_said(reading, setting))}</td>'
            f"<td><ul>{alternatives_html}</ul></td><td>{why}</td></tr>"
        )
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Choice", "What was chosen", "What else could be", "Why there is a choice")
    )
    table = f"<caption>{len(policy.readings)} choices</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Choices"><table>{table}</table></div>'


def _said(reading: Reading, setting: str) -> str:
    """The meaning of a setting; a range of numbers is shown as a range."""
    return f"Any number from {setting.replace('..', ' to ')}." if ".." in setting else reading.told(setting)


def _other(effect: Effect | None, told_setting: str) -> str:
    if effect is None:
        return escape(told_setting)
    effect_html = (
        f"<strong>changes the answer</strong>: {escape(headline(effect.decision))}" if effect.changes else "the same answer"
    )
    return f"{escape(told_setting)} — {effect_html}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _exceptions(program: Program) -> None:
    plain.header("Which clause is an exception to which", anchor=False)
    if program.policy.exceptions:
        html(clause_list.exception_tree(program.policy))
    else:
        plain.write("No clause of this policy is marked as an exception to another.")


def _coverage(program: Program) -> None:
    plain.header("What the rules cover, and what is left out", anchor=False)
    coverage, clauses = coverage_of(program.policy), program.policy.clauses
    total = len(coverage.encoded) + len(coverage.out_of_scope) + len(coverage.missing)
    plain.write(
        f"Of {total} clauses, {len(coverage.encoded)} are in {coverage.rules} rules, {len(coverage.out_of_scope)} are left out "
        f"with a reason, and {len(coverage.missing)} are missing."
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(clauses[name].paraphrase)}</td><td>{escape(capital(why))}</td></tr>'
        for name, why in [*((name, "missing") for name in coverage.missing), *coverage.out_of_scope]
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Clause", "In our words", "Why it is not in the rules"))
    html(f"<table><caption>Not in the rules</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")


def _document(program: Program) -> None:
    plain.header("The council's document", anchor=False)
    policy = program.policy
    plain.write(
        "Hand in the council's own document as plain text to read its passages beside the clauses. "
        "It stays in this session; whether it is the edition that the rules were read from is checked line by line."
    )
    forgotten = st.session_state.get("forgotten", 0)
    given = plain.file_uploader("The document as text", ["txt"], key=f"document:{policy.code}:{forgotten}")
    if given is not None:
        try:
            st.session_state.setdefault("documents", {})[policy.code] = council_document(given.getvalue(), given.name)
        except InputError as error:
            show_faults(error.faults)
            return
    document = session.council_document(policy.code)
    if document is None:
        return
    differs = differing(policy, document)
    if not differs:
        plain.success(
            "This is the edition that the rules were read from. Passages stand under the clauses.", icon=":material/check:"
        )
    else:
        lines = ", ".join(map(str, differs))
        plain.warning(
            f"It differs from the edition that the rules were read from in line{'s' if len(differs) > 1 else ''} {lines}."
        )
        hit = [c for c in policy.clauses.values() if set(c.lines) & set(differs)]
        rows = "".join(f"<li><strong>{escape(c.id)}</strong> {escape(c.paraphrase)}</li>" for c in hit)
        html(f"<p>Clauses to be read again:</p><ul>{rows}</ul>")
    if plain.button("Forget the document", key="forget-document"):
        st.session_state["documents"].pop(policy.code, None)
        st.session_state["forgotten"] = forgotten + 1  # a new widget key, as the old widget keeps the file
        st.rerun()


guarded(page)
