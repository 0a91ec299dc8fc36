"""Reads the examples of a policy: a child's facts, and the parts of the answer that the document leads one to expect.

They are YAML: `examples.yaml` in a policy's folder, or several files in `examples/`. Names are written as codes
(`team_on_record`), with spaces (`team on record`), or as labels or aliases (of a team, for instance).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.case import Case, make_case
from kb.errors import Fault, InputError, did_you_mean, joined, nearest, shown
from kb.policy import Policy, reading_hint
from kb.vocabulary.model import Fact
from kb.vocabulary.naming import SEE_FACTS, alike, code_named, fact_hint
from kb.yaml_places import Located, read_located

ONE, EACH, EXACT, DATED, ALL_DATED, DAY, NONE_OF = "one", "each", "exact", "dated", "all dated", "day", "none of"
STINTS, PAST, ALL_PAST = "stints", "past", "all past"
NO_MOVE = "none"
#: What may be expected of a stint: the key that authors write, with the field of the answer and the kinds of code it takes.
OF_A_STINT = {
    "team": ("team", ("team", "outcome")),
    "possible teams": ("possible_teams", ("team", "outcome")),
    "from": ("from", ()),
    "until": ("until", ()),
    "by": ("point", ("point",)),
    "status": ("status", ()),
}
STINT_STATUSES = ("past", "present", "planned")
MAX_ID = 80  # characters of an example's name that are used in its case id
AN_EXAMPLE = "start each with `- example: what it shows`"
PARTS = ("example", "on", "given", "expect", "under")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an example may expect.

    path   its field in the decision (`docs/reference/case-and-decision.md`)
    kinds  the kinds of code that it takes
    shape  how it is compared: one value, each of several, exactly these, codes with dates (some or all), a day,
           none of several
    met    for deadlines: only those that were kept (True) or missed (False); None: all
    """

    path: str
    kinds: tuple[str, ...]
    shape: str
    met: bool | None = None


FIELDS = {
    "status": Field("status", ("status",), ONE),
    "team": Field("responsible_team", ("team", "outcome"), ONE),
    "possible teams": Field("possible_teams", ("team", "outcome"), EXACT),
    "move": Field("transfer.status", ("move_status",), ONE),
    "from": Field("transfer.from", ("team", "outcome"), ONE),
    "to": Field("transfer.to", ("team", "outcome"), ONE),
    "by": Field("transfer.point", ("point",), ONE),
    "dated": Field("transfer.on", (), DAY),
    "then to": Field("further_transfers.to", ("team", "outcome"), EACH),
    "then by": Field("further_transfers.point", ("point",), EACH),
    "blocked by": Field("blocked_by", ("gate",), EACH),
    "unconfirmed": Field("unconfirmed_gates", ("gate",), EACH),
    "duties": Field("duties", ("duty",), EACH),
    "deadlines": Field("deadlines", ("deadline",), DATED),
    "kept": Field("deadlines", ("deadline",), EACH, met=True),
    "missed": Field("deadlines", ("deadline",), EACH, met=False),
    "attendance": Field("attendance", ("attendance",), EACH),
    "co-working": Field("co_working", ("co_working",), EACH),
    "escalate to": Field("escalate_to", ("escalation",), EACH),
    "findings": Field("findings", ("finding",), EACH),
    "ask": Field("missing_facts", ("fact",), EACH),
    "because": Field("clauses", ("clause",), EACH),
    "journey": Field("journey", ("team", "outcome"), STINTS),
    "history": Field("history", ("fact",), PAST),
    "assumptions": Field("assumptions", ("fact",), EACH),
    "set aside": Field("set_aside", ("clause",), EACH),
}
_NOUNS = ("duties", "attendance", "co-working", "findings")
_OTHERS = ("then to", "then by", "kept", "missed", "blocked by", "unconfirmed", "escalate to", "ask", "assumptions", "set aside")


def _also(key: str, shape: str) -> Field:
    return replace(FIELDS[key], shape=shape)


