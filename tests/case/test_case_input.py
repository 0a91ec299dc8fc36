"""Case files: good ones, and bad ones with the whole message and nothing written."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.case import Case, Day, Moment, case_document, make_case, moment_text, occurrences, parse_day, with_occurrence, written
from queries.load import load_program
from tests.helpers import whichteam

VOCABULARY = load_program("blackpool").policy.vocabulary
GOOD: dict[str, Any] = {"case_id": "c1", "policy": "blackpool", "as_of": "2024-09-03", "facts": {}}
DEEP = "is not usable JSON: brackets are nested more than 40 deep\n    is it the right file?\n"
JSON_HINT = "    a case is JSON or YAML\n"


def messages(path: Path) -> str:
    """The message of `whichteam decide` for a bad case file, which must not be a traceback."""
    ran = whichteam("decide", path)
    assert ran.code == 2
    assert ran.out == ""
    return ran.err


def write(folder: Path, content: str | bytes, name: str = "case.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def case(folder: Path, **changes: Any) -> Path:
    return write(folder, json.dumps({**GOOD, **changes}))


def facts(folder: Path, **given: Any) -> Path:
    return case(folder, facts=given)


def read(given: dict[str, Any]) -> Case:
    """A valid case with these facts."""
    return make_case({**GOOD, "facts": given}, VOCABULARY, "case.json")


def test_a_good_case_is_decided(tmp_path: Path) -> None:
    ran = whichteam("decide", case(tmp_path))
    assert (ran.code, ran.err) == (0, "")


# The file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "error: case.json: is empty\n" + JSON_HINT),
        (" \n\t\n", "error: case.json: is empty\n" + JSON_HINT),
        ("{", "error: case.json:1:2: is not JSON: expecting property name enclosed in double quotes\n"),
        ('{"case_id": 1,\n "x" 2}', "error: case.json:2:6: is not JSON: expecting ':' delimiter\n"),
        ("{} {}", "error: case.json:1:4: is not JSON: extra data\n"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "error: case.json:1:1: is not text: byte 1 is not UTF-8\n" + JSON_HINT),
        (b"{}\xff", "error: case.json:1:3: is not text: byte 3 is not UTF-8\n" + JSON_HINT),
        ("[" * 100_000, "error: case.json:1:41: " + DEEP),
        ('{"a":' * 100_000, "error: case.json:1:201: " + DEEP),
        ("x" * 1_000_001, "error: case.json: is 1,000,001 bytes, expected at most 1,000,000\n    is it the right file?\n"),
        ('{"case_id": "a", "case_id": "b"}', "error: case.json: `case_id` is given twice\n    keep one of them\n"),
        ('{"facts": {"unborn": true, "unborn": false}}', "error: case.json: `unborn` is given twice\n    keep one of them\n"),
        ("[]", "error: case.json: is a list, expected one case\n    see the README for the form\n"),
        ("null", "error: case.json: is empty, expected one case\n    see the README for the form\n"),
        ('"case"', "error: case.json: is a text, expected one case\n    see the README for the form\n"),
        ("12", "error: case.json: is a number, expected one case\n    see the README for the form\n"),
    ],
)
def test_files_that_hold_no_case(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert messages(write(tmp_path, content)) == expected


def test_a_missing_file(tmp_path: Path) -> None:
    assert messages(tmp_path / "none.json") == "error: none.json: there is no such file\n    check the path\n"


def test_a_folder_without_a_place_to_write_to(tmp_path: Path) -> None:
    assert messages(tmp_path) == f"error: {tmp_path}: is a folder\n    name a folder for the decisions: --out DIR\n"


def test_why_of_a_folder(tmp_path: Path) -> None:
    ran = whichteam("why", tmp_path)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {tmp_path.name}: is a folder, expected a file\n")


def test_a_number_with_more_digits_than_python_reads(tmp_path: Path) -> None:
    path = write(tmp_path, '{"case_id": ' + "9" * 5_000 + "}")
    assert (
        messages(path) == "error: case.json:1:13: is not usable JSON: a number of 5,000 characters\n    is it the right file?\n"
    )


# The parts of a case ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"case_id": ""}, "case.json: case_id: `` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": "a/b"}, "case.json: case_id: `a/b` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": ".."}, "case.json: case_id: `..` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": "a\n"}, "case.json: case_id: `a\\n` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": 7}, 'case.json: case_id: `7` is not a case id\n    put it in quotation marks: case_id: "7"\n'),
        (
            {"policy": ["blackpool", "blackpool"]},
            'case.json: policy: `["blackpool", "blackpool"]` is not one policy\n    name one policy\n',
        ),
        ({"policy": "blackpol"}, "case.json: policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"),
        ({"policy": None}, "case.json: policy: `null` is not one policy\n    name one policy\n"),
        ({"as_of": "2023-02-29"}, "case.json: as_of: `2023-02-29` is no day of the calendar\n    write the date as 2024-09-03\n"),
        (
            {"as_of": "03/09/2024"},
            "case.json: as_of: `03/09/2024` is not a date such as 2024-09-03\n    write the date as 2024-09-03\n",
        ),
        (
            {"as_of": "2024-09-03\n"},
            "case.json: as_of: `2024-09-03\\n` is not a date such as 2024-09-03\n    write the date as 2024-09-03\n",
        ),
        ({"as_of": None}, "case.json: as_of: `null` is not a date such as 2024-09-03\n    write the date as 2024-09-03\n"),
        (
            {"as_of": "1899-12-31"},
            "case.json: as_of: `1899-12-31` is not between 1900 and 2200\n    write the date as 2024-09-03\n",
        ),
        ({"facts": []}, "case.json: facts: is a list, expected names with values\n"),
        ({"facts": None}, "case.json: facts: is empty, expected names with values\n"),
        ({"fact": {}}, "case.json: fact: unknown part `fact`\n    did you mean `facts`?\n"),
    ],
)
def test_parts_of_a_case(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    assert messages(case(tmp_path, **changes)) == "error: " + expected


def test_every_missing_part_is_named(tmp_path: Path) -> None:
    hint = "    a case has case_id, policy, as_of and facts\n"
    assert messages(write(tmp_path, "{}")) == "".join(
        f"error: case.json: `{part}` is missing\n{hint}" for part in ("case_id", "policy", "as_of", "facts")
    )


def test_two_faults_are_both_reported(tmp_path: Path) -> None:
    assert messages(facts(tmp_path, unborne=True, icpc_held_on="soon")) == (
        "error: case.json: facts.unborne: unknown fact `unborne`\n    did you mean `unborn`?\n"
        "error: case.json: facts.icpc_held_on: `soon` is not a date, true or false\n"
    )


# Facts ------------------------------------------------------------------------------------

BLANK = "    leave the fact out, or write null, if it is not known\n"
ONE_DATE = "    give one date: only what happens, and may happen again, takes a list\n"


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        ("zzzzzz", 1, "unknown fact `zzzzzz`\n    see `whichteam facts` for the names\n"),
        ("unborn", "yes", "`yes` is not true or false\n"),
        ("unborn", 1, "`1` is not true or false\n"),
        ("unborn", "unknown", "`unknown` is not true or false\n" + BLANK),
        ("unborn", "", "`` is not true or false\n" + BLANK),
        ("gestation_days", "3", "`3` is not a whole number\n"),
        ("gestation_days", True, "`true` is not a whole number\n"),
        ("gestation_days", 3.0, "`3.0` is not a whole number\n"),
        ("gestation_days", 7, "`7` is not a number from 0 to 6\n"),
        ("gestation_days", -1, "`-1` is not a number from 0 to 6\n"),
        (
            "icpc_outcome",
            "child_protection_pln",
            "`child_protection_pln` is not one of child_protection_plan, no_plan\n    did you mean `child_protection_plan`?\n",
        ),
        ("icpc_outcome", ["no_plan"], '`["no_plan"]` is not one of child_protection_plan, no_plan\n'),
        ("team_on_record", "awakn", "`awakn` is not a team of this policy\n    did you mean `awaken`?\n"),
        ("team_on_record", 4, "`4` is not a team of this policy\n"),
        ("date_of_birth", "2023-02-29", "`2023-02-29` is no day of the calendar\n"),
        ("date_of_birth", True, "`true` is not a date such as 2024-09-03\n"),
        ("date_of_birth", 20240101, "`20240101` is not a date such as 2024-09-03\n"),
        (
            "date_of_birth",
            "2024-09-04",
            "2024-09-04 is after the day of the record 2024-09-03\n    correct one of the two dates\n",
        ),
        (
            "date_of_birth",
            ["2012-01-01"],
            '`["2012-01-01"]` is not a date such as 2024-09-03\n' + ONE_DATE,
        ),
        ("icpc_booked_for", ["2024-09-10"], '`["2024-09-10"]` is not a date such as 2024-09-03\n' + ONE_DATE),
        ("icpc_held_on", "2024-13-01", "`2024-13-01` is no day of the calendar\n"),
        ("icpc_held_on", 0, "`0` is not a date, true or false\n"),
        ("transfer_record_sent_at", "2024-09-06", "`2024-09-06` is not a date and time such as 2024-09-06T10:00\n"),
        ("transfer_record_sent_at", "2024-09-06T25:00", "`2024-09-06T25:00` is no time of the calendar\n"),
        ("transfer_record_sent_at", "0001-09-06T10:00", "`0001-09-06T10:00` is not between 1900 and 2200\n"),
        ("final_orders", "care_order", "`care_order` is not a list\n"),
        ("dispute_teams", ["awaken", "none"], "`none` is not a team of this policy\n"),
        ("dispute_teams", ["awaken"] * 201, "`201` is not a list of at most 200\n"),
        (
            "previous_involvements",
            [{"team": "awaken", "closed": "2024-01-01"}],
            "unknown part `closed`, expected team, closed_on\n",
        ),
        ("previous_involvements", ["awaken"], "`awaken` is not an entry with team, closed_on\n"),
        ("previous_involvements", [{"closed_on": "soon"}], "`soon` is not a date such as 2024-09-03\n"),
    ],
)
def test_facts(tmp_path: Path, fact: str, value: object, expected: str) -> None:
    assert messages(facts(tmp_path, **{fact: value})) == f"error: case.json: facts.{fact}: {expected}"


def test_the_first_and_the_last_allowed_value_are_taken(tmp_path: Path) -> None:
    for value in (0, 6):
        assert whichteam("decide", facts(tmp_path, gestation_days=value, date_of_birth="2024-09-03")).code == 0


def test_a_long_wrong_value_is_cut_short(tmp_path: Path) -> None:
    assert messages(facts(tmp_path, unborn="x" * 500)) == (
        'error: case.json: facts.unborn: `"' + "x" * 59 + "…` is not true or false\n"
    )


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have(tmp_path: Path, word: str) -> None:
    text = json.dumps(GOOD).replace('"facts": {}', f'"facts": {{"gestation_days": {word}}}')
    assert messages(write(tmp_path, text)) == f"error: case.json: facts.gestation_days: `{word}` is not a whole number\n"


def test_a_name_can_not_steer_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in messages(facts(tmp_path, **{"\x1b[2Jx": True}))


# What happens, and may happen again ----------------------------------------------------------

OCCURRENCES = "    list the days on which it happened, oldest first, each once\n"
DAYS = [(date(2000, 1, 1) + timedelta(n)).isoformat() for n in range(5_000)]


@pytest.mark.parametrize(
    ("fact", "bad", "expected", "good"),
    [
        (
            "icpc_held_on",
            [],
            "`[]` names no day, expected a date or a list of dates\n"
            "    leave the fact out, or write null, if it is not known; write false if it has not happened\n",
            False,
        ),
        (
            "contact_received_on",
            [],
            "`[]` names no day, expected a date or a list of dates\n" + BLANK,
            ["2024-09-02"],
        ),
        (
            "icpc_held_on",
            ["2024-05-10", "2022-01-01"],
            "2022-01-01 stands after 2024-05-10, which is later\n" + OCCURRENCES,
            ["2022-01-01", "2024-05-10"],
        ),
        (
            "contact_received_on",
            ["2024-05-10", "2022-01-01"],
            "2022-01-01 stands after 2024-05-10, which is later\n" + OCCURRENCES,
            ["2022-01-01", "2024-05-10"],
        ),
        (
            "managers_agreed_on",
            ["2024-05-10", "2024-05-10"],
            "the list names 2024-05-10 twice\n" + OCCURRENCES,
            ["2024-05-10", "2024-05-11"],
        ),
        (
            "icpc_held_on",
            ["2024-05-10", True],
            "`true` is not a date such as 2024-09-03, in a list of dates\n" + OCCURRENCES,
            True,
        ),
        ("icpc_held_on", ["2024-02-30"], "`2024-02-30` is no day of the calendar\n" + OCCURRENCES, ["2024-02-29"]),
        ("icpc_held_on", DAYS[:201], "`201` is not a list of at most 200 days\n" + OCCURRENCES, DAYS[:200]),
        (
            "contact_received_on",
            ["2024-05-10", "2024-09-04"],
            "2024-09-04 is after the day of the record 2024-09-03\n    correct one of the two dates\n",
            ["2024-05-10", "2024-09-03"],
        ),
        (
            "with_team_since",
            "2024-09-04",
            "2024-09-04 is after the day of the record 2024-09-03\n    correct one of the two dates\n",
            "2024-09-03",
        ),
        ("with_team_since", ["2024-09-02"], '`["2024-09-02"]` is not a date such as 2024-09-03\n' + ONE_DATE, "2024-09-02"),
    ],
)
def test_occurrences(tmp_path: Path, fact: str, bad: object, expected: str, good: object) -> None:
    assert messages(facts(tmp_path, **{fact: bad})) == f"error: case.json: facts.{fact}: {expected}"
    assert read({fact: good}).facts


@pytest.mark.parametrize(
    ("fact", "before", "born"),
    [
        ("placed_on", "2020-01-01", "2020-01-02"),
        ("first_review_held_on", ["2020-01-01", "2024-01-01"], "2020-01-02"),
        ("died_on", "2020-01-01", "2020-01-02"),
    ],
)
def test_what_no_unborn_child_can_have(tmp_path: Path, fact: str, before: object, born: str) -> None:
    assert messages(facts(tmp_path, date_of_birth=born, **{fact: before})) == (
        f"error: case.json: facts.{fact}: 2020-01-01 is before the date of birth 2020-01-02\n"
        "    only a child who has been born can have it: correct one of the two dates\n"
    )
    assert read({"date_of_birth": "2020-01-01", fact: before}).facts


def test_nobody_dies_twice(tmp_path: Path) -> None:
    assert messages(facts(tmp_path, died_on=["2024-08-01", "2024-08-03"])) == (
        "error: case.json: facts.died_on: a child dies once, and two days are recorded: 2024-08-01 and 2024-08-03\n"
        "    keep the day that is right\n"
    )
    assert read({"died_on": ["2024-08-01"]}).facts


def test_what_an_unborn_child_can_have() -> None:
    """A contact, an assessment, a conference and proceedings may come before birth."""
    for fact in ("contact_received_on", "assessment_completed_on", "icpc_held_on", "care_proceedings_issued_on"):
        assert read({"date_of_birth": "2024-08-01", fact: "2024-07-01"}).facts


def test_a_list_of_one_is_that_date() -> None:
    assert read({"icpc_held_on": ["2024-05-10"]}) == read({"icpc_held_on": "2024-05-10"})
    assert read({"contact_received_on": ["2024-05-10"]}) == read({"contact_received_on": "2024-05-10"})


def test_a_record_of_too_many_occurrences_is_refused_at_once(tmp_path: Path) -> None:
    events = [name for name, fact in VOCABULARY.recorded.items() if fact.type == "event"][:25]
    many = {name: DAYS[200 * n : 200 * (n + 1)] for n, name in enumerate(events)}
    expected = (
        "error: case.json: facts: {:,} dated occurrences are recorded, expected at most 1,000 in one record\n"
        "    is it the record of one child? most are of `{}`: {}\n"
    )
    assert messages(facts(tmp_path, **many)) == expected.format(5_000, events[0], 200)
    assert messages(facts(tmp_path, icpc_held_on=DAYS)) == expected.format(5_000, "icpc_held_on", "5,000")
    one_more = {**dict(list(many.items())[:5]), events[5]: ["2024-01-01"]}
    assert messages(facts(tmp_path, **one_more)) == expected.format(1_001, events[0], 200)
    assert len(read(dict(list(many.items())[:5])).facts) == 5


@pytest.mark.parametrize("fact", ["came_from", "came_at", "stint_from", "points_past", "agreed_later"])
def test_what_is_carried_from_day_to_day_stands_in_no_file(tmp_path: Path, fact: str) -> None:
    assert fact in VOCABULARY.facts
    said = messages(facts(tmp_path, **{fact: "2024-05-10"}))
    assert said.startswith(f"error: case.json: facts.{fact}: unknown fact `{fact}`\n    ")


# The day of the record ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "expected", "good"),
    [
        (
            "2024-09-02",
            "2024-09-02 is before the as-of date 2024-09-03\n    the record is drawn up on the day of the answer or later\n",
            "2024-09-03",
        ),
        ("soon", "`soon` is not a date such as 2024-09-03\n    write the date as 2024-09-03\n", "2024-09-04"),
        (["2024-09-04"], '`["2024-09-04"]` is not a date such as 2024-09-03\n    write the date as 2024-09-03\n', None),
    ],
)
def test_the_day_of_the_record(tmp_path: Path, bad: object, expected: str, good: object) -> None:
    assert messages(case(tmp_path, recorded_on=bad)) == "error: case.json: recorded_on: " + expected
    assert make_case({**GOOD, "recorded_on": good}, VOCABULARY, "case.json").record_day >= date(2024, 9, 3).toordinal()


def test_the_team_may_have_taken_over_after_the_day_of_the_answer() -> None:
    """The day of the answer is then before the stint on record."""
    document = {**GOOD, "recorded_on": "2024-09-20", "facts": {"with_team_since": "2024-09-10"}}
    assert make_case(document, VOCABULARY, "case.json").facts


@pytest.mark.parametrize(
    ("recorded_on", "as_of", "kept"),
    [
        (None, "2024-08-01", "2024-09-03"),
        (None, "2024-09-03", None),
        (None, "2024-10-01", None),
        ("2024-09-20", "2024-08-01", "2024-09-20"),
        ("2024-09-20", "2024-09-10", "2024-09-20"),
        ("2024-09-20", "2024-09-20", None),
        ("2024-09-20", "2024-10-01", None),
    ],
)
def test_another_day_keeps_the_day_of_the_record(recorded_on: str | None, as_of: str, kept: str | None) -> None:
    made = make_case({**GOOD, "recorded_on": recorded_on}, VOCABULARY, "case.json", parse_day(as_of))
    assert (made.as_of, made.recorded_on) == (parse_day(as_of), None if kept is None else parse_day(kept))


def test_an_earlier_day_asked_for_on_the_command_line(tmp_path: Path) -> None:
    """Events between that day and the file's own day had not happened yet, and were not planned."""
    held = {
        "team_on_record": "assessment_and_support_team",
        "icpc_held_on": "2024-09-02",
        "icpc_outcome": "child_protection_plan",
    }
    here = facts(tmp_path, **held)
    as_written = write(
        tmp_path, json.dumps({**GOOD, "as_of": "2024-08-01", "recorded_on": "2024-09-03", "facts": held}), "b.json"
    )
    planned = write(tmp_path, json.dumps({**GOOD, "as_of": "2024-08-01", "facts": held}), "c.json")
    asked = whichteam("decide", here, "--json", "--as-of", "2024-08-01")
    assert (asked.code, asked.err) == (0, "")
    assert json.loads(asked.out) == json.loads(whichteam("decide", as_written, "--json").out)
    assert json.loads(asked.out)["transfer"] != json.loads(whichteam("decide", planned, "--json").out)["transfer"]


