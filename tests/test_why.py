"""`whichteam why` at each level of detail (one sentence, tree, full, all proofs), and for contradictory records."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument

from tests.helpers import whichteam

HELD = {
    "team_on_record": "assessment_and_support_team",
    "icpc_required": True,
    "icpc_held_on": "2024-10-15",
    "icpc_outcome": "child_protection_plan",
    "transfer_discussion_held": True,
}
ADVICE = "This advises; a person decides."


def written(folder: Path, facts: dict[str, Any], policy: str = "blackpool", as_of: str = "2024-10-16") -> Path:
    path = folder / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": policy, "as_of": as_of, "facts": facts}))
    return path


def said(*arguments: str | Path) -> str:
    ran = whichteam(*arguments)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(re.sub(r"[│├└─╭╮╰╯]", " ", ran.out).split())


SHORT: list[tuple[str, dict[str, Any], str]] = [
    (
        "moved",
        HELD,
        "On 16 October 2024 Strengthening and Supporting Families holds the child: moved from Assessment and Support Team "
        "to Strengthening and Supporting Families at the initial child protection conference (15 October 2024) "
        "[clause bp81 (line 52)].",
    ),
    (
        "held up",
        {**HELD, "transfer_discussion_held": False},
        "On 16 October 2024 Assessment and Support Team holds the child: the case is there on record, and nothing recorded "
        "has moved it. The move from Assessment and Support Team to Strengthening and Supporting Families at the initial child "
        "protection conference (15 October 2024) is held up [clause bp81 (line 52)].",
    ),
    (
        "held up after a move",
        {
            "date_of_birth": "2013-01-08",
            "team_on_record": "none",
            "contact_received_on": "2024-09-02",
            "threshold_level": 3,
            "threshold_met": True,
            "threshold_decision_on": "2024-09-03",
            "icpc_required": True,
            "icpc_held_on": "2024-10-15",
            "icpc_outcome": "child_protection_plan",
            "transfer_discussion_held": False,
            "previous_involvements": [],
        },
        "On 16 October 2024 Assessment and Support Team holds the child: on 3 September 2024 the child moved from Request for "
        "Support Hub to Assessment and Support Team at confirmation of the threshold decision [clause bp62 (line 44)], and "
        "nothing recorded has moved it on. The move from Assessment and Support Team to Strengthening and Supporting Families "
        "at the initial child protection conference (15 October 2024) is held up [clause bp81 (line 52)].",
    ),
    (
        "by agreement",
        {
            "team_on_record": "assessment_and_support_team",
            "managers_agreed_team": "supporting_our_children",
            "managers_agreed_on": "2024-10-10",
        },
        "On 16 October 2024 Supporting our Children holds the child: the managers agreed it (10 October 2024).",
    ),
    (
        "at the front door",
        {"team_on_record": "none", "threshold_level": 1, "needs_coordinated_support": False, "date_of_birth": "2015-01-01"},
        "On 16 October 2024 Request for Support Hub holds the child: a contact lies with the front door, and nothing "
        "recorded has moved it.",
    ),
]


@pytest.mark.parametrize(("name", "facts", "expected"), SHORT, ids=[entry[0] for entry in SHORT])
def test_in_one_sentence(tmp_path: Path, name: str, facts: dict[str, Any], expected: str) -> None:
    assert said("why", "--short", written(tmp_path, facts)) == f"{expected} {ADVICE}"


def test_unknown_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text((Path(__file__).parent.parent / "examples" / "consent-not-recorded.yaml").read_text())
    told = said("why", "--short", path.rename(tmp_path / "case.yaml"))
    assert told == (
        "On 10 July 2024 it is not known who holds the child: Targeted Intervention Services or no team named by the policy. "
        f"It hangs on whether the family agrees to early help. {ADVICE}"
    )


def test_the_tree_names_readings_once_and_never_says_what_is_absent_twice(tmp_path: Path) -> None:
    told = said("why", written(tmp_path, HELD))
    assert "Choice made here" not in told
    choices = "A move counts from the day of its event. If an event is not on record, we treat it as not having happened."
    assert f"How the text was read {choices}" in told
    assert "No check is known to hold up the move" in told
    assert re.findall(r"not not|not no |known not to be", told) == []


def test_in_full_each_step_has_its_rule_its_values_and_its_place(tmp_path: Path) -> None:
    told = said("why", "--full", written(tmp_path, HELD))
    assert "rule: moved(From, To, Point, On) :- ready(From, To, Point, On), not overruled(On)" in told
    assert (
        "with From = Assessment and Support Team; To = Strengthening and Supporting Families; "
        "Point = the initial child protection conference; On = 15 October 2024" in told
    )
    assert "Choice made here: a move counts from the day of its event" in told
    assert re.search(r"\[clause bp81 \(line 52\), \S*5_transfer_points\.dl:\d+:\d+\]", told)


def test_every_proof_is_counted(tmp_path: Path) -> None:
    """The move has several proofs, as the conference can be established in more than one way."""
    told = said("why", "--all-proofs", written(tmp_path, HELD))
    found = re.findall(r"at the initial child protection conference: proof (\d of \d)", told)
    assert found == [f"{number} of {len(found)}" for number in range(1, len(found) + 1)]
    assert len(found) > 1
    assert re.findall(r"holds the child: proof (\d of \d)", told) == ["1 of 1"]


MOVED = (
    "On 15 October 2024 the child moved from Assessment and Support Team to Strengthening and Supporting Families "
    "at the initial child protection conference"
)


def test_the_move_that_brought_the_child_comes_first_with_its_clause_its_event_and_its_checks(tmp_path: Path) -> None:
    told = said("why", written(tmp_path, HELD))
    assert told.startswith(f"On 16 October 2024 Strengthening and Supporting Families holds the child. {MOVED} ")
    for reason in (
        "The record shows the child with Assessment and Support Team",
        "at the initial child protection conference [clause bp81 (line 52)]",
        "The initial child protection conference was held (15 October 2024)",
        "No check is known to hold up the move from Assessment and Support Team to Strengthening and Supporting Families",
    ):
        assert told.index(MOVED) < told.index(reason) < told.index("An earlier move brought the child to"), reason
    assert "How the child came here" not in told, "one move is told above"


#: A child with a new contact, an assessment and a move at a conference; an earlier conference is history.
WHOLE = {
    "date_of_birth": "2013-01-08",
    "team_on_record": "none",
    "contact_received_on": "2024-09-02",
    "threshold_level": 3,
    "threshold_met": True,
    "threshold_decision_on": ["2021-01-20", "2024-09-03"],
    "assessment_started_on": ["2021-01-22", "2024-09-04"],
    "icpc_required": True,
    "icpc_held_on": ["2021-03-02", "2024-10-15"],
    "icpc_outcome": "child_protection_plan",
    "case_closed_on": "2023-06-30",
    "known_to_childrens_teams": True,
    "previous_involvements": [{"team": "supporting_our_children", "closed_on": "2023-06-30"}],
}


def test_each_move_of_the_journey_is_told_with_its_own_proof(tmp_path: Path) -> None:
    told = said("why", written(tmp_path, WHOLE))
    first = "On 3 September 2024 the child moved from Request for Support Hub to Assessment and Support Team"
    assert told.count("How the child came here") == 1
    before, after = told.split("How the child came here")
    assert MOVED in before
    assert first not in before
    assert after.index(first) < after.index("The front-door manager confirmed the threshold decision (3 September 2024)")
    assert after.index(first) < after.index(f"{MOVED} (shown above)")
    assert "2021" not in told


def test_in_full_each_move_has_its_rules(tmp_path: Path) -> None:
    told = said("why", "--full", written(tmp_path, WHOLE))
    _, after = told.split("How the child came here")
    assert "From = Request for Support Hub; To = Assessment and Support Team; Point = confirmation of the threshold" in after


def test_one_depth_at_a_time(tmp_path: Path) -> None:
    ran = whichteam("why", "--short", "--full", written(tmp_path, HELD))
    expected = "error: why: more than one depth is wanted\n    give one of --short, --full and --all-proofs\n"
    assert (ran.code, ran.out, ran.err) == (2, "", expected)


def test_what_was_set_aside_stands_with_the_exception_that_beat_it() -> None:
    told = said("why", Path(__file__).parent.parent / "examples" / "return-to-previous-team.yaml")
    clause = r"[Cc]lause bp\d+ \(lines? [\d, -]+\)"
    assert re.search(rf"What was set aside {clause} would take the case to .+ but an exception comes first", told)
    assert re.search(rf"comes first The exception applies \[{clause}\]", told)


CONTRADICTION = {"age_assessment_trained_workers": 3, "age_assessment_workers": 2}
WARNING = (
    "The record contradicts itself: more trained social workers are recorded for the age assessment than social workers "
    "in all. Check these facts."
)


def test_a_record_that_contradicts_itself_is_told_so_near_the_top(tmp_path: Path) -> None:
    bad = written(tmp_path, {**HELD, **CONTRADICTION})
    for command in (("decide", bad), ("why", bad), ("why", "--short", bad)):
        told = said(*command)
        assert WARNING in told
        assert told.index(WARNING) < 400
    for form in ("html", "docx", "json"):
        said("record", bad, "--out", tmp_path / f"r.{form}")
    assert WARNING in (tmp_path / "r.html").read_text()
    word = WordDocument(io.BytesIO((tmp_path / "r.docx").read_bytes()))
    assert any(WARNING in paragraph.text for paragraph in word.paragraphs[:5])
    assert json.loads((tmp_path / "r.json").read_text())["contradictions"] == ["more_trained_than_workers"]
    document = json.loads(whichteam("decide", "--json", bad).out)
    assert document["proof"]["contradictions"] == ["more_trained_than_workers"]


def test_a_record_without_a_contradiction_has_no_warning(tmp_path: Path) -> None:
    good = written(tmp_path, HELD)
    assert "contradicts" not in said("decide", good) + said("why", good)
    assert json.loads(whichteam("decide", "--json", good).out)["proof"]["contradictions"] == []


MISDATED = {"assessment_started_on": "2024-10-12", "assessment_completed_on": "2024-10-10"}
WRONG = (
    "The completion of the assessment (10 October 2024) can't be before the start of the assessment (12 October 2024); "
    "it counts as not having happened until one of the dates is corrected."
)


def test_since_when_a_team_has_the_child_is_not_used_where_the_record_says_that_none_has(tmp_path: Path) -> None:
    contact = {"contact_received_on": "2024-10-10", "with_team_since": "2024-10-02"}
    for team, times in (("none", 1), ("assessment_and_support_team", 0)):
        told = said("decide", written(tmp_path, {**contact, "team_on_record": team}))
        assert told.count(UNUSED) == times


UNUSED = (
    "The record says that no team has the child, and that a team took over on 2 October 2024. "
    "That day is not used until the team is recorded."
)


def test_a_date_that_can_not_be_right_is_told_near_the_top(tmp_path: Path) -> None:
    bad = written(tmp_path, {**HELD, **MISDATED})
    for command in (("decide", bad), ("why", bad), ("why", "--short", bad)):
        told = said(*command)
        assert told.count(WRONG) == 1
        assert told.index(WRONG) < 400
    document = json.loads(whichteam("decide", "--json", bad).out)
    assert WRONG in document["findings"]
    assert {"assessment_started_on", "assessment_completed_on"} <= set(document["missing_facts"])
