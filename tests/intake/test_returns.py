"""The returns that every council submits: the children in need census and SSDA903, alone and beside other sources."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.intake.layout import layouts
from kb.intake.left_out import columns_left_out, table_left_out
from kb.intake.model import Intake
from kb.intake.names import squash
from kb.intake.read import open_source, read_source, recognise
from tests.intake.books import AS_OF, VOCABULARY, all_facts, folder, read, told, workbook

SCHEMAS = Path(__file__).parent / "schemas.tsv"  # the columns of each standard


def census(path: Path, details: str, about: str = "", name: str = "cin.xml", day: str = "2024-03-31") -> Path:
    """A census of one child."""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>
<ReferenceDate>{day}</ReferenceDate></CollectionDetails></Header>
<Children><Child>
<ChildIdentifiers><LAchildID>A1</LAchildID><PersonBirthDate>2012-06-04</PersonBirthDate>{about}</ChildIdentifiers>
<ChildCharacteristics><Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities>
</ChildCharacteristics>
<CINdetails><CINreferralDate>2024-01-10</CINreferralDate><ReferralSource>7</ReferralSource>
<PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>false</ReferralNFA>{details}</CINdetails></Child></Children></Message>
"""
    (path / name).write_text(text, encoding="utf-8")
    return path / name


EVENTS = """
<Assessments><AssessmentActualStartDate>2024-01-11</AssessmentActualStartDate>
<AssessmentAuthorisationDate>2024-02-20</AssessmentAuthorisationDate>
<FactorsIdentifiedAtAssessment><AssessmentFactors>11A</AssessmentFactors><AssessmentFactors>3B</AssessmentFactors>
</FactorsIdentifiedAtAssessment></Assessments>
<CINPlanDates><CINPlanStartDate>2024-02-21</CINPlanStartDate></CINPlanDates>
<Section47><S47ActualStartDate>2024-03-01</S47ActualStartDate><InitialCPCtarget>2024-03-22</InitialCPCtarget>
<DateOfInitialCPC>2024-03-20</DateOfInitialCPC><ICPCnotRequired>0</ICPCnotRequired></Section47>
<ChildProtectionPlans><CPPstartDate>2024-03-20</CPPstartDate><Reviews><CPPreviewDate>2024-03-28</CPPreviewDate></Reviews>
</ChildProtectionPlans>
<PreProceedingsandFGDM><InitialPPMeetingDate>2024-03-25</InitialPPMeetingDate><CourtAppDate>2024-03-29</CourtAppDate>
</PreProceedingsandFGDM>
"""


def test_a_census_gives_what_it_holds(tmp_path: Path) -> None:
    intake = read(census(tmp_path, EVENTS), as_of=None)
    assert (intake.kind, intake.as_of) == ("cin_census", datetime(2024, 3, 31).toordinal())
    assert told(intake) == []
    assert all_facts(intake) == {
        "A1": {
            "date_of_birth": "2012-06-04",
            "unborn": False,
            "contact_received_on": "2024-01-10",
            "threshold_met": True,
            "referral_accepted_on": "2024-01-10",
            "child_disabled": True,
            "assessment_started_on": "2024-01-11",
            "assessment_completed_on": "2024-02-20",
            "strategy_meeting_on": "2024-03-01",
            "cin_plan_started_on": "2024-02-21",
            "icpc_required": True,
            "icpc_held_on": "2024-03-20",
            "icpc_outcome": "child_protection_plan",
            "child_protection_plan_from": "2024-03-20",
            "pre_proceedings_meeting_held_on": "2024-03-25",
            "care_proceedings_issued_on": "2024-03-29",
        }
    }
    assert {"section_37_report_requested_on", "exploitation_types"} <= {hint.fact for hint in intake.hints}
    assert intake.sources["A1"]["strategy_meeting_on"] == "Section47 line 15"


def test_a_closed_and_a_dead_child_of_a_census(tmp_path: Path) -> None:
    closed = "<CINclosureDate>2024-02-01</CINclosureDate><ReasonForClosure>RC8</ReasonForClosure>"
    found = all_facts(read(census(tmp_path, closed)))["A1"]
    assert (found["team_on_record"], found["case_closed_on"]) == ("case_closed", "2024-02-01")
    assert found["assessment_outcome"] == "no_continuing_needs"
    died = all_facts(read(census(tmp_path, "", "<PersonDeathDate>2024-02-03</PersonDeathDate>")))["A1"]
    assert died["died_on"] == "2024-02-03"