# Date and time --------------------------------------------------------------------------------


def test_a_date_and_time_is_no_number() -> None:
    made = read({"transfer_record_sent_at": "2024-09-02T10:05"})
    sent = made.facts["transfer_record_sent_at"]
    assert sent == Moment(date(2024, 9, 2).toordinal() * 1440 + 605)
    assert sent != sent.minutes
    assert Day(sent.minutes) != sent
    assert occurrences(sent) == ()
    assert moment_text(sent) == "2024-09-02T10:05"


def test_seconds_are_left_out() -> None:
    assert read({"transfer_record_sent_at": "2024-09-02T10:05:59"}) == read({"transfer_record_sent_at": "2024-09-02T10:05"})


def test_a_date_and_time_is_written_as_such_in_a_decision(tmp_path: Path) -> None:
    given = {"team_on_record": "assessment_and_intervention_team", "transfer_record_sent_at": "2024-09-06T10:00"}
    path = case(tmp_path, policy="sefton", as_of="2024-09-07", facts=given)
    said = json.loads(whichteam("decide", path, "--json").out)
    recorded = [source["recorded"] for source in sources_in(said["proof"]) if source["fact"] == "transfer_record_sent_at"]
    assert recorded
    assert set(recorded) == {"2024-09-06T10:00"}


