"""Case files that can't be used: the message says what and where, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import whichteam

GOOD: dict[str, Any] = {"case_id": "c1", "policy": "blackpool", "as_of": "2024-09-03", "facts": {}}
JSON_HINT = "    a case is JSON or YAML\n"


def messages(path: Path) -> str:
    """What `whichteam decide` says of a bad case file. It must fail cleanly."""
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
        (b"\x89PNG\r\n\x1a\n\x00\xff", "error: case.json: is not text: byte 1 is not UTF-8\n" + JSON_HINT),
        (b"{}\xff", "error: case.json: is not text: byte 3 is not UTF-8\n" + JSON_HINT),
        ("[" * 100_000, "error: case.json: is not usable JSON: nested too deeply\n"),
        ('{"a":' * 100_000, "error: case.json: is not usable JSON: nested too deeply\n"),
        ("x" * 1_000_001, "error: case.json: is 1,000,001 bytes; a case has at most 1,000,000\n    is it the right file?\n"),
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
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {tmp_path.name}: is a folder, not a case file\n")


def test_a_number_with_more_digits_than_python_reads(tmp_path: Path) -> None:
    path = write(tmp_path, '{"case_id": ' + "9" * 5_000 + "}")
    assert messages(path) == "error: case.json: is not usable JSON: a number has too many digits\n"


# The parts of a case ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"case_id": ""}, "case.json: case_id: `` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": "a/b"}, "case.json: case_id: `a/b` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": ".."}, "case.json: case_id: `..` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": "a\n"}, "case.json: case_id: `a\\n` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        ({"case_id": 7}, "case.json: case_id: `7` is not a case id\n    use letters, digits, `.`, `_` and `-`\n"),
        (
            {"policy": ["blackpool", "blackpool"]},
            'case.json: policy: `["blackpool", "blackpool"]` is not one policy\n    name one policy\n',
        ),
        ({"policy": "blackpol"}, "policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"),
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
        ("date_of_birth", "2024-09-04", "2024-09-04 is after the as-of date 2024-09-03\n    correct one of the two dates\n"),
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


# YAML -------------------------------------------------------------------------------------

YAML = "case_id: c1\npolicy: blackpool\nas_of: 2024-09-03\nfacts:\n  icpc_held_on: 2024-09-02\n"


def test_dates_in_yaml_need_no_quotes(tmp_path: Path) -> None:
    plain = whichteam("decide", "--json", write(tmp_path, YAML, "case.yaml"))
    quoted = whichteam("decide", "--json", write(tmp_path, YAML.replace("2024-09-02", '"2024-09-02"'), "case.yml"))
    assert (plain.code, plain.err) == (0, "")
    assert plain == quoted


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            YAML + "  unborn: &yes true\n  cared_for: *yes\n",
            "case.yaml:7:14: is not YAML: aliases are not used in cases\n",
        ),
        (YAML + "  unborn: true\n  unborn: false\n", "case.yaml:7:3: is not YAML: `unborn` is given twice\n"),
        (YAML + "case_id: c2\n", "case.yaml:6:1: is not YAML: `case_id` is given twice\n"),
        ("a: [1, 2\n", "case.yaml:2:1: is not YAML: expected ',' or ']', but got '<stream end>'\n"),
        (
            YAML + "  unborn: !!python/object/apply:os.getcwd []\n",
            "case.yaml:6:11: is not YAML: tags are not used in cases\n",
        ),
        (YAML + "---\n" + YAML, "case.yaml:6:1: is not YAML: but found another document\n"),
        ("[" * 100_000, "case.yaml: is not YAML: nested too deeply\n"),
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
