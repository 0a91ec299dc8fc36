"""A whole register answered: what changed is kept, an answer that stands is not kept again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from kb.register.schema import answers
from kb.register.store import Store, open_store
from queries.register import answering, change, editions
from queries.register.answering import but_for_the_day
from queries.register.answering_all import AnsweredAll, answer_all
from queries.register.history import history
from queries.register.known import find_child
from tests.register.test_asked import CHILDREN
from tests.register.test_change import refusal
from tests.register.test_commands import register, said
from tests.register.tiny import LATER, POLICY, Clock, made, told

EACH = 5  # children alike: so many together that they are decided in columns


@pytest.fixture(scope="module")
def answered(council: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with children of five kinds, answered for 25 August."""
    path = tmp_path_factory.mktemp("answered") / "r.sqlite"
    store = made(path, Clock())
    for number, facts in CHILDREN.items():
        for n in range(EACH):
            change.add(store, f"{number}-{n}", facts, "Ann", "2024-08-25", policy=POLICY)
    assert every(store, "2024-08-25") == (25, 0, 0)
    return path


@pytest.fixture
def store(answered: Path, tmp_path: Path) -> Store:
    clock = Clock()
    clock.set("2024-09-20")
    return open_store(shutil.copyfile(answered, tmp_path / "r.sqlite").as_posix(), clock=clock)


def latest(store: Store, number: str) -> answering.Kept:
    with store.reading() as connection:
        return answering.read_answers(connection, answers.c.child == find_child(connection, number).id)[-1]


def every(store: Store, day: str) -> tuple[int, int, int]:
    found = answer_all(store, told, "Ann", "test", day)
    assert found.refused == []
    return found.kept, found.standing, found.empty


def test_what_stands_is_what_would_follow(store: Store) -> None:
    change.add(store, "nothing", {}, "Ann", policy=POLICY)
    kept = {}
    for day in ("2024-08-25", "2024-08-31", "2024-09-10"):
        kept[day] = every(store, day)
        for number in CHILDREN:
            again = answering.work_out(store, f"{number}-0", told, day)
            assert but_for_the_day(latest(store, f"{number}-0").told) == but_for_the_day(again.told), (day, number)
    assert kept == {
        "2024-08-25": (0, 25, 1),
        "2024-08-31": (0, 25, 1),  # a limit that has passed, of which nobody recorded anything, is still open
        "2024-09-10": (5, 20, 1),  # the conference that was booked
    }


def test_who_has_something_new_on_record_is_answered_anew(store: Store) -> None:
    change.add(store, "moved-0", {"record_up_to_date": True}, "Ann", "2024-08-25")
    change.note(store, "moved-1", "a note", "Ann")
    assert every(store, "2024-08-26") == (1, 24, 0)
    change.undo(store, latest(store, "moved-2").entry, "Ann")
    assert every(store, "2024-08-26") == (1, 24, 0)
    assert [len(history(store, f"moved-{n}").answers) for n in range(4)] == [2, 1, 1, 1]


def test_each_child_is_answered_under_the_edition_of_the_day(store: Store) -> None:
    editions.add_edition(store, LATER, "2024-01-01", None, POLICY, "Eve")
    assert every(store, "2024-08-25") == (25, 0, 0)
    assert latest(store, "moved-0").team == "gamma"
    assert every(store, "2024-08-25") == (0, 25, 0)
    editions.add_edition(store, POLICY, "2025-01-01", None, POLICY, "Eve")
    assert answer_all(store, told, "Ann", "test", "2023-01-01") == AnsweredAll(0, 0, 0, answer_faults(store))


def answer_faults(store: Store) -> Any:
    """What is told of each child on a day on which no edition is in force."""
    found = answer_all(store, told, "Ann", "test", "2023-01-01").refused
    assert len(found) == 25
    assert str(found[0]).startswith("moved-0: editions: no edition of `tiny` is in force on 2023-01-01: tiny_2025 from")
    return found


def test_the_command_says_what_it_kept() -> None:
    for number in ("c1", "c2"):
        said("add", number, "team_on_record=alpha", "--policy", POLICY, "--day", "2024-08-25", "--by", "Ann")
    assert said("answer", "--all", "--as-of", "2024-08-25", "--by", "Ann") == "2 answers kept. 0 stand as they are.\n"
    said("add", "c1", "icpc_required=true", "--day", "2024-08-25", "--by", "Ann")
    assert said("answer", "--all", "--as-of", "2024-08-25", "--by", "Ann") == "1 answer kept. 1 stand as they are.\n"
    for given, message in (
        ((), "answer: names no child\n    give CHILD, or --all for every child"),
        (("c1", "--all"), "answer: names a child beside --all\n    give CHILD, or --all for every child"),
        (
            ("--all", "--policy", POLICY),
            "--all: goes with --as-of and --by only\n    leave out --known-on, --policy, --set and --seen, or name one child",
        ),
    ):
        ran = register("answer", *given)
        assert (ran.code, ran.out, ran.err) == (2, "", f"error: {message}\n")


def test_the_day_is_a_day(store: Store) -> None:
    assert refusal(answer_all, store, told, "Ann", "test", "2024-8-1").startswith("--as-of: `2024-8-1` is not a date")
