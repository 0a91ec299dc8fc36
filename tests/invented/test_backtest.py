"""The back-test on the command line: `caseload` finds every planted wrong team of children with several episodes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import whichteam


def table(path: Path, parted_by: str = ",") -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=parted_by))


@pytest.mark.parametrize(("policy", "children"), [("blackpool", 48), ("sefton", 32)])
def test_the_caseload_tells_who_has_a_wrong_team_and_since_when(policy: str, children: int, tmp_path: Path) -> None:
    made, results = tmp_path / "made", tmp_path / "results.csv"
    ran = whichteam("invent", "--policy", policy, "--children", str(children), "--seed", "3", "--out", made)
    assert (ran.code, ran.err) == (0, "")
    assert whichteam("caseload", made / "children.csv", "--out", results).code == 0
    found = {row["Child"]: row["Record wrong since"] for row in table(results) if row["Differ"] == "yes"}
    key = {row["child"]: row for row in table(made / "teams-key.tsv", "\t")}
    assert found == {child: row["wrong since"] for child, row in key.items() if row["wrong"] == "yes"}
    assert len(found) == children // 8
    stints = table(made / "stints-key.tsv", "\t")
    assert {row["child"] for row in stints} == set(key)
    assert len({row["child"] for row in stints if row["episode"] == "2"}) >= 3
    for child, day in found.items():  # in the key, the team on record held the child until that day and not after it
        last = [row for row in stints if row["child"] == child and row["team"] == key[child]["on record"]][-1]
        assert last["until"] == day
