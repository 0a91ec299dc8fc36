"""Comparison of two readings or two councils over all cases: a section of the checks page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from explain.app import plain, session
from explain.app.style import html, soft
from explain.compare.sides import outcome_name, recorded_facts, sides_of
from explain.compare.two import Pair, conditions, same_kinds, some_team_shared
from explain.policy_names import installed_names
from explain.words import capital
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.policy import Policy
from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.compare import Difference, Differing, difference
from queries.compare_rules import KINDS
from queries.load import load_program
from queries.readings import alternatives

READING, COUNCIL = "Another choice in this policy", "Another council"
NOBODY = "no team of the other"


def part(code: str) -> None:
    """Shows the choice of what to compare with, the progress and the result. `code` is the policy on the left."""
    soft(
        f"Both are put every case that there is on an ordinary day ({in_words(ORDINARY_DAY)}). Where they answer alike, that is "
        "proved; else you see the smallest case that tells them apart. It can take a minute, and can be stopped."
    )
    kind = plain.segmented_control("Compare with", (READING, COUNCIL), default=READING, required=True, key="compare-with")
    two = _with_reading(code) if kind == READING else _with_council(code)
    if two is None:
        return
    key = repr([two.second.policy.code, two.second.policy.settings, sorted(two.codes.items()), code])
    if plain.button("Compare", key="compare"):
        st.session_state["comparing"] = key
    result = _found(two, key)
    if result is not None:
        _show_result(two, result)


def _with_reading(code: str) -> Pair | None:
    first = load_program(code)
    readings = first.policy.readings
    others = {readings[name].told(setting): {name: setting} for name, setting in alternatives(first.policy)}
    if not others:
        html("<p>This policy leaves no choice.</p>")
        return None
    chosen = plain.selectbox("The other choice", list(others), key="compare-reading", width=480)
    return Pair(first, load_program(code, others[chosen]), {})


def _with_council(code: str) -> Pair | None:
    first = load_program(code)
    names = installed_names()
    others = [name for name in names if name != code]
    if not others:
        html("<p>No other council's policy is installed.</p>")
        return None
    other = plain.selectbox("The other council", others, format_func=names.__getitem__, key="compare-council", width=320)
    second = load_program(other)
    soft("Say which team of the other council does the work of each team here. A team without one is left out.")
    return Pair(first, second, _codes(first.policy, second.policy))


def _codes(first: Policy, second: Policy) -> Mapping[str, str]:
    """Team code of `first` for each chosen team code of `second`.

    Errors: `InputError` if a team of `second` is chosen twice.
    """
    theirs = {team.code: team.label for team in second.vocabulary.codes.get("team", ())}
    shared = {team.code for team in first.vocabulary.codes.get("team", ())} & set(theirs)
    pairs: dict[str, str] = {}
    with st.container(horizontal=True):
        for team in first.vocabulary.codes.get("team", ()):
            if team.code in shared:
                continue
            options = ["", *(name for name in theirs if name not in shared)]
            chosen = plain.selectbox(
                team.label, options, format_func=lambda name: theirs.get(name, NOBODY), key=f"pair-{second.code}-{team.code}",
                width=300,
            )  # fmt: skip
            if chosen in pairs:
                raise InputError(
                    [Fault(team.label, f"{theirs[chosen]} is chosen twice", "choose another team for one of the two")]
                )
            if chosen:
                pairs[chosen] = team.code
    return pairs


def _found(two: Pair, key: str) -> Difference | None:
    """The result of the comparison, computed in this run if requested; None while not requested or after a stop."""
    kept: dict[str, Difference] = st.session_state.setdefault("compared", {})
    if key not in kept and st.session_state.get("comparing") == key:
        some_team_shared(two)
        place = st.empty()
        with place.container(horizontal=True, vertical_alignment="center"):
            bar = st.empty()
            plain.button("Stop", key="stop:comparing", on_click=_stop)

        def started(kind: str) -> None:
            # Streamlit ends the run at its next call if “Stop” was pressed, so this is where a stop takes effect.
            with bar:
                plain.progress(KINDS.index(kind) / len(KINDS), f"Comparing: {kind}")

        kept[key] = difference(two.first, two.second, ORDINARY_DAY, two.codes, started=started)
        st.session_state["comparing"] = None
        place.empty()
    return kept.get(key)


def _stop() -> None:
    st.session_state["comparing"] = None


def _show_result(two: Pair, result: Difference) -> None:
    if result.equivalent:
        html('<p role="status"><strong>The two answer every case alike: proved.</strong></p>')
    else:
        kinds = list(dict.fromkeys(differing.kind for differing in result.found))
        html(f'<p role="status"><strong>They differ in: {escape(", ".join(kinds) or "not settled")}.</strong></p>')
        if same := same_kinds(result):
            html(f"<p>Proved the same in every case: {escape(', '.join(same))}.</p>")
        if result.unsettled:
            html(f"<p>Not settled, as the search was given up: {escape(', '.join(result.unsettled))}.</p>")
    for number, differing in enumerate(result.found, 1):
        _difference(two, differing, number)
    with plain.expander("What this rests on"):
        html(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in conditions(two, result, ORDINARY_DAY))}</ul>")


def _name(program: Program, two: Pair) -> str:
    same = two.first.policy.code == two.second.policy.code
    if same:
        other = two.second if program is two.first else two.first
        mine, theirs = program.policy.settings, other.policy.settings
        return " ".join(program.policy.readings[name].told(mine[name]) for name in mine if mine[name] != theirs.get(name))
    return installed_names().get(program.policy.code, program.policy.name)


def _difference(two: Pair, differing: Differing, number: int) -> None:
    facts = "".join(f"<li>{escape(label)}: {escape(value)}</li>" for label, value in recorded_facts(two, differing))
    size = "The smallest case" if differing.proved else "A case; whether there is a smaller one is not settled"
    sides = "".join(
        f"<p><strong>{escape(_name(program, two))}</strong>: {escape(outcome_name(decision))}</p><ul>"
        f"{''.join(f'<li>{escape(line)}</li>' for line in side.says or ('None of these.',))}</ul>"
        f'<p class="soft">{escape(", ".join(side.clauses))}</p>'
        for program, decision, side in zip(
            (two.first, two.second), (differing.first, differing.second), sides_of(two, differing), strict=True
        )
    )
    html(
        f'<div class="wt-note"><p><strong>{escape(capital(differing.kind))}</strong></p>'
        f'<p class="soft">{size}:</p><ul>{facts}</ul>{sides}</div>'
    )
    plain.button(
        f"Open the case of difference {number}",
        key=f"open-difference-{number}",
        on_click=session.open_found,
        args=("A case that two answer differently", two.first.policy, differing.case),
    )
