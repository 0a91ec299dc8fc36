"""Facts are found by the words that people use, and not by others."""

from __future__ import annotations

import pytest

from explain.fact_search import find
from kb.vocabulary.load import load_vocabulary

VOCABULARY = load_vocabulary()


def found(text: str) -> list[str]:
    return find(VOCABULARY, VOCABULARY.recorded, text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("letter", "transfer_letters_sent"),
        ("Letters", "transfer_letters_sent"),
        ("ICPC", "icpc_held_on"),
        ("dob", "date_of_birth"),
        ("UASC", "unaccompanied_asylum_seeking"),
        ("s20", "section_20_from"),
        ("first hearing", "first_hearing_held_on"),
        ("hearings", "final_hearing_held_on"),
        ("brothers", "siblings"),
    ],
)
def test_what_people_say_is_found(text: str, fact: str) -> None:
    assert fact in found(text)


def test_every_word_has_to_be_met() -> None:
    assert found("letter") == ["transfer_letters_sent"]
    assert set(found("first hearing")) < set(found("hearing"))
    assert found("letter hearing") == []


@pytest.mark.parametrize("text", ["", "   ", "zebra", "—", "<b>", "etter"])
def test_what_is_no_word_of_a_fact_finds_nothing(text: str) -> None:
    assert found(text) == []
