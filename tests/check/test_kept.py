"""Results of checks that are kept: after an edit they say what a check from nothing says."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.cache import nothing_kept
from kb.lowering.halves import HalfProgram
from kb.policy import load_policy
from kb.program import Program, compile_standing
from queries.check import run
from queries.check.kept import cones
from queries.check.replay import shows
from queries.check.subject import Subject
from tests.helpers import program
from tests.strategies import laws

#: Rules of a small policy that an edit puts in, leaves out, or writes in another way.
RULES: Sequence[Sequence[str]] = (
    ("route(alpha, beta, handover) :- {c}.\npoint_event(handover, icpc_held_on).",),
    ("route(alpha, gamma, goodbye) :- {c}.\npoint_event(goodbye, first_hearing_held_on).",),
    ("route(beta, alpha, handover) :- {c}.", "route(gamma, beta, goodbye) :- {c}."),
    ("gate(alpha, handover, papers_ready).\ngate_met(papers_ready) :- {c}.",),
    ("duty(call_back) :- {c}.", "duty(call_back) :- starts_with(beta), {c}."),
    ("finding(odd) :- {c}.", "finding(odd) :- came_from(alpha), {c}."),
    ("in_place_of(alpha, no_team) :- {c}.", "never_holds(gamma)."),
)
CONDITIONS = (
    "known unborn",
    "icpc_required",
    "known icpc_held_on(_)",
    "not unborn",
    "known date_of_birth(B), B > as_of - 10 days",
)


@st.composite
def policies(draw: st.DrawFn) -> list[str]:
    """The texts of a policy and of the policies that come of a few edits, each of one clause."""
    chosen = [(draw(st.integers(0, 1)), draw(st.sampled_from(("", *CONDITIONS)))) for _ in RULES]
    texts = [_text(chosen)]
    for _ in range(3):
        edited = draw(st.integers(0, len(RULES) - 1))
        chosen[edited] = (draw(st.integers(0, 1)), draw(st.sampled_from(("", *CONDITIONS))))
        texts.append(_text(chosen))
    return texts


def _text(chosen: Sequence[tuple[int, str]]) -> str:
    clauses = ["@clause t0.\nfront_door(alpha)."]
    for number, (ways, (way, condition)) in enumerate(zip(RULES, chosen), 1):
        if condition:
            clauses.append(f"@clause t{number}.\n" + ways[way % len(ways)].format(c=condition))
    return "\n".join(clauses)


@laws(6)
@given(texts=policies())
def test_kept_results_are_those_of_a_check_from_nothing(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    kept = tmp_path_factory.mktemp("kept")
    for text in dict.fromkeys(texts):
        made = program(tmp_path_factory.mktemp("made"), text)
        with nothing_kept():
            fresh = run(made)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WHICHTEAM_CACHE", str(kept))
            again = run(made)
        assert again == fresh
        assert [f.says for f in again.findings if not shows(made, f)] == []


NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"
#: Edits of one clause: file, what is written there, and what is written instead.
EDITS = {
    "a number of a deadline": ("2_moves.dl", "Start + 6 weeks", "Start + 7 weeks"),
    "a number of a move": (
        "2_moves.dl",
        "occurs(sixteenth_birthday, Born + 16 years)",
        "occurs(sixteenth_birthday, Born + 15 years)",
    ),
    "a condition of a duty": ("2_moves.dl", "told(_, _, _, completed), not told_from_desk", "told(_, _, _, completed)"),
    "a condition of a move": (
        "1_contacts.dl",
        "desk_hands_on) :- threshold_met, not known only",
        "desk_hands_on) :- not known only",
    ),
    "a rule removed": (
        "2_moves.dl",
        "expected(sixteenth_birthday, Born + 16 years) :- known date_of_birth(Born), known Born + 16 years > as_of.\n",
        "",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_report_is_that_of_a_check_from_nothing(
    edit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In full: the same findings in the same words with the same cases."""
    home = tmp_path / "northshire"
    shutil.copytree(NORTHSHIRE, home)
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path / "kept"))
    before = run(compile_standing(load_policy(home)))
    name, written, instead = EDITS[edit]
    text = (home / name).read_text(encoding="utf-8")
    assert text.count(written) == 1
    (home / name).write_text(text.replace(written, instead), encoding="utf-8")
    made = compile_standing(load_policy(home))
    after = run(made)
    with nothing_kept():
        assert run(made) == after
    assert after.digest != before.digest


BEFORE = """@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover) :- known icpc_required.
point_event(handover, icpc_held_on).
@clause t3.
duty(call_back) :- starts_with(alpha), known unborn.
"""


def test_an_edit_changes_the_cones_of_what_rests_on_it_and_no_others(tmp_path: Path) -> None:
    before = _of_atoms(_made(tmp_path / "before", BEFORE))
    duty = _of_atoms(_made(tmp_path / "duty", BEFORE.replace("known unborn", "known icpc_required")))
    move = _of_atoms(_made(tmp_path / "move", BEFORE.replace("known icpc_required", "known unborn")))
    assert _of_atoms(_made(tmp_path / "lower", "% one line more\n" + BEFORE)) == before
    assert _differ(before, duty) == {"duty(call_back)"}
    assert {"route(alpha, beta, handover)", "holds(beta)", "status(decided)"} <= _differ(before, move)
    assert not {"duty(call_back)", "starts_with(alpha)"} & _differ(before, move)


def test_nothing_is_searched_where_everything_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path / "kept"))
    made = _made(tmp_path, BEFORE)
    first = run(made)
    monkeypatch.setattr("queries.check.kept.Search", None)
    monkeypatch.setattr("queries.check.circle.Search", None)
    assert run(made) == first


def test_a_day_of_its_own_is_searched_for_itself(tmp_path: Path) -> None:
    made = _made(tmp_path, BEFORE)
    one, other = (Subject(made, day) for day in (738000, 738001))
    assert one.search.common != other.search.common


def _made(folder: Path, text: str) -> Program:
    folder.mkdir(exist_ok=True)
    return program(folder, text)


def _of_atoms(made: Program) -> dict[str, str]:
    halves: HalfProgram = made.halves
    of = cones(halves).of
    return {str(atom): of[2 * number] + of[2 * number + 1] for number, atom in enumerate(halves.atoms)}


def _differ(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() & other.keys() if one[name] != other[name]}
