"""Importing again and again: what people recorded stands, disagreements are told, nothing is recorded twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.case import Case, make_case
from kb.errors import Fault
from kb.register.audit import audit
from kb.register.store import Store
from queries.register import change
from queries.register.history import history
from queries.register.importing import TOGETHER, Imported, Source, import_cases, policy_of, read
from tests.register.tiny import LATER, POLICY, Clock, made

FACTS = {"team_on_record": "alpha", "icpc_required": True}


def case(number: str, day: str, **facts: Any) -> Case:
    document = {"case_id": number, "policy": POLICY, "as_of": day, "facts": {**FACTS, **facts}}
    return make_case(document, change.policy_named(POLICY).vocabulary, number)


def taken(store: Store, *cases: Case, by: str = "nightly", policy: str = POLICY) -> Imported:
    return import_cases(store, Source("monday.csv", cases, {c.case_id: {"icpc_held_on": "row 7"} for c in cases}), policy, by)


def counts(made_: Imported) -> tuple[int, int, int, int]:
    return made_.new, made_.changed, made_.unchanged, made_.facts


def test_the_same_file_again_records_nothing(place: str) -> None:
    store = made(place)
    monday = [case("c1", "2024-08-25", icpc_held_on="2024-08-20"), case("c2", "2024-08-25")]
    assert counts(taken(store, *monday)) == (2, 0, 0, 5)
    assert counts(taken(store, *monday)) == (0, 0, 2, 0)
    tuesday = [case("c1", "2024-08-26", icpc_held_on="2024-08-21"), case("c2", "2024-08-26"), case("c3", "2024-08-26")]
    assert counts(taken(store, *tuesday)) == (1, 1, 1, 3)
    (one,) = [r for r in history(store, "c1").known.facts.values() if r.fact == "icpc_held_on"]
    assert (one.value, one.day, one.origin, one.source, one.by) == (
        "2024-08-21",
        "2024-08-26",
        "import",
        "monday.csv: row 7",
        "nightly",
    )
    assert audit(store).whole


def test_what_a_person_recorded_stands_and_the_disagreement_is_told_each_time(place: str) -> None:
    store = made(place)
    taken(store, case("c1", "2024-08-25", icpc_held_on="2024-08-20"))
    change.add(store, "c1", {"icpc_held_on": "2024-08-19"}, "Ben", "2024-08-25")
    for _ in range(2):
        found = taken(store, case("c1", "2024-08-26", icpc_held_on="2024-08-20"))
        (known,) = found.disputed
        assert (known.values["icpc_held_on"], known.disputed["icpc_held_on"].value) == ("2024-08-19", "2024-08-20")
        assert counts(found) == (0, 0, 1, 0)
    agreeing = taken(store, case("c1", "2024-08-27", icpc_held_on="2024-08-19"))
    assert (agreeing.disputed, counts(agreeing)) == ([], (0, 1, 0, 1))
    assert history(store, "c1").known.values["icpc_held_on"] == "2024-08-19"


def test_what_data_no_longer_say_is_kept_and_what_is_still_not_so_is_said_for_the_later_day(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    taken(store, case("c1", "2024-08-25", icpc_held_on=False, record_up_to_date=True))
    assert counts(taken(store, case("c1", "2024-08-26", icpc_held_on=False))) == (0, 1, 0, 1)
    found = history(store, "c1").known.facts
    assert (found["icpc_held_on"].day, found["record_up_to_date"].value) == ("2024-08-26", True)


def test_a_child_that_can_not_be_taken_is_told_and_the_others_are_taken(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    change.add(store, "c1", {**FACTS, "date_of_birth": "2017-02-28"}, "Ann", "2024-08-25", policy=POLICY)
    change.add(store, "c2", FACTS, "Ann", "2024-08-25", policy=LATER)
    found = taken(
        store, case("c1", "2024-08-25", section_20_from="2017-02-27"), case("c2", "2024-08-25"), case("c3", "2024-08-25")
    )
    assert found.refused == [
        Fault(
            "c1: facts.section_20_from",
            "2017-02-27 is before the date of birth 2017-02-28",
            "only a child who has been born can have it: correct one of the two dates",
        ),
        Fault("c2", "comes under `tiny_2025` in the register, not `tiny`", "import it with --policy tiny_2025"),
    ]
    assert (counts(found), history(store, "c1").version) == ((1, 0, 0, 2), 2)


def test_many_children_are_taken_in_shares_and_a_broken_off_import_is_finished_by_another(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite", Clock())
    cases = [case(f"c{number:03}", "2024-08-25") for number in range(TOGETHER + 30)]

    def broken_off(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_cases(store, Source("x", cases, {}), POLICY, "nightly", broken_off)
    assert audit(store).entries == 1 + TOGETHER
    assert counts(taken(store, *cases)) == (30, 0, TOGETHER, 60)


def test_a_caseload_is_read_with_the_place_of_each_child(tmp_path: Path) -> None:
    file = tmp_path / "children.csv"
    file.write_text(
        "case_id,policy,as_of,team_on_record,icpc_held_on\nc1,tiny,2024-08-25,alpha,2024-08-20\nc2,tiny,2024-08-25,alfa,\n"
    )
    assert policy_of(str(file)) == POLICY
    source = read(str(file), change.policy_named(POLICY), None)
    assert ([c.case_id for c in source.cases], source.name) == (["c1"], "children.csv")
    assert "alfa" in str(source.faults[0])
