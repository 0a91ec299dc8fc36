"""Codes by their spellings, and outcomes in JSON: read, or refused with what was expected."""

from __future__ import annotations

import pytest

from kb.intake.flags import to_codes
from kb.intake.values import code_lists, with_own

READ = [
    ("yes_or_no", "a) Yes", "yes"),
    ("yes_or_no", "b) No", "no"),
    ("yes_or_no", "Y", "yes"),
    ("yes_or_no", "0", "no"),
    ("yes_or_no", "TRUE", "yes"),
    ("legal_status", "C2", "C2"),
    ("legal_status", "C2: FCO", "C2"),
    ("legal_status", "c) C2 - Full care order", "C2"),
    ("legal_status", "CLA - C2 - Full care order", "C2"),
    ("legal_status", "FULL CARE ORDER [C2]", "C2"),
    ("legal_status", "Full  care\u00a0order", "C2"),
    ("legal_status", "V2: Single period under S20", "V2"),
    ("legal_status", "Section 20", "V2"),
    ("legal_status", "V4: Short term breaks, agreements recorded", "V4"),
    ("legal_status", "L1 - Under police protection", "L1"),
    ("legal_status", "E1: Placement order, C2 made the same day", "E1"),
    ("placement_type", "k) P1: Placed with parents", "P1"),
    ("placement_type", "U3", "U3"),
    ("ceased_reason", "E45", "E45"),
    ("ceased_reason", "E4A: Returned home", "E4A"),
    ("closure_reason", "RC8 - Case closed after assessment", "RC8"),
    ("closure_reason", "RC9", "RC9"),
    ("referral_source", "q) 6: Police", "6"),
    ("referral_source", "5D", "5D"),
    ("case_status", "c) Child in need plan", "in_need_plan"),
    ("leaving_care", "b) Former relevant child", "former_relevant"),
    ("disability", "NONE", "no"),
    ("disability", "AUT", "yes"),
    ("permanence_plan", "f) Long-term fostering", "fostering"),
]


@pytest.mark.parametrize(("name", "text", "code"), READ, ids=[text for _, text, _ in READ])
def test_a_spelling_is_read(name: str, text: str, code: str) -> None:
    assert code_lists()[name].code(text) == code


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("yes_or_no", "Perhaps", "`Perhaps` is not a known yes or no; expected one of yes, no"),
        ("leaving_care", "former relevent", "`former relevent` is not a known leaving care; did you mean `former relevant`?"),
        ("legal_status", "C1 and then C2", "`C1 and then C2` names C1 and C2; give one of them"),
        ("closure_reason", "RC10", "`RC10` is not a known closure reason; did you mean `rc1`?"),
        (
            "primary_need",
            "ZZ nothing",
            "`ZZ nothing` is not a known primary need; expected one of N0, N1, N2, N3, N4, N5, N6, N7, N8, N9",
        ),
    ],
)
def test_what_nobody_knows_is_refused(name: str, text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared
        code_lists()[name].code(text)
    assert str(error.value) == message


def test_codes_of_care_are_kept_apart() -> None:
    """Police protection, emergency protection and assessment orders are three things; so are the short breaks."""
    legal = code_lists()["legal_status"]
    assert [legal.code(f"{code}: x") for code in ("L1", "L2", "L3", "V2", "V3", "V4")] == ["L1", "L2", "L3", "V2", "V3", "V4"]


def test_a_council_adds_its_own_spellings() -> None:
    own = with_own({"role": {"Worker of the Case": "worker"}})
    assert own["role"].code("worker of the case") == "worker"
    with pytest.raises(ValueError, match="is not a known role"):
        code_lists()["role"].code("worker of the case")


FACTORS = "assessment_factor"


@pytest.mark.parametrize(
    ("name", "raw", "codes"),
    [
        (FACTORS, '["1A", "11A", "24A"]', ("sexual_exploitation", "criminal_exploitation")),
        (FACTORS, '{"1A": "Yes", "11A": "Yes", "24A": "No"}', ("sexual_exploitation",)),
        (FACTORS, "[]", ()),
        ("assessment_outcome", '{"NFA_FLAG": "N", "PROV_OF_SERVICES_FLAG": "Y", "COMMENTS": "words"}', ("services",)),
        ("care_plan", "ADOPTION", ("adoption",)),
    ],
)
def test_both_forms_of_json_are_read(name: str, raw: str, codes: tuple[str, ...]) -> None:
    assert to_codes(raw, code_lists()[name]) == codes


@pytest.mark.parametrize("raw", ['{"1A": "Yes", "11A": "Y', '["1A", "11', "{", '{"A": 1,,}'])
def test_json_that_breaks_off_is_refused_without_its_text(raw: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared
        to_codes(raw, code_lists()[FACTORS])
    assert str(error.value) == (
        f"the JSON breaks off or is not well formed ({len(raw)} characters); export the column in full length"
    )
