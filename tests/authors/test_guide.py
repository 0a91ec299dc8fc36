"""Every rule and table that the guide shows can be used as it stands, on top of the template."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import InputError
from kb.language.checks import wrong
from kb.language.signature import signatures
from kb.policy import TEMPLATE, load_policy
from kb.vocabulary.load import FACT_COLUMNS
from tests.helpers import ROOT

GUIDE = ROOT / "docs" / "writing-a-policy.md"
_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([\w.]+)"')
#: What the guide's rules name besides what the template has.
CODES = """team	third_team	Third Team
team	fourth_team	Fourth Team
point	step_up_meeting	the step-up meeting
point	sixteenth_birthday	the sixteenth birthday
deadline	visit_due	visit due
deadline	review_due	review due
co_working	joint_visits	both visit
co_working	held_jointly	held jointly
escalation	head_of_service	the head of service
escalation	director	the director
"""
FACTS = {
    "only_visiting": "bool",
    "in_hospital": "bool",
    "plan_agreed": "bool",
    "expected_weeks": "int",
    "district": "enum",
    "worker_caseload": "int",
    "step_up_meeting_on": "event",
    "care_review_held_on": "event",
    "called_at": "datetime",
}
VALUES = {"int": "0..60 cases", "enum": "north_end; docks"}
PREDICATES = 'predicate plan_long "the plan is long" not "the plan is short".\n'


def blocks() -> Iterator[tuple[str, str, str]]:
    """Language, title and text of each fenced block."""
    for block in _BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        title = _TITLE.search(block["info"])
        yield block["info"].split(" ")[0], title[1] if title else "", block["body"]


RULES = [body for language, _, body in blocks() if language == "prolog"]
TABLES = {title: body for _, title, body in blocks() if title}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with the guide's tables and the names that its rules use."""
    home = tmp_path_factory.mktemp("guide") / "northshire"
    shutil.copytree(TEMPLATE, home)
    clauses = "".join(f"ex{n}\t{n}\troute\tmust\tSays ex{n}.\t\t\n" for n in range(12, 30))
    _add(home / "clauses.tsv", clauses)
    _add(home / "codes.tsv", "".join(f"{line}\t\n" for line in CODES.splitlines()))
    for name, body in TABLES.items():
        if name != "facts.tsv":
            (home / name).write_text(body, encoding="utf-8")
    facts = "".join(_fact(name, kind) for name, kind in FACTS.items())
    added = [line.split("\t")[:3] for line in TABLES["facts.tsv"].splitlines()[1:]]
    facts += "".join("\t".join([*cells, *[""] * 11]) + "\n" for cells in added)
    _add(home / "facts.tsv", facts)
    return home


def _fact(name: str, kind: str) -> str:
    words = name.replace("_", " ")
    cells = [name, kind, VALUES.get(kind, ""), words, f"{words}: {{Value}}", f"no {words}", f"What about {words}?"]
    return "\t".join([*cells, *[""] * (14 - len(cells))]) + "\n"


def _add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_guide_shows_rules_and_tables() -> None:
    assert len(RULES) >= 15
    assert {"area.tsv", "calculated.tsv", "facts.tsv", "cap.tsv"} <= set(TABLES)
    assert TABLES["facts.tsv"].splitlines()[0].split("\t") == list(FACT_COLUMNS[:7])


@pytest.mark.parametrize("rules", RULES, ids=[f"rules {n}" for n in range(1, len(RULES) + 1)])
def test_the_rules_of_the_guide_are_right(folder: Path, rules: str) -> None:
    """In place of the template's rules of the same clauses, where the guide shows one of them."""
    text = rules if "@clause" in rules else f"@clause ex20.\n{rules}"
    path = folder / "shown.dl"
    template = (TEMPLATE / "rules.dl").read_text(encoding="utf-8")
    shown_again = rules.startswith("@clause ex4.")
    (folder / "rules.dl").write_text(_without(template, "ex4") if shown_again else template, encoding="utf-8")
    if "ex13" in rules and not rules.startswith("@clause ex13"):  # an exception to what the guide shows just before
        text = next(body for body in RULES if body.startswith("@clause ex13 ")) + text
    path.write_text((PREDICATES if "predicate plan_long" not in rules and "plan_long" in rules else "") + text, encoding="utf-8")
    try:
        policy = load_policy(folder)
        assert wrong(policy, signatures(policy.vocabulary, policy.predicates)) == []
    except InputError as error:
        raise AssertionError(str(error)) from None
    finally:
        path.unlink()


def _without(rules: str, clause: str) -> str:
    """Rules without those of one clause."""
    return re.sub(rf"@clause {clause}\..*?(?=@clause)", "", rules, flags=re.DOTALL)


def test_the_guide_explains_every_predicate_that_policies_use() -> None:
    """What the policies that come with the program ask of the house is in the guide."""
    guide = GUIDE.read_text(encoding="utf-8")
    for code in ("blackpool", "sefton"):
        policy = load_policy(ROOT / "kb" / "policies" / code)
        of_house = {name for name, predicate in policy.predicates.items() if predicate.position.file.startswith("house/")}
        own = [rule for rule in policy.rules if not policy.clauses[rule.clause].house]
        used = {literal.atom.predicate for rule in own for literal in rule.body} | {rule.head.predicate for rule in own}
        missing = sorted(name for name in used & of_house if f"`{name}" not in guide)
        assert missing == []