FIELDS |= {f"only {key}": _also(key, EXACT) for key in (*_NOUNS, *_OTHERS)}
FIELDS |= {"only deadlines": _also("deadlines", ALL_DATED), "only history": _also("history", ALL_PAST)}
FIELDS |= {f"no {key}": _also(key, NONE_OF) for key in (*_NOUNS, "deadlines")}
FIELDS |= {f"not {key}": _also(key, NONE_OF) for key in (*_OTHERS, "because")}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation: the key as written, the codes expected, and its place in the file."""

    key: str
    field: Field
    wanted: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Example:
    """One example: its name, its case, its settings of readings, what it expects, and its place in the file."""

    name: str
    case: Case
    document: Mapping[str, Any]
    settings: tuple[tuple[str, str], ...]
    expectations: tuple[Expectation, ...]
    where: str

    @property
    def parts(self) -> frozenset[str]:
        """The fields of a decision that its expectations are about."""
        return frozenset(expectation.field.path.split(".")[0] for expectation in self.expectations)


def example_files(folder: Path) -> list[Path]:
    """The example files in a policy's folder."""
    return [*sorted(folder.glob("examples.y*ml")), *sorted((folder / "examples").glob("*.y*ml"))]


def read_examples(folder: Path, policy: Policy, unread: list[Fault] | None = None) -> tuple[Example, ...]:
    """The examples of a policy. Errors: `InputError` with all faults, each with file, line and column.

    unread  if given, examples that can't be used are left out, and their faults are put here instead
    """
    faults: list[Fault] = []
    found: list[Example] = []
    for path in example_files(folder):
        name = f"{policy.code}/{path.relative_to(folder).as_posix()}"
        try:
            content = read_located(path, name, AN_EXAMPLE)
        except InputError as error:
            faults += error.faults
            continue
        if not isinstance(content.value, list):
            faults.append(content.fault("is not a list of examples", AN_EXAMPLE))
            continue
        for entry in content.value:
            try:
                found.append(_Reader(policy).example(entry))
            except InputError as error:
                faults += error.faults
    for first, second in _twins(found):
        faults.append(Fault(second.where, f"`{second.name}` is there already", f"first at {first.where}"))
        found.remove(second)
    told = joined(faults)
    if told and unread is None:
        raise InputError(told)
    if unread is not None:
        unread += told
    return tuple(found)


def _twins(examples: Iterable[Example]) -> list[tuple[Example, Example]]:
    seen: dict[str, Example] = {}
    return [(seen[e.case.case_id], e) for e in examples if seen.setdefault(e.case.case_id, e) is not e]