def sources_in(part: Any) -> list[Any]:
    """The facts of the case that a proof cites."""
    if isinstance(part, list):
        return [source for inner in part for source in sources_in(inner)]
    if not isinstance(part, dict):
        return []
    return [*part.get("source", []), *(source for inner in part.values() for source in sources_in(inner))]


# A case writes itself -------------------------------------------------------------------------

WHOLE: dict[str, Any] = {
    "case_id": "c1",
    "policy": "blackpool",
    "as_of": "2024-09-03",
    "recorded_on": "2024-09-20",
    "facts": {
        "date_of_birth": "2010-02-28",
        "gestation_days": 3,
        "siblings": [{"date_of_birth": "2012-05-01", "half_sibling": False}, {}],
        "contact_received_on": ["2022-01-05", "2024-08-01"],
        "team_on_record": "none",
        "previous_involvements": [],
        "icpc_held_on": ["2022-05-10", "2024-09-20"],
        "icpc_outcome": "no_plan",
        "care_proceedings_issued_on": True,
        "first_hearing_held_on": False,
        "final_orders": ["no_order"],
        "transfer_record_sent_at": "2024-09-06T10:00",
        "dispute_teams": ["awaken"],
    },
}


def test_a_case_is_written_as_it_was_read() -> None:
    made = make_case(WHOLE, VOCABULARY, "case.json")
    assert case_document(made, VOCABULARY) == WHOLE
    assert make_case(json.loads(json.dumps(case_document(made, VOCABULARY))), VOCABULARY, "case.json") == made


