"""Root causes: read from `causes.yaml`, and findings, readings and notes grouped by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.causes import Cause, read_causes
from kb.errors import InputError
from kb.policy import find_policy, load_policy
from queries.check.finding import Finding, Otherwise
from queries.report import count_children, numbered, settle
from tests.helpers import make_policy

RULES = "@clause t1.\nfront_door(alpha).\n@clause t2.\nroute(alpha, beta, handover).\npoint_event(handover, icpc_held_on).\n"
ENTRY = """- cause: Who holds
  question: Who holds the child?
  child: Nobody does.
  redline: The team
    holds the child.
  lines: 2, 4-5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_policy(tmp_path, RULES)


def test_causes_are_read_in_order_and_none_need_be_there(folder: Path) -> None:
    policy = load_policy(folder)
    assert read_causes(folder, policy) == ()
    (folder / "causes.yaml").write_text(ENTRY, encoding="utf-8")
    told = Cause("Who holds", "Who holds the child?", "Nobody does.", "The team holds the child.", (2, 4, 5))
    assert read_causes(folder, policy) == (told,)
    assert load_policy(folder).digest == policy.digest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cause: x\n", "tiny/causes.yaml: is not a list of at most 60 causes\n    begin each entry with `- cause: ...`"),
        (ENTRY.replace("  lines: 2, 4-5\n", ""), "tiny/causes.yaml, entry 1: `lines` is missing or no text\n    fields: "),
        (
            ENTRY.replace("4-5", "5-4"),
            "tiny/causes.yaml, entry 1: `2, 5-4` are not line numbers\n    write for example `52, 57-59`",
        ),
        (ENTRY + "  reading: x\n", "tiny/causes.yaml, entry 1: unknown field `reading`\n    did you mean `readings`?"),
        (
            ENTRY + "  readings: [day_cont]\n",
            "tiny/causes.yaml, entry 1: unknown reading `day_cont`\n    did you mean `day_count`?",
        ),
        ("- x\n", "tiny/causes.yaml, entry 1: is not a mapping\n    fields: cause, question, child, redline, lines, readings"),
    ],
)
def test_what_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "causes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_causes(folder, load_policy(folder))
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize("name", ["blackpool", "sefton"])
def test_the_causes_of_the_two_policies_name_every_reading_of_their_own(name: str) -> None:
    folder = find_policy(name)
    policy = load_policy(folder)
    causes = read_causes(folder, policy)
    assert len(causes) >= 10
    named = [reading for cause in causes for reading in cause.readings]
    assert len(named) == len(set(named))
    rows = (folder / "readings.tsv").read_text(encoding="utf-8").splitlines()[1:]
    own = {row.split("\t")[0] for row in rows}
    assert own - set(named) == set()
    last = max(max(clause.lines, default=0) for clause in policy.clauses.values())
    assert max(line for cause in causes for line in cause.lines) <= last


def test_findings_go_to_the_cause_that_has_most_of_their_lines(folder: Path) -> None:
    """Clauses t1 and t2 are at lines 1 and 2. What is about the encoding alone is left out."""
    policy = load_policy(folder)
    causes = (Cause("One", "?", "c", "r", (1,)), Cause("Two", "?", "c", "r", (2, 3), ("day_count",)))
    first = Finding("no-team", "gap", "x", ("t1",))
    both = Finding("two-teams", "fault", "y", ("t1", "t2"))
    read = Finding("readings", "choice", "z", ("t1",), otherwise=Otherwise("day_count", "working", "team"))
    ours = Finding("dead-rule", "fault", "w", ("t1",))
    other = Finding("limits", "note", "It is late.", (), advice="mend it")
    groups = {"gap": [[first]], "fault": [[both], [ours]], "note": [[other]], "choice": [[read]]}
    findings = numbered(groups, ("gap", "fault", "note", "choice"))
    assert [number for number, _ in findings] == [1, 2, 3, 4, 5]
    settled = settle(policy, causes, findings)
    assert [(each.cause.cause, each.findings, each.weight) for each in settled if each.listed] == [
        ("One", (1, 2), "fault"),
        ("Two", (5,), "choice"),
    ]
    (left,) = [each for each in settled if not each.listed and each.findings]
    assert (left.cause.question, left.cause.redline, left.findings) == ("It is late.", "Mend it.", (4,))


def test_children_are_counted_by_reading_and_by_line(folder: Path) -> None:
    causes = (Cause("One", "?", "c", "r", (1,)), Cause("Two", "?", "c", "r", (2,), ("day_count",)))
    settled = [each for each in settle(load_policy(folder), causes, []) if each.listed]
    none: frozenset[str] = frozenset()
    cases = [(none, frozenset([1]), False), (none, frozenset([1, 2]), False), (frozenset(["day_count"]), frozenset([9]), False)]
    assert [each.children for each in count_children(settled, cases)] == [2, 1]
    assert [each.children for each in count_children(settled, [(none, frozenset([2]), True)])] == [0, 1]
