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
                "    conclude the same predicate, or remove `exception_to`"
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