BOMB = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Message>&b;</Message>'
BAD = {
    "entities": (BOMB, "has a document type of its own"),
    "a document type": ("<!DOCTYPE Message SYSTEM 'x.dtd'><Message/>", "has a document type of its own"),
    "cut off": ("<Message><Children><Child>", "is not XML: no element found"),
    "not XML": ("CHILD,DOB\n", "is not XML: syntax error"),
    "empty": ("", "is not XML: no element found"),
    "another root": ("<html><body/></html>", "starts with `html`"),
    "too deep": ("<Message>" + "<a>" * 50 + "</a>" * 50 + "</Message>", "is nested more than 40 deep"),
}


def test_a_byte_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    good = census(tmp_path, EVENTS, "<FamilyName>Zoë</FamilyName>").read_text(encoding="utf-8")
    latin = tmp_path / "latin.xml"
    latin.write_bytes(good.encode("latin-1"))
    with pytest.raises(InputError) as error:
        open_source(str(latin))
    assert str(error.value) == "latin.xml:5:103: has a byte that is not UTF-8, in which it says to be\n    save it as UTF-8"
    latin.write_bytes(good.replace("UTF-8", "windows-1252").encode("latin-1"))
    assert all_facts(read(latin)) == all_facts(read(tmp_path / "cin.xml"))


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD.keys())
def test_a_hostile_or_broken_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        open_source(str(path))
    assert message in str(error.value)


