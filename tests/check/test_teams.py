"""Teams that nothing leads to, that nothing leaves, or that never hold a child."""

from __future__ import annotations

from pathlib import Path

from tests.check.checks import MOVES, found

NAME = "teams"


def test_what_is_said_of_each_team(tmp_path: Path) -> None:
    rules = MOVES.replace("route(alpha, gamma", "route(alpha, beta")
    assert [finding.says for finding in found(NAME, tmp_path, rules)] == [
        "No case leaves Beta by a clause.",
        "No clause leads to Gamma: only the record or an agreement puts a child there.",
        "No case leaves Gamma by a clause.",
    ]