def test_facts_are_written_in_the_order_of_the_vocabulary() -> None:
    turned = {**WHOLE, "facts": dict(reversed(WHOLE["facts"].items()))}
    assert list(case_document(make_case(turned, VOCABULARY, "case.json"), VOCABULARY)["facts"]) == list(WHOLE["facts"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Day(date(2024, 9, 3).toordinal()), "2024-09-03"),
        ((Day(1), Day(2)), ["0001-01-01", "0001-01-02"]),
        (Moment(1440), "0001-01-01T00:00"),
        (True, True),
        (0, 0),
        (None, None),
        ((), []),
        (({"team": "awaken", "closed_on": Day(1)}, {}), [{"team": "awaken", "closed_on": "0001-01-01"}, {}]),
        (date(2024, 9, 3), "2024-09-03"),
    ],
)
def test_values_as_files_have_them(value: object, text: object) -> None:
    assert written(value) == text
    assert type(written(value)) is type(text)


# A further day --------------------------------------------------------------------------------


def test_a_further_day_takes_nothing_away() -> None:
    fact, since = VOCABULARY.facts["icpc_held_on"], VOCABULARY.facts["with_team_since"]
    assert with_occurrence(fact, Day(5), Day(9)) == (Day(5), Day(9))
    assert with_occurrence(fact, (Day(5), Day(9)), Day(7)) == (Day(5), Day(7), Day(9))
    assert with_occurrence(fact, (Day(5), Day(9)), Day(9)) == (Day(5), Day(9))
    assert with_occurrence(fact, None, Day(9)) == Day(9)
    assert with_occurrence(fact, False, Day(9)) == Day(9)
    assert with_occurrence(fact, (Day(5), Day(9)), False) is False
    assert with_occurrence(since, Day(5), Day(9)) == Day(9)


