"""The register that a document proposes, and the folder that is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.edition import Block, Edition
from kb.errors import InputError
from kb.policy import load_policy
from kb.program import compile_policy
from queries.new_policy import new_policy
from queries.proposed_clauses import Proposed, proposed
from tests.helpers import whichteam

TEXT = """Moving a case

A new contact lies with the front door.
The team must hold the meeting within 10 working days of the referral.
Unless the child is under two years old, the case is transferred at the conference.
If the managers cannot agree, the dispute should go to the head of service.
The review is usually held every six months, and at the 16th birthday.
"""


def of(text: str) -> Proposed:
    (row,) = proposed(Edition("x", (Block(text, "paragraph 3"),)))
    return row


@pytest.mark.parametrize(
    ("text", "kind", "force", "found"),
    [
        ("The team must hold the meeting within 10 working days of it.", "deadline", "must", ("10 working days",)),
        ("Unless a child is aged 16 the case moves to the team.", "exception", "none", ("aged 16",)),
        ("A dispute should go to the director by 1 April 2025.", "escalation", "should", ("1 April 2025",)),
        ("The case may be transferred then.", "transfer_point", "may", ()),
        ("The case may not be transferred then.", "transfer_point", "must", ()),
        ("This policy of the council was last agreed in May 2025 by them.", "background", "none", ()),
        ("The candidate of the team is the one of the first of 1 May there.", "background", "none", ("1 May",)),
        ("The worker normally tells the family of it at once.", "duty", "usually", ()),
    ],
)
def test_kind_force_and_times(text: str, kind: str, force: str, found: tuple[str, ...]) -> None:
    assert of(text) == Proposed(3, kind, force, False, found)


def test_a_few_words_that_bind_nobody_are_a_heading() -> None:
    assert of("Moving a case") == Proposed(3, "background", "none", True, ())
    assert not of("Cases must be recorded").heading


def test_a_folder_from_a_document(tmp_path: Path) -> None:
    """It keeps no words of the document, and its only fault is that nothing but the register is begun."""
    document = tmp_path / "policy.txt"
    document.write_text(TEXT, encoding="utf-8")
    folder = new_policy("northshire", tmp_path, document)
    policy = load_policy(folder)
    assert [(c.id, c.lines, c.force, c.out_of_scope, c.note) for c in policy.clauses.values() if not c.house] == [
        ("no1", (1,), "none", "heading", ""),
        ("no3", (3,), "none", "", ""),
        ("no4", (4,), "must", "", "names: 10 working days"),
        ("no5", (5,), "none", "", "names: two years old"),
        ("no6", (6,), "should", "", ""),
        ("no7", (7,), "usually", "", "names: six months; 16th birthday"),
    ]
    assert {c.paraphrase for c in policy.clauses.values() if not c.house} == {""}
    kept = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert "conference" not in kept
    assert "front door" not in kept.replace("front_door", "")
    with pytest.raises(InputError) as caught:
        compile_policy(policy)
    (fault,) = caught.value.faults
    assert (fault.where, fault.message) == (
        "northshire/codes.tsv",
        "there is no team yet, so no case can be decided",
    )
    assert fault.hint.splitlines()[1:4] == [
        "    1. clauses.tsv: each clause in your own words, or a reason in `out_of_scope` where nothing follows for a case",
        "    2. codes.tsv: a row of the kind `team` for each team, one of the kind `point` for each transfer point",
        "    3. rules.dl: `front_door(TEAM).` for the team that gets new contacts, under its line such as `@clause no3.`",
    ]


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.txt").write_text(TEXT, encoding="utf-8")
    ran = whichteam("new-policy", "northshire", "--from-document", "policy.txt")
    assert (ran.code, ran.out) == (0, "Made northshire. Check it with: whichteam check ./northshire\n")
    again = whichteam("new-policy", "southshire", "--from-document", "nothing.txt")
    assert again.code == 2
    assert not Path("southshire").exists()


def test_facts_of_a_policy_on_the_command_line() -> None:
    westmere = Path(__file__).parent / "councils" / "westmere"
    ran = whichteam("facts", "--policy", str(westmere))
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert "area(district, team)  lookup table, 4 rows" in lines
    assert "plans_in_two_years(number)  count of child_protection_plan_from" in lines
    assert lines.index("district  enum: north_end, lakeside, south_bank, docks") < lines.index("date_of_birth  date")
    assert [line for line in lines if line.startswith("dispute_unresolved_at ")] == [
        "dispute_unresolved_at  enum: team_managers, service_managers, head_of_service"
    ]
