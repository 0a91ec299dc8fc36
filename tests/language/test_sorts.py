"""Arguments are of the sort that their place asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import CODES, START, faults

AT = "tiny/rules.dl:3:"

A_DATE = "write a date such as 2024-09-03, or a variable (starts with a capital letter)"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # codes
        ("duty(call_back) :- team_on_record(beta).", []),
        ("duty(call_back) :- team_on_record(none).", []),
        (
            "duty(call_back) :- team_on_record(betta).",
            [AT + "20: unknown team `betta`\n    did you mean `beta`?"],
        ),
        ("duty(handover).", [AT + "1: `handover` is a point, but `duty` takes a duty here\n    arguments: duty"]),
        ("duty(wxyz).", [AT + "1: unknown duty `wxyz`\n    declare it in codes.tsv as a duty"]),
        (
            "route(alpha, handover, beta).",
            [AT + "1: `handover` is a point, but `route` takes a team here\n    arguments: team, team, point"],
        ),
        ("duty(call_back) :- care_plan(adoption).", []),
        (
            "duty(call_back) :- care_plan(adopton).",
            [AT + "20: unknown value of care plan `adopton`\n    did you mean `adoption`?"],
        ),
        (
            "attendance(beta_attends, handover, first_talk).",
            [
                AT + "1: `handover` is a point, but `attendance` takes a team, body or escalation here\n"
                "    arguments: attendance, team, body or escalation, meeting or point"
            ],
        ),
        (
            "attendance(beta_attends, somebody, first_talk).",
            [AT + "1: unknown team, body or escalation `somebody`\n    declare it in codes.tsv as a team, body or escalation"],
        ),
        ("attendance(beta_attends, referrer, handover).", []),
        ("duty(call_back) :- happened(icpc_held_on, _).", []),
        (
            "duty(call_back) :- happened(icpc_held, _).",
            [AT + "20: unknown name of an event `icpc_held`\n    did you mean `icpc_held_on`?"],
        ),
        (
            "duty(call_back) :- happened(date_of_birth, _).",
            [
                AT + "20: `date_of_birth` is a fact of type date, but `happened` takes a name of an event here\n"
                "    arguments: name of an event, date"
            ],
        ),
        ("duty(call_back) :- recorded_date(date_of_birth, _).", []),
        # numbers and dates
        ("duty(call_back) :- threshold_level(Level), Level >= 3.", []),
        ("limit(visit_due, Day + 3 working days) :- contact_received_on(Day).", []),
        ("limit(visit_due, 3).", [AT + "1: `3` is a number, but `limit` takes a date here\n    " + A_DATE]),
        ("limit(visit_due, handover).", [AT + "1: `handover` is a code, but `limit` takes a date here\n    " + A_DATE]),
        ("duty(3).", [AT + "1: `3` is a number, but `duty` takes a duty here\n    write the code of a duty"]),
        (
            "duty(call_back) :- contact_received_on(Day), Day >= 3.",
            [AT + "46: `Day >= 3` compares a date with a number\n    write for example `as_of >= Born + 16 years` for an age"],
        ),
        (
            "duty(call_back) :- threshold_level(Level), Level + 3 days <= as_of.",
            [AT + "44: `Level + 3 days` needs a date, but `Level` is a number"],
        ),
        (
            "duty(call_back) :- transfer_record_sent_at(Moment), Moment <= as_of.",
            [AT + "53: `Moment <= as_of` compares a date and time with a date\n    write `day(Moment)` for its day"],
        ),
        ("duty(call_back) :- transfer_record_sent_at(Moment), day(Moment) <= as_of.", []),
        ("duty(call_back) :- transfer_record_sent_at(Moment), Moment <= as_of at 10:00.", []),
        (
            "duty(call_back) :- contact_received_on(Day), day(Day) <= as_of.",
            [AT + "46: `day(Day)` needs a date and time, but `Day` is a date\n    write `Day`"],
        ),
        (
            "limit(visit_due, Moment at 10:00) :- contact_received_on(Moment).",
            [
                AT + "1: `Moment at 10:00` is a date and time, but `limit` takes a date here\n"
                "    conclude `limit_at` for a limit with a time of day"
            ],
        ),
        # variables in two ways
        (
            "duty(call_back) :- team_on_record(X), point(X).",
            [AT + "39: `X` is a team elsewhere in this rule, and a point in `point`\n    use two variables"],
        ),
        ("duty(call_back) :- team_on_record(X), attendance(_, X, _).", []),
        # an amount of days is a number
        ("limit(visit_due, Day + N days) :- contact_received_on(Day), threshold_level(N).", []),
        (
            "limit(visit_due, Day + Other days) :- contact_received_on(Day), expected_date_of_birth(Other).",
            [
                AT + "1: `Day + Other days` needs a number, but `Other` is a date\n"
                "    write a number, or a variable that a condition gives one"
            ],
        ),
        # readings
        ("duty(call_back) :- reading(mood, stern).", []),
        ("duty(call_back) :- reading(span, 30).", []),
        ("duty(call_back) :- reading(moood, stern).", [AT + "20: unknown reading `moood`\n    did you mean `mood`?"]),
        (
            "duty(call_back) :- reading(mood, strn).",
            [AT + "20: `strn` is not a setting of the reading `mood`\n    did you mean `stern`?"],
        ),
        (
            "duty(call_back) :- reading(mood, 7).",
            [AT + "20: `7` is not a setting of the reading `mood`\n    settings: calm, stern, glad"],
        ),
        (
            "duty(call_back) :- reading(span, 31).",
            [AT + "20: `31` is not a setting of the reading `span`\n    settings: 7, 1..30"],
        ),
    ],
)
def test_sorts(tmp_path: Path, rule: str, expected: list[str]) -> None:
    assert faults(tmp_path, START + rule) == expected


def test_a_declaration_names_sorts_that_exist(tmp_path: Path) -> None:
    rules = 'predicate busy(T: tean) "{T} is busy" not "{T} is quiet".\n' + START + "busy(alpha).\nduty(call_back) :- busy(_)."
    assert faults(tmp_path, rules) == ["tiny/rules.dl:1:1: unknown sort `tean`\n    did you mean `team`?"]


def test_a_policy_need_not_have_codes_of_every_kind(tmp_path: Path) -> None:
    """What the house may conclude for others asks nothing of a policy that never concludes it."""
    teams = [row for row in CODES if row[0] == "team"]
    assert faults(tmp_path, START, codes=teams) == []