# YAML -------------------------------------------------------------------------------------

YAML = "case_id: c1\npolicy: blackpool\nas_of: 2024-09-03\nfacts:\n  icpc_held_on: 2024-09-02\n"


def test_dates_in_yaml_need_no_quotes(tmp_path: Path) -> None:
    plain = whichteam("decide", "--json", write(tmp_path, YAML, "case.yaml"))
    quoted = whichteam("decide", "--json", write(tmp_path, YAML.replace("2024-09-02", '"2024-09-02"'), "case.yml"))
    assert (plain.code, plain.err) == (0, "")
    assert plain == quoted


def test_several_dates_in_yaml(tmp_path: Path) -> None:
    given = {"icpc_held_on": ["2022-05-10", "2024-09-02"]}
    for listed in ("[2022-05-10, 2024-09-02]", "\n    - 2022-05-10\n    - 2024-09-02"):
        path = write(tmp_path, YAML.replace("2024-09-02", listed), "case.yaml")
        assert whichteam("decide", path, "--json").out == whichteam("decide", facts(tmp_path, **given), "--json").out
    turned = write(tmp_path, YAML.replace("2024-09-02", "[2024-09-02, 2022-05-10]"), "case.yaml")
    assert messages(turned) == (
        "error: case.yaml: facts.icpc_held_on: 2022-05-10 stands after 2024-09-02, which is later\n" + OCCURRENCES
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            YAML + "  unborn: &yes true\n  cared_for: *yes\n",
            "case.yaml:7:14: is not YAML: aliases are not used\n    write the values out again\n",
        ),
        (
            YAML + "  unborn: true\n  unborn: false\n",
            "case.yaml:7:3: is not YAML: `unborn` is given twice\n    keep one of them\n",
        ),
        (YAML + "case_id: c2\n", "case.yaml:6:1: is not YAML: `case_id` is given twice\n    keep one of them\n"),
        ("a: [1, 2\n", "case.yaml:2:1: is not YAML: expected ',' or ']', but got '<stream end>'\n"),
        (
            YAML + "  unborn: !!python/object/apply:os.getcwd []\n",
            "case.yaml:6:11: is not YAML: tags are not used\n",
        ),
        (YAML + "---\n" + YAML, "case.yaml:6:1: is not YAML: but found another document\n"),
        ("[" * 100_000, "case.yaml:1:41: is not YAML: values are nested more than 40 deep\n"),
        ("? [a]\n: 1\n", "case.yaml:1:3: is not YAML: a key must be a name\n"),
        ("- case\n", "case.yaml: is a list, expected one case\n    see the README for the form\n"),
        ("# nothing\n", "case.yaml: is empty, expected one case\n    see the README for the form\n"),
        (b"\x00\x01\x02", "case.yaml: is not YAML: unacceptable character #x0000: special characters are not allowed\n"),
    ],
)
def test_yaml(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert messages(write(tmp_path, content, "case.yaml")) == "error: " + expected


def test_yaml_keys_that_are_no_text(tmp_path: Path) -> None:
    path = write(tmp_path, YAML + "  1: true\n", "case.yaml")
    hint = "    see `whichteam facts` for the names\n"
    assert messages(path) == (f"error: case.yaml: facts.1: unknown fact `1`\n{hint}")


@pytest.mark.parametrize("value", ["!!int abc", "!!float abc", "!!bool maybe", "!!timestamp soon", "9" * 5_000])
def test_yaml_values_that_are_not_what_they_claim(tmp_path: Path, value: str) -> None:
    ran = whichteam("decide", write(tmp_path, f"{YAML}  unborn: {value}\n", "case.yaml"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: case.yaml")