class _Reader:
    """Makes examples from entries, and collects the faults."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.vocabulary = policy.vocabulary
        self.faults: list[Fault] = []

    def example(self, entry: Located) -> Example:
        parts = self._names(entry, "an example", PARTS)
        unknown = [raw for raw in entry.value if raw not in parts] if isinstance(entry.value, dict) else []
        meant = {nearest(raw, PARTS) for raw in unknown}
        for part in ("example", "on", "given", "expect"):
            if part not in parts and part not in meant and isinstance(entry.value, dict):
                self.faults.append(entry.fault(f"`{part}` is missing", "an example has example, on, given and expect"))
        if self.faults:
            raise InputError(self.faults)
        name = str(parts["example"].value)
        document = {
            "case_id": re.sub(r"[^a-z0-9]+", "-", name.lower())[:MAX_ID].strip("-") or "example",
            "policy": self.policy.code,
            "as_of": parts["on"].value,
            "facts": self._facts(parts["given"]),
        }
        settings = self._settings(parts["under"]) if "under" in parts else ()
        case = self._case(document, parts)
        expectations = self._expectations(parts["expect"])
        if self.faults or case is None:
            raise InputError(self.faults)
        return Example(name, case, document, settings, expectations, parts["example"].where)

    def _names(
        self, entry: Located, what: str, allowed: Sequence[str], unknown: Callable[[str], tuple[str, str]] | None = None
    ) -> dict[str, Located]:
        """The parts of an entry by name. An unknown name is a fault; `unknown` gives its message and hint."""
        if not isinstance(entry.value, dict):
            self.faults.append(entry.fault(f"is not {what}", "write names with values: " + ", ".join(allowed[:5])))
            return {}
        found: dict[str, Located] = {}
        for raw, part in entry.value.items():
            name = next((known for known in allowed if alike(known) == alike(raw)), None)
            if name is None:
                told = unknown(raw) if unknown else (f"{what} has no `{raw}`", _one_of(raw, allowed))
                self.faults.append(part.misnamed(*told))
            elif name in found:
                self.faults.append(part.misnamed(f"`{raw}` is given twice", "keep one of them"))
            else:
                found[name] = part
        return found

    # facts and readings

    def _facts(self, given: Located) -> dict[str, Any]:
        if given.value is None:
            return {}
        known = self.vocabulary.recorded
        parts = self._names(
            given, "the record of a child", tuple(known), lambda raw: (f"unknown fact `{shown(raw)}`", fact_hint(raw, known))
        )
        return {name: self._value(self.vocabulary.facts[name], part.plain) for name, part in parts.items()}

    def _value(self, fact: Fact, raw: Any) -> Any:
        """A value with labels and aliases replaced by codes. Other texts are left for `make_case` to refuse."""
        if isinstance(raw, list):
            inner = Fact(fact.name, fact.type.removeprefix("list[").rstrip("]"), "", "", "", "", fact.values, fields=fact.fields)
            return [self._value(inner, part) for part in raw]
        if isinstance(raw, dict):
            types = dict(fact.fields)
            keys = {key: key.replace(" ", "_") for key in raw}
            inner_facts = {key: Fact(name, types.get(name, ""), "", "", "", "") for key, name in keys.items()}
            return {keys[key]: self._value(inner_facts[key], part) for key, part in raw.items()}
        if isinstance(raw, str) and fact.type == "team":
            return code_named(self.vocabulary, ("team", "outcome"), raw) or raw
        if isinstance(raw, str) and fact.type == "enum":
            return next((value for value in fact.values if alike(value) == alike(raw)), raw)
        return raw

    def _settings(self, under: Located) -> tuple[tuple[str, str], ...]:
        parts = self._names(
            under,
            "the list of readings",
            tuple(self.policy.readings),
            lambda raw: (f"unknown reading `{shown(raw)}`", reading_hint(raw.replace(" ", "_"), self.policy.readings)),
        )
        found: dict[str, str] = {}
        for name, part in parts.items():
            reading = self.policy.readings[name]
            choices = [str(reading.default), *reading.alternatives]
            setting = next((choice for choice in choices if alike(choice) == alike(str(part.value))), str(part.value))
            try:
                self.policy.with_settings({name: setting})
                found[name] = setting
            except InputError as error:
                self.faults += [part.fault(fault.message, fault.hint) for fault in error.faults]
        return tuple(sorted(found.items()))

    def _case(self, document: dict[str, Any], parts: Mapping[str, Located]) -> Case | None:
        try:
            return make_case(document, self.vocabulary, "")
        except InputError as error:
            self.faults += [self._placed(fault, parts) for fault in error.faults]
            return None

    def _placed(self, fault: Fault, parts: Mapping[str, Located]) -> Fault:
        """A fault of `make_case`, moved to its place in the example file."""
        part = fault.where.removeprefix(": ")
        if part == "as_of":
            return parts["on"].fault(fault.message, fault.hint)
        name = part.removeprefix("facts.")
        place = next((at for raw, at in parts["given"].value.items() if alike(raw) == alike(name)), parts["given"])
        return place.fault(fault.message, fault.hint)

    # expectations

    def _expectations(self, expect: Located) -> tuple[Expectation, ...]:
        parts = self._names(expect, "an expectation", tuple(FIELDS))
        if isinstance(expect.value, dict) and not expect.value:
            self.faults.append(expect.fault("nothing is expected", "write for example `team: ...` and `because: ...`"))
        found = [self._expectation(key, FIELDS[key], part) for key, part in parts.items()]
        if "team" in parts and "status" not in parts:
            status = FIELDS["status"]
            found.insert(0, Expectation("team", status, ("decided",), parts["team"].where))
        return tuple(found)

    def _expectation(self, key: str, field: Field, part: Located) -> Expectation:
        wanted: list[str] = []
        if field.shape == STINTS:
            wanted = self._stints(part)
        elif field.shape in (ALL_DATED, PAST, ALL_PAST) and part.value == []:
            pass
        elif field.shape in (DATED, ALL_DATED, PAST, ALL_PAST):
            if not isinstance(part.value, dict):
                first = next(iter(self._known(field.kinds)), "name")
                self.faults.append(part.fault(f"`{key}` needs a date for each", f"write for example `{first}: 2024-09-03`"))
                return Expectation(key, field, (), part.where)
            for raw, at in part.value.items():
                code = self._code(field.kinds, raw, at)
                wanted += [f"{code} {day}" for day in self._days(field, raw, at)]
        elif field.shape == DAY:
            wanted = [self._day(part)]
        elif key == "move" and part.value == NO_MOVE:
            wanted = []
        else:
            entries = part.value if isinstance(part.value, list) else [part]
            wanted = [self._code(field.kinds, str(entry.value), entry) for entry in entries]
        return Expectation(key, field, tuple(wanted), part.where)

    def _stints(self, part: Located) -> list[str]:
        """The expected stints in order, each as `stint_text`. A stint may be given as a team alone."""
        if not isinstance(part.value, list):
            self.faults.append(part.fault("`journey` is not a list of stints", "write for example `- team: ...`, or [] for none"))
            return []
        return [self._stint(entry) for entry in part.value]

    def _stint(self, entry: Located) -> str:
        if not isinstance(entry.value, dict):
            return stint_text({"team": self._of_stint("team", entry)})
        parts = self._names(entry, "a stint", tuple(OF_A_STINT))
        return stint_text({OF_A_STINT[key][0]: self._of_stint(key, at) for key, at in parts.items()})

    def _of_stint(self, key: str, at: Located) -> Any:
        """One expected field of a stint, as in the answer; `none` means null."""
        kinds = OF_A_STINT[key][1]
        if key == "possible teams":
            return [self._code(kinds, str(code.value), code) for code in (at.value if isinstance(at.value, list) else [at])]
        if at.value is None or alike(str(at.value)) == NO_MOVE:
            return None
        if key == "status":
            if at.value not in STINT_STATUSES:
                hint = did_you_mean(str(at.value), STINT_STATUSES) or "write past, present or planned"
                self.faults.append(at.fault(f"`{at.value}` is not the status of a stint", hint))
            return at.value
        return self._code(kinds, str(at.value), at) if kinds else self._day(at)

    def _days(self, field: Field, raw: str, at: Located) -> list[str]:
        """The expected day of a code, or its days if all have to be given."""
        if not isinstance(at.value, list):
            return [self._day(at)]
        if field.shape == DATED or not at.value:
            self.faults.append(at.fault(f"`{raw}` needs a date", "write it as 2024-09-03; several go with `only deadlines`"))
            return []
        return [self._day(day) for day in at.value]

    def _day(self, part: Located) -> str:
        day = str(part.value)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?", day):
            hint = f"write it as 2024-09-03{', with a time of day as 2024-09-03T10:00' if ':' in day else ''}"
            self.faults.append(part.fault(f"`{part.value}` is not a date", hint))
        return day

    def _code(self, kinds: tuple[str, ...], raw: str, at: Located) -> str:
        code = self._named(kinds, raw)
        if code is None:
            known = self._known(kinds)
            near = did_you_mean(raw.lower().replace(" ", "_"), known) or did_you_mean(raw, known.values())
            hint = near or _where_listed(kinds[0])
            self.faults.append(at.fault(f"`{raw}` is not a {kinds[0].replace('_', ' ')} of this policy", hint))
        return code or raw

    def _named(self, kinds: tuple[str, ...], raw: str) -> str | None:
        if kinds in (("fact",), ("clause",)):
            return next((name for name in self._known(kinds) if alike(name) == alike(raw)), None)
        return code_named(self.vocabulary, kinds, raw)

    def _known(self, kinds: tuple[str, ...]) -> dict[str, str]:
        if kinds == ("fact",):
            return dict.fromkeys(self.vocabulary.recorded, "")
        if kinds == ("clause",):
            return dict.fromkeys(self.policy.clauses, "")
        return {code.code: code.label for kind in kinds for code in self.vocabulary.codes.get(kind, ())}


def _where_listed(kind: str) -> str:
    """Where the codes of a kind can be looked up."""
    if kind == "clause":
        return "write the id of a clause of clauses.tsv"
    return SEE_FACTS if kind == "fact" else "see `whichteam codes` for the names"


def _one_of(raw: str, allowed: Sequence[str]) -> str:
    """The nearest of some names, or all of them; of what may be expected only the plain ones."""
    plain = [name for name in allowed if not name.startswith(("only ", "no ", "not "))]
    near = did_you_mean(raw.replace("_", " "), allowed) or did_you_mean(raw, allowed)
    return near or f"write one of: {', '.join(plain)}"


def stint_text(stint: Mapping[str, Any]) -> str:
    """Fields of a stint as one line, in the order of the answer."""
    parts = [part for part, _ in OF_A_STINT.values() if part in stint]
    return "; ".join(f"{part} {_part_text(stint[part])}" for part in parts)


def _part_text(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(sorted(value))
    return NO_MOVE if value is None else str(value)
