"""Exceptions name clauses that exist, bear on the same conclusion, and run in no circle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

GENERAL = START + "@clause t2.\nroute(alpha, beta, handover).\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("@clause t3 exception_to t2.\nroute(alpha, gamma, handover) :- cared_for.", []),
        (
            "@clause t3 exception_to t22.\nroute(alpha, gamma, handover) :- cared_for.",
            ["tiny/rules.dl:5:1: exception to unknown clause `t22`\n    did you mean `t2`?"],
        ),
        (
            "@clause t3 exception_to t2.\nduty(call_back) :- cared_for.",
            [
                "tiny/rules.dl:5:1: `t3` concludes nothing that `t2` concludes, so it can't be an exception to it\n"
                "    conclude the same predicate, take it away with `not` before it, or remove `exception_to`"
            ],
        ),
        (
            "@clause t3 exception_to t3.\nroute(alpha, gamma, handover) :- cared_for.",
            ["tiny/rules.dl:5:1: exceptions run in a circle: `t3` is an exception to `t3`\n    remove one of them"],
        ),
        (
            "@clause t3 exception_to t4.\nroute(alpha, gamma, handover) :- cared_for.\n"
            "@clause t4 exception_to t3.\nroute(alpha, beta, goodbye) :- cared_for.",
            [
                "tiny/rules.dl:5:1: exceptions run in a circle: `t4` is an exception to `t3` is an exception to `t4`\n"
                "    remove one of them"
            ],
        ),
    ],
)
def test_exceptions(tmp_path: Path, more: str, expected: list[str]) -> None:
    assert faults(tmp_path, GENERAL + more) == expected


TWO = START + "@clause t2.\nroute(alpha, beta, handover).\nlimit(visit_due, as_of).\nduty(call_back) :- unborn.\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("@clause t3 exception_to t2.\nnot route(alpha, beta, _) :- cared_for.", []),
        ("@clause t3 exception_to t2.\nnot route(From, _, _) :- known team_on_record(From).\nnot limit(_, _) :- unborn.", []),
        ("@clause t3 exception_to t2.\nnot duty(call_back).", []),
        (
            "@clause t3.\nnot duty(call_back) :- cared_for.",
            [
                "8:1: `not duty(call_back)` takes something away, and `t3` is an exception to no clause\n"
                "    write `@clause t3 exception_to ID.` with the clause that it takes it from"
            ],
        ),
        (
            "@clause t3 exception_to t2.\nnot duty(call_back).\nnot route(gamma, _, _) :- cared_for.",
            [
                "9:1: `not route(gamma, _, _)` takes nothing away: no rule of `t2` is about it\n"
                "    name a head that it concludes, with `_` for any code"
            ],
        ),
        (
            "@clause t3 exception_to t1 t2.\nnot front_door(beta) :- cared_for.\nnot finding(odd) :- cared_for.",
            [
                "7:1: `t3` concludes nothing that `t2` concludes, so it can't be an exception to it\n"
                "    conclude the same predicate, take it away with `not` before it, or remove `exception_to`",
                "8:1: `not front_door(beta)` takes nothing away: no rule of `t1` or `t2` is about it\n"
                "    name a head that it concludes, with `_` for any code",
                "9:1: `not finding(odd)` takes nothing away: no rule of `t1` or `t2` is about it\n"
                "    name a head that it concludes, with `_` for any code",
            ],
        ),
        (
            "@clause t3 exception_to t2.\nnot route(From, _, _) :- cared_for.",
            ["8:1: no condition gives `From` of `not route(From, _, _)` a value\n    add one that does, or write `_` for any"],
        ),
        (
            "@clause t3 exception_to t2.\nnot limit(visit_due, as_of) :- cared_for.",
            [
                "8:1: `as_of` of `not limit(visit_due, as_of)` is a value of the case\n"
                "    write `_`: it is taken away whatever the value"
            ],
        ),
        (
            "@clause t3 exception_to t2.\nnot route(_, _, _) :- cared_for.\n"
            "@clause t4 exception_to t3.\nnot route(_, beta, _) :- unborn.",
            [
                "10:1: `not route(_, beta, _)` takes nothing away: no rule of `t3` is about it\n"
                "    what only takes away is taken away whole: write `_` in every place"
            ],
        ),
        (
            "@clause t3 exception_to t2.\nnot route(_, betta, _) :- cared_for.",
            [
                "8:1: `not route(_, betta, _)` takes nothing away: no rule of `t2` is about it\n"
                "    name a head that it concludes, with `_` for any code",
                "8:1: unknown team `betta`\n    did you mean `beta`?",
            ],
        ),
    ],
)
def test_exceptions_that_only_remove(tmp_path: Path, more: str, expected: list[str]) -> None:
    assert sorted(faults(tmp_path, TWO + more)) == sorted(f"tiny/rules.dl:{fault}" for fault in expected)


def test_a_circle_of_three_names_all_of_them(tmp_path: Path) -> None:
    rules = START + "".join(
        f"@clause t{n} exception_to t{general}.\nroute(alpha, beta, handover) :- cared_for.\n"
        for n, general in ((2, 3), (3, 4), (4, 2))
    )
    (fault,) = faults(tmp_path, rules)
    assert fault in [
        f"tiny/rules.dl:3:1: exceptions run in a circle: {' is an exception to '.join(circle)}\n    remove one of them"
        for circle in (
            ("`t2`", "`t3`", "`t4`", "`t2`"),
            ("`t3`", "`t4`", "`t2`", "`t3`"),
            ("`t4`", "`t2`", "`t3`", "`t4`"),
        )
    ]
