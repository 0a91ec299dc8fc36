"""Checks answers against scenarios (`tests/scenarios`).

A scenario gives an expected answer and, where the text can be read in several ways, others that are as good. Only
the fields that an expectation gives are compared; a list of values stands for any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.case import Case
from kb.errors import Fault, InputError, did_you_mean

Expected = Mapping[str, Any]

ONE = ("status", "responsible_team")  # a value, or a list of acceptable values
CODES = ("possible_teams", "missing_facts", "blocked_by", "unconfirmed_gates", "duties", "escalate_to", "assumptions")
ENTRIES = ("deadlines", "attendance", "co_working", "further_transfers")
#: Allowed keys in entries of these fields.
PARTS = {
    "journey": ("team", "from", "until", "point", "status", "possible_teams"),
    "history": ("fact", "on"),
    "set_aside": ("clause", "lines", "team", "by"),
}
FIELDS = (*ONE, "transfer", *CODES, *ENTRIES, *PARTS, "absent", "reading")


@dataclass(frozen=True)
class Scenario:
    """A case with the allowed answers; without any, nothing is checked."""

    case: Case
    allowed: tuple[Expected, ...] = ()
    forbidden_teams: tuple[str, ...] = ()

    @property
    def parts(self) -> frozenset[str]:
        """Names of the parts of an answer that the expectations look at."""
        named = {name for expected in self.allowed for name in expected}
        return frozenset(named.union(*(expected.get("absent", {}) for expected in self.allowed)))

    @classmethod
    def of(cls, case: Case, document: Mapping[str, Any], where: str) -> Scenario:
        """A scenario from its document, which may contain a case alone. Errors: `InputError`, each fault located."""
        if "expect" not in document:
            return cls(case)
        allowed, forbidden = [document["expect"]], document.get("forbid_teams") or []
        faults: list[Fault] = []
        if isinstance(document.get("acceptable") or [], list):
            allowed += document.get("acceptable") or []
        else:
            faults.append(Fault(f"{where}: acceptable", "is not a list of answers", "put each answer in the list"))
        if not isinstance(forbidden, list):
            faults.append(Fault(f"{where}: forbid_teams", "is not a list of teams", "put each team in the list"))
        faults += [fault for expected in allowed for fault in _faults(expected, where)]
        if faults:
            raise InputError(faults)
        return cls(case, tuple(allowed), tuple(forbidden))


def _faults(expected: Any, where: str) -> list[Fault]:
    if not isinstance(expected, dict):
        return [Fault(f"{where}: expect", f"`{expected}` names no fields", "write fields of the answer with their values")]
    return [fault for field, wanted in expected.items() for fault in _faults_of(field, wanted, f"{where}: expect.{field}")]


def _faults_of(field: str, wanted: Any, where: str) -> list[Fault]:
    if field not in FIELDS:
        return [Fault(where, f"an answer has no `{field}`", did_you_mean(field, FIELDS))]
    if field in CODES and not (isinstance(wanted, list) and all(isinstance(code, str) for code in wanted)):
        return [Fault(where, "is not a list of codes", "write [] for none")]
    if field in (*ENTRIES, *PARTS) and not (isinstance(wanted, list) and all(isinstance(entry, dict) for entry in wanted)):
        first = PARTS.get(field, ("code",))[0]
        return [Fault(where, "is not a list of entries", f'write for example [{{"{first}": "..."}}], or [] for none')]
    if field in PARTS:
        unknown = dict.fromkeys(name for entry in wanted for name in entry if name not in PARTS[field])
        return [Fault(where, f"an entry has no `{name}`", did_you_mean(name, PARTS[field])) for name in unknown]
    if field == "transfer" and not _is_move(wanted) and not (isinstance(wanted, list) and all(map(_is_move, wanted))):
        return [Fault(where, "is not a move, nor a list of moves", "write null for no move")]
    if field == "absent":
        if not isinstance(wanted, dict) or not all(isinstance(codes, list) for codes in wanted.values()):
            return [Fault(where, "does not name fields with lists of codes", 'write for example {"duties": ["..."]}')]
        lists = (*CODES, *ENTRIES[:3])
        return [
            Fault(where, f"`{name}` is not a list of codes", did_you_mean(name, lists)) for name in wanted if name not in lists
        ]
    return []


def _is_move(wanted: Any) -> bool:
    return wanted is None or isinstance(wanted, dict)


def misses(scenario: Scenario, answer: Mapping[str, Any]) -> list[str]:
    """The expectations that an answer (a decision as JSON) does not meet; empty if one of the allowed answers is met."""
    wrong = [_missed(expected, answer) for expected in scenario.allowed]
    found = [] if [] in wrong or not wrong else wrong[0]
    if answer["responsible_team"] in scenario.forbidden_teams:
        found = [*found, f"responsible_team: {answer['responsible_team']} is forbidden"]
    return found


def _missed(expected: Expected, answer: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for field, wanted in expected.items():
        if field == "reading":  # an explanation, not a field of the answer
            continue
        got = {name: answer[name] for name in wanted} if field == "absent" else answer[field]
        if not _meets(field, wanted, got, answer):
            found.append(f"{field}: expected {wanted}, got {got}")
    return found


def _meets(field: str, wanted: Any, got: Any, answer: Mapping[str, Any]) -> bool:
    if field in ("status", "responsible_team"):
        return _one(wanted, got)
    if field == "transfer":
        return any(_entry(way, got) for way in (wanted if isinstance(wanted, list) else [wanted]))
    if field == "absent":
        return not any(_codes(got[name]) & set(banned) for name, banned in wanted.items())
    if field == "further_transfers":
        got = [*got, *([answer["transfer"]] if answer["transfer"] else [])]
    if wanted == []:
        return bool(got == [])
    if field == "journey":  # in this order; others may be in between
        rest = iter(got)
        return all(any(_entry(stint, other) for other in rest) for stint in wanted)
    if isinstance(wanted[0], dict):
        return all(any(_entry(entry, other) for other in got) for entry in wanted)
    return set(wanted) <= set(got)


def _one(wanted: Any, got: Any) -> bool:
    return got in wanted if isinstance(wanted, list) else bool(got == wanted)


def _entry(wanted: Mapping[str, Any] | None, got: Mapping[str, Any] | None) -> bool:
    if wanted is None or got is None:
        return wanted is got
    return all(_one(value, got.get(key)) for key, value in wanted.items())


def _codes(entries: Sequence[Any]) -> set[str]:
    return {entry if isinstance(entry, str) else entry["code"] for entry in entries}