def test_a_document_type_in_another_encoding_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "cin.xml"
    path.write_bytes(BOMB.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"))
    with pytest.raises(InputError):
        open_source(str(path))


def test_the_size_is_looked_at_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = census(tmp_path, EVENTS)
    monkeypatch.setattr("kb.intake.xml_tables.MAX_BYTES", 100)
    with pytest.raises(InputError) as error:
        open_source(str(path))
    assert "expected at most 100" in str(error.value)


EPISODES = [["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE"],
            ["A1", "05/01/2024", "S", "V2", "N1", "U6", "PR1", "01/02/2024", "X1", ""],
            ["A1", "01/02/2024", "L", "C2", "N1", "U6", "PR1", "01/05/2024", "X1", ""],
            ["A1", "01/05/2024", "P", "C2", "N1", "P1", "PR0", "", "", ""],
            ["A2", "05/01/2024", "S", "C2", "N1", "U1", "PR1", "09/06/2024", "E45", ""],
            ["A3", "05/01/2024", "S", "J1", "N1", "R5", "PR5", "", "", ""],
            ["A4", "05/01/2024", "S", "C2", "N1", "U6", "PR1", "09/06/2024", "E2", ""]]  # fmt: skip
HEADER = [
    ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"],
    *([f"A{n}", "1", "04/06/2010", "WBRI", "", "", ""] for n in (1, 2, 3, 4)),
]
REVIEWS = [
    ["CHILD", "DOB", "REVIEW", "REVIEW_CODE"],
    ["A1", "04/06/2010", "30/01/2024", "PN1"],
    ["A1", "04/06/2010", "29/04/2024", "PN1"],
]
RETURN = {
    "header.csv": HEADER,
    "episodes.csv": EPISODES,
    "reviews.csv": REVIEWS,
    "uasc.csv": [["CHILD", "SEX", "DOB", "DUC"], ["A3", "1", "04/06/2010", "04/06/2028"]],
    "placed_for_adoption.csv": [
        ["CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"],
        ["A1", "04/06/2010", "03/05/2024", "", ""],
    ],
    "oc2.csv": [["CHILD", "DOB", "SDQ_SCORE"], ["A1", "04/06/2010", "9"]],
}
LOOKED_AFTER = {
    "date_of_birth": "2010-06-04",
    "cared_for": True,
    "section_20_from": "2024-01-05",
    "section_20_short_break": None,
    "final_orders": ["care_order"],
    "placed_on": ["2024-01-05", "2024-05-01"],
    "placed_with_parents": True,
    "first_review_held_on": "2024-01-30",
    "second_review_held_on": "2024-04-29",
    "four_month_review_held_on": "2024-04-29",
    "care_plan": "adoption",
}


def expect(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {name: found.get(name) for name in expected} == expected


def check_return(intake: Intake) -> None:
    found = all_facts(intake)
    expect(found["A1"], LOOKED_AFTER)
    expect(found["A2"], {"cared_for": False, "cared_for_ended_on": "2024-06-09", "final_orders": ["special_guardianship_order"]})
    expect(found["A3"], {"remanded_on": "2024-01-05", "unaccompanied_asylum_seeking": True})
    expect(found["A4"], {"died_on": "2024-06-09", "cared_for": False})
    assert told(intake) == []


def test_ssda903_as_files(tmp_path: Path) -> None:
    place = folder(tmp_path / "903", RETURN)
    assert recognise(str(place)) == "ssda903"
    check_return(read(place))
    assert any(str(entry).startswith("oc2.csv, oc2: left out, health and conduct") for entry in read(place).account)


def test_ssda903_files_are_known_by_their_headings(tmp_path: Path) -> None:
    check_return(read(folder(tmp_path / "903", {f"part {n}.csv": rows for n, rows in enumerate(RETURN.values())})))


def as_xml() -> str:
    """The same return as one file."""

    def leaf(name: str, value: str) -> str:
        return f"<{name}>{value}</{name}>" if value else ""

    children = []
    for child, _, born, *_ in HEADER[1:]:
        inner = leaf("CHILDID", child) + leaf("DOB", born)
        inner += "".join(leaf("DUC", row[3]) for row in RETURN["uasc.csv"][1:] if row[0] == child)
        for tag, rows in (("AREVIEW", REVIEWS), ("AD_PLACED", RETURN["placed_for_adoption.csv"])):
            for row in rows[1:]:
                cells = "".join(leaf(name, cell) for name, cell in zip(rows[0][2:], row[2:]))
                inner += f"<{tag}>{cells}</{tag}>" if row[0] == child else ""
        text = f"<HEADER>{inner}</HEADER>"
        for row in EPISODES[1:]:
            names = ["PL" if name == "PLACE" else name for name in EPISODES[0]]
            if row[0] == child:
                text += f"<EPISODE>{''.join(leaf(name, cell) for name, cell in zip(names[1:], row[1:]))}</EPISODE>"
        children.append(f"<CHILD>{text}</CHILD>")
    return f"<EXPSSDA903>{''.join(children)}</EXPSSDA903>"


def test_ssda903_as_xml_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "903.xml"
    path.write_text(as_xml())
    check_return(read(path))


# Several sources ------------------------------------------------------------------------------


def test_neither_return_names_a_team_and_a_list_beside_it_does(tmp_path: Path) -> None:
    path = census(tmp_path, EVENTS)
    teams = tmp_path / "teams.csv"
    teams.write_text("Child,Team,Since\nA1,Beta Team,2024-02-21\n")
    assert "team_on_record" not in all_facts(read(path))["A1"]
    both = read_source([open_source(str(path)), open_source(str(teams))], "tiny", VOCABULARY, AS_OF.toordinal())
    expect(all_facts(both)["A1"], {"team_on_record": "beta", "with_team_since": "2024-02-21"})
    assert both.sources["A1"]["team_on_record"] == "teams.csv, teams row 2"


def test_sources_are_put_together_by_child_with_each_fact_s_sources(tmp_path: Path) -> None:
    heads = ["Child Unique ID", "Date of Birth", "CIN Start Date", "CIN Closure Date", "Case Status", "Allocated Team"]
    row = ["A1", datetime(2012, 6, 4), datetime(2024, 1, 10), None, "b) CPP", "Alpha"]
    annex = workbook(tmp_path / "annex.xlsx", {"List 6": [heads, row]})
    place = folder(tmp_path / "903", RETURN)
    given = [open_source(str(source)) for source in (census(tmp_path, EVENTS), annex, place)]
    intake = read_source(given, "tiny", VOCABULARY, AS_OF.toordinal())
    found = all_facts(intake)
    expect(
        found["A1"],
        {"team_on_record": "alpha", "icpc_held_on": "2024-03-20", "cared_for": True, "contact_received_on": "2024-01-10"},
    )
    assert intake.sources["A1"]["referral_accepted_on"] == "cin.xml, CINdetails line 8"
    assert any("rows disagree on the date of birth" in fault for fault in told(intake))  # 2012 here, 2010 in SSDA903
    assert "date_of_birth" not in found["A1"]


def test_what_a_later_return_leaves_out_is_not_known_to_run(tmp_path: Path) -> None:
    first = census(tmp_path, EVENTS, name="2024.xml")
    closed = "<CINclosureDate>2024-05-01</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>"
    second = census(tmp_path, closed, name="2025.xml", day="2024-08-31")
    given = [open_source(str(first)), open_source(str(second))]
    expect(all_facts(read_source(given, "tiny", VOCABULARY, AS_OF.toordinal()))["A1"], {"team_on_record": "case_closed"})
    other = census(tmp_path, closed.replace("05-01", "05-02"), name="2026.xml", day="2024-09-01")
    disagree = read_source([*given, open_source(str(other))], "tiny", VOCABULARY, AS_OF.toordinal())
    assert any("sources disagree on a episode" in fault for fault in told(disagree))
    assert "team_on_record" not in all_facts(disagree)["A1"]


@pytest.mark.parametrize("names", [("2024.xml", "2025.xml"), ("old.xml", "new.xml")])
def test_returns_of_a_folder_stand_in_the_order_of_their_days(tmp_path: Path, names: tuple[str, str]) -> None:
    """Whatever their names, and as if each was given by itself."""
    closed = "<CINclosureDate>2024-05-01</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>"
    for name, details, day in zip(names, (EVENTS, EVENTS + closed), ("2024-03-31", "2024-08-31")):
        census(tmp_path, details, name=name, day=day)
    intake = read(tmp_path)
    expect(all_facts(intake)["A1"], {"team_on_record": "case_closed", "case_closed_on": "2024-05-01"})
    apart = [open_source(str(tmp_path / name)) for name in names]
    assert all_facts(read_source(apart, "tiny", VOCABULARY, AS_OF.toordinal())) == all_facts(intake)
    assert [note for note in intake.notes if "speaks for" in note] == [
        f"{names[1]} speaks for 2024-08-31: what happened between then and the day of the answer is not in it"
    ]


def test_what_a_later_return_of_a_folder_leaves_out_is_told_by_file(tmp_path: Path) -> None:
    plan = "<CPPstartDate>2024-05-01</CPPstartDate><CPPendDate>2024-06-01</CPPendDate>"
    census(tmp_path, EVENTS, name="old.xml")
    census(tmp_path, f"<ChildProtectionPlans>{plan}</ChildProtectionPlans>", name="new.xml", day="2024-08-31")
    assert [fault for fault in told(read(tmp_path)) if "running" in fault] == [
        "child A1: a cp plan was running in old.xml (old.xml, ChildProtectionPlans line 17), and is not in new.xml\n"
        "    whether it has ended counts as not known"
    ]


# Every column ---------------------------------------------------------------------------------


def test_every_column_of_every_standard_is_read_or_left_out_with_the_reason() -> None:
    by_name = {(layout.source, squash(layout.name)): layout for layout in layouts()}
    with SCHEMAS.open(encoding="utf-8") as file:
        schema = [(row["source"], row["table"], row["column"]) for row in csv.DictReader(file, delimiter="\t")]
    assert len(schema) > 700
    missing = []
    for source, table, column in schema:
        layout = by_name.get((source, squash(table)))
        if layout is None:
            known = bool(table_left_out(table))
        else:
            names = {squash(column.name) for column in layout.columns} | {squash(link.column) for link in layout.links}
            read_ = squash(column) in names or any(c.fits(column) for c in layout.columns)
            looked = squash(column) in {"deptteamid", "deptteamname", "claeclaid", "cinaassessmentid"}
            known = read_ or looked or squash(column) in columns_left_out(source, table)
        if not known:
            missing.append((source, table, column))
    assert missing == []
