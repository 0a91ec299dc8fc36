"""Every conclusion can be said in English, true and false."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

RULES = START + "busy(alpha).\nduty(call_back) :- busy(_).\n"


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ('predicate busy(Team: team) "{Team} is busy" not "{Team} is quiet".', []),
        (
            'predicate busy(Team: team) "{Team} is busy".',
            [
                "tiny/rules.dl:1:1: `busy` has no English sentence for when it is false\n"
                '    add: not "{Team} does not hold the child"'
            ],
        ),
        (
            'predicate busy(Team: team) " " not "{Team} is quiet".',
            [
                '`busy` has no English sentence\n    write one: "{Team} holds the child"',
                "`Team` of `busy` is not named in its sentence\n    put {Team} into it",
            ],
        ),
        (
            'predicate busy(Team: team) "{Team} is busy with {Taem}" not "{Team} is quiet".',
            ["unknown placeholder `{Taem}`\n    did you mean `Team`?"],
        ),
        (
            'predicate busy(Team: team) "somebody is busy" not "{Team} is quiet".',
            ["`Team` of `busy` is not named in its sentence\n    put {Team} into it"],
        ),
        # what `str.format` would take for something else
        (
            'predicate busy(Team: team) "{Team} is {busy" not "{Team} is quiet".',
            ["a bracket of `busy` is not closed\n    write {Team}, or leave the bracket out"],
        ),
        (
            'predicate busy(Team: team) "{Team} is busy {}" not "{Team} is quiet".',
            ["unknown placeholder `{}`\n    write {Team}"],
        ),
        (
            'predicate busy(Team: team) "{Team} is busy {0}" not "{Team} is quiet".',
            ["unknown placeholder `{0}`\n    write {Team}"],
        ),
        (
            'predicate busy(Team: team) "{Team} is busy {Team.__class__}" not "{Team} is quiet".',
            ["unknown placeholder `{Team.__class__}`\n    did you mean `Team`?"],
        ),
    ],
)
def test_templates(tmp_path: Path, declaration: str, expected: list[str]) -> None:
    place = "tiny/rules.dl:1:1: "
    assert faults(tmp_path, declaration + "\n" + RULES) == [place + fault.removeprefix(place) for fault in expected]


def test_two_parameters_of_one_name_are_refused(tmp_path: Path) -> None:
    rules = 'predicate busy(T: team, T: team) "{T} is busy" not "{T} is quiet".\n' + START
    rules += "busy(alpha, beta).\nduty(call_back) :- busy(_, _).\n"
    assert faults(tmp_path, rules) == [
        "tiny/rules.dl:1:1: `busy` has two arguments called `T`\n    give one of them another name"
    ]
