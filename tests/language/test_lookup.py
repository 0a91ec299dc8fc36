"""Lookup tables of a policy: what rules get from them, how they read, and every way to get one wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from explain.words import Words
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom, Constant
from tests.helpers import START, faults, holding, make_policy, model, program

DISTRICT = ("district", "enum", "north_end; south_end; docks", "the district", "it is {Value}", "it is not {Value}", "Where?")
AREA = "district\tteam\nnorth_end\tbeta\nsouth_end\tgamma\nsouth_end\tbeta\n"
RULES = START + "@clause t2.\nroute(alpha, Team, handover) :- district(District), area(District, Team).\n"
ENGINES = (PyDatalog(), Forward())


def of(folder: Path, table: str, rules: str = RULES, name: str = "area.tsv") -> list[str]:
    return faults(folder, rules, facts=[DISTRICT], files={name: table})


def test_rules_look_up_codes(tmp_path: Path) -> None:
    """Each row that fits holds; a district with no row has no route; one that is not recorded leaves every row open."""
    compiled = program(tmp_path, RULES, facts=[DISTRICT], files={"area.tsv": AREA})
    for engine in ENGINES:
        routes = {
            place: holding(model(compiled, {"district": place}, engine=engine), "route")
            for place in ("north_end", "south_end", "docks")
        }
        assert routes == {
            "north_end": {"route(alpha, beta, handover)"},
            "south_end": {"route(alpha, beta, handover)", "route(alpha, gamma, handover)"},
            "docks": set(),
        }
        open_ = model(compiled, {}, engine=engine).open_of("route")
        assert {str(atom) for atom in open_} == {"route(alpha, beta, handover)", "route(alpha, gamma, handover)"}


def test_a_row_that_is_not_there_can_be_asked_for(tmp_path: Path) -> None:
    rules = RULES + "@clause t3.\nduty(call_back) :- district(District), not area(District, gamma).\n"
    compiled = program(tmp_path, rules, facts=[DISTRICT], files={"area.tsv": AREA})
    found = {place: holding(model(compiled, {"district": place}), "duty") for place in ("north_end", "south_end", "docks")}
    assert found == {"north_end": {"duty(call_back)"}, "south_end": set(), "docks": {"duty(call_back)"}}


def test_numbers_of_a_table_are_compared(tmp_path: Path) -> None:
    rules = START + "@clause t2.\nduty(call_back) :- threshold_level(Level), least(alpha, Least), Level >= Least.\n"
    compiled = program(tmp_path, rules, files={"least.tsv": "team\tleast number\nalpha\t3\n"})
    for engine in ENGINES:
        found = [holding(model(compiled, {"threshold_level": level}, engine=engine), "duty") for level in (2, 3)]
        assert found == [set(), {"duty(call_back)"}]


def test_a_conclusion_may_be_about_the_values_of_a_fact(tmp_path: Path) -> None:
    rules = 'predicate near(Place: district) "{Place} is near" not "{Place} is far".\n' + START
    rules += "@clause t2.\nnear(Place) :- area(Place, beta).\nduty(call_back) :- district(Place), near(Place).\n"
    compiled = program(tmp_path, rules, facts=[DISTRICT], files={"area.tsv": AREA})
    assert holding(model(compiled, {"district": "south_end"}), "duty") == {"duty(call_back)"}
    assert holding(model(compiled, {"district": "docks"}), "duty") == set()


def test_how_a_table_reads(tmp_path: Path) -> None:
    files = {"area.tsv": AREA, "long_term.tsv": "team\nbeta\n"}
    rules = RULES + "@clause t3.\nduty(call_back) :- long_term(Team), starts_with(Team).\n"
    words = Words(program(tmp_path, rules, facts=[DISTRICT], files=files))
    row = Atom("area", (Constant("north_end"), Constant("beta")))
    assert words.statement(row, True) == "in the table “area”, north end goes with Beta"
    assert words.statement(row, False) == "in the table “area”, north end does not go with Beta"
    assert words.statement(Atom("long_term", (Constant("beta"),)), True) == "the table “long term” lists Beta"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (AREA, []),
        (AREA.replace("beta", "bita", 1), ["tiny/area.tsv:2, column `team`: unknown team `bita`\n    did you mean `beta`?"]),
        (
            AREA.replace("docks", "").replace("north_end", "north"),
            ["tiny/area.tsv:2, column `district`: `north` is not a value of `district`\n    did you mean `north_end`?"],
        ),
        (AREA + "north_end\tbeta\n", ["tiny/area.tsv:5: says the same as line 2\n    remove one of them"]),
        (AREA + "docks\n", ["tiny/area.tsv:5: has 1 cell, expected 2\n    cells are parted by one tab"]),
        (
            AREA.replace("district\t", "distrikt\t"),
            ["tiny/area.tsv:1: the column `distrikt` does not say what it holds\n    did you mean `district`?"],
        ),
        (
            "team\tteam\nalpha\tbeta\n",
            ["tiny/area.tsv:1: two columns are called `team`\n    write for example `first team`"],
        ),
        (
            "district\tnumber\nnorth_end\ttwo\n",
            ["tiny/area.tsv:2, column `number`: `two` is not a whole number up to 1,000,000\n    write digits only"],
        ),
    ],
)
def test_tables_and_their_faults(tmp_path: Path, table: str, expected: list[str]) -> None:
    assert of(tmp_path, table) == expected


def test_names_that_a_table_can_not_have(tmp_path: Path) -> None:
    for number, (name, expected) in enumerate(
        (
            ("Area.tsv", "tiny/Area.tsv: `Area` can't be the name of a table"),
            ("cared_for.tsv", "tiny/cared_for.tsv: a table can't be called `cared_for`: rules have a condition of that name"),
            ("planned.tsv", "tiny/planned.tsv: a table can't be called `planned`: it is a word of the language"),
            ("route.tsv", "tiny/route.tsv: a table can't be called `route`: it is a conclusion, declared at house/"),
        )
    ):
        home = tmp_path / str(number)
        home.mkdir()
        assert any(fault.startswith(expected) for fault in of(home, AREA, name=name)), name


def test_a_table_that_no_rule_asks(tmp_path: Path) -> None:
    assert of(tmp_path, AREA, START + "@clause t2.\nduty(call_back) :- district(docks).\n") == [
        "tiny/area.tsv: no rule asks the table `area`\n    use `area(District, Team)` in a rule, or remove the file"
    ]


def test_a_number_of_the_case_is_not_looked_up(tmp_path: Path) -> None:
    """It would fit no row: what the case records is known only when the case comes."""
    rules = START + "@clause t2.\nduty(call_back) :- threshold_level(Level), least(alpha, Level).\n"
    assert faults(tmp_path, rules, files={"least.tsv": "team\tnumber\nalpha\t3\n"}) == [
        "tiny/rules.dl:4:44: `least(alpha, Level)` looks up `Level`, which `threshold_level(Level)` gives a value too\n"
        "    use two variables, and compare them: `Level = Level2`"
    ]


def test_two_names_compared_are_a_slip(tmp_path: Path) -> None:
    """A condition stands by itself, with its value in brackets if it has one."""
    slips = {
        "cared_for = true": "`cared_for`",
        "cared_for = false": "`not cared_for`",
        "cared_for != true": "`not cared_for`",
        "icpc_outcome = no_plan": "`icpc_outcome(no_plan)`",
        "icpc_outcome != no_plan": "`not icpc_outcome(no_plan)`",
        "loud = noisy": "`loud`, or `not loud`",
    }
    rules = "".join(f"duty(call_back) :- {slip}.\n" for slip in slips)
    assert faults(tmp_path, START + rules) == [
        f"tiny/rules.dl:{line}:20: `{slip}` compares two names, whatever the case\n"
        f"    a condition stands by itself: write {instead}"
        for line, (slip, instead) in enumerate(slips.items(), 3)
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("limit(visit_due, On + 10 days) :- known contact_received_on(On).", []),
        (
            "limit(visit_due, contact_received_on + 10 days).",
            ["3:1: `contact_received_on + 10 days` needs a date, but `contact_received_on` is a code"],
        ),
        (
            "duty(call_back) :- as_of > contact_received_on.",
            ["3:20: `as_of > contact_received_on` compares a date with a code"],
        ),
    ],
)
def test_the_name_of_a_fact_is_not_its_value(tmp_path: Path, rule: str, expected: list[str]) -> None:
    hint = "\n    a condition gives its value: write `known contact_received_on(X)`, and `X` here"
    assert faults(tmp_path, START + rule) == [f"tiny/rules.dl:{fault}{hint}" for fault in expected]


def test_a_table_is_part_of_the_policy(tmp_path: Path) -> None:
    """A change of it changes the digest, so that nothing kept from before is used."""
    from kb.policy import digest

    home = make_policy(tmp_path, RULES, facts=[DISTRICT], files={"area.tsv": AREA})
    before = digest(home)
    (home / "area.tsv").write_text(AREA.replace("gamma", "alpha"), encoding="utf-8")
    assert digest(home) != before
