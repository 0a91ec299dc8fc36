"""Checks a filed decision record (JSON) without anything of the program that made it.

It shares no code with parser, lowering or engines, and needs the standard library only. From
the facts and the ground rules in the record it works out anew which conditions hold, and what
follows in Kleene's three values: each atom has a certain and a possible half, and the least
truths under the denials that the record tells have to be the truths that it tells. (For rules
that deny nothing in a circle there is just one such set: Gelfond and Lifschitz 1988.) Then it
checks each step of the proof, each denial against all the rules that might have served, every
field of the answer, the clauses and the hashes.

What it can't know is whether the rules and bank holidays are the true ones: someone who rewrites
rules, facts, answer and hashes together has made a sound record of something else. So compare
the hash of the program, the same for every record made with one policy and its readings:
`python verify.py RECORD.json [HASH-OF-THE-PROGRAM]`.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import operator
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

COMPARE = {
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt},
    **{">=": operator.ge, "=": operator.eq, "!=": operator.ne},
}
#: What a claim says of an atom: which half of it is meant (certain: True) and whether that half is true.
MANNERS = {"established": (True, True), "possible": (False, True), "excluded": (False, False), "unproved": (True, False)}
OPPOSITE = {"established": "unproved", "unproved": "established", "possible": "excluded", "excluded": "possible"}
#: What makes a literal hold, in a rule for a conclusion that is possible and in one for it being certain.
LITERALS = {
    **{"": ("possible", "established"), "not": ("unproved", "excluded"), "known": ("established", "established")},
    **{"known not": ("excluded", "excluded"), "not known": ("unproved", "unproved"), "not known not": ("possible", "possible")},
}
#: Parts of the answer with the predicate that gives each: lists of codes, and lists of rows with their names.
CODES = {
    **{"blocked_by": "blocked_by", "unconfirmed_gates": "unconfirmed", "duties": "duty"},
    **{"escalate_to": "escalate_to", "finding_codes": "finding"},
}
ROWS = {"attendance": ("code", "who", "meeting"), "co_working": ("code", "team", "with")}
PROVED = [("transfer", "told"), *((part, name) for part, name in CODES.items() if part != "finding_codes")]
PROVED += [("deadlines", "deadline"), ("deadlines", "kept"), *((part, part) for part in ROWS)]
PROVED += [("findings", "finding"), ("further_transfers", "further"), ("missing_facts", "ask")]

Claim = tuple[int, str]  # an atom and the manner in which it is claimed
Half = tuple[int, bool]  # an atom, and whether its certain half is meant or its possible one


def sha256(value: Any) -> str:
    """The hash of a value in the one way to write it, or of a text as it is."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((value if isinstance(value, str) else text).encode()).hexdigest()


def verify(record: Any, program_hash: str | None = None) -> list[str]:
    """Everything that is wrong with a record; nothing where it is sound."""
    try:
        return list(dict.fromkeys(_problems(record, program_hash)))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, StopIteration) as error:
        return [f"the record is not in the form of a record: {type(error).__name__} {error}"]


def _problems(record: Any, program_hash: str | None) -> Iterator[str]:
    if record["format"] != "whichteam-record/2":
        yield "the format is not whichteam-record/2"
    if record["seal"] != sha256({key: part for key, part in record.items() if key != "seal"}):
        yield "the seal does not fit the record"
    if record["hashes"]["program"] != sha256(record["program"]) or program_hash not in (None, record["hashes"]["program"]):
        yield "the rules and tables are not those of the program named"
    if record["hashes"]["case"] != sha256(record["case"]):
        yield "the case does not fit its hash"
    model = Model(record)
    if model.least_truths() != model.true:
        yield "what follows from the facts is not what the record says follows"
    yield from _proof(model, record["proof"])
    yield from _answer(model, record)
    yield from _clauses(model, record)
    yield from _people(model, record["confirmation"])


class Model:
    """The truths that a record tells, and what it takes to work them out anew."""

    def __init__(self, record: Any):
        self.program = record["program"]
        self.facts = {name: value for name, value in record["case"]["facts"].items() if value is not None}
        self.types, self.calculated = dict(self.program["facts"]), self.program["calculated"]
        self.holidays = record["holidays"]
        self.today = date.fromisoformat(record["case"]["as_of"])
        self.atoms: list[tuple[Any, ...]] = [tuple(atom) for atom in self.program["atoms"]]
        self.by_head: dict[int, list[int]] = {}
        self.bodies: list[tuple[list[Claim], list[Claim]]] = []  # of each rule: for its head being possible, and certain
        for index, (head, body, _) in enumerate(self.program["rules"]):
            parts = [part.rpartition(" ") for part in body.split(", ") if part]
            possible, certain = ([(int(atom), LITERALS[words][side]) for words, _, atom in parts] for side in (0, 1))
            self.bodies.append((possible, certain))
            self.by_head.setdefault(head, []).append(index)
        used = {atom for body, _ in self.bodies for atom, _ in body} | set(self.by_head)
        self.conditions = {atom for atom in used if self._is_condition(self.atoms[atom][0])}
        told = record["model"]
        self.true: set[Half] = {(atom, True) for atom in told["certain"]}
        self.true |= {(atom, False) for atom in told["certain"] + told["open"]}

    def least_truths(self) -> set[Half]:
        """What follows from the facts by all rules, taking the record's word for what is denied."""
        if self.conditions & set(self.by_head):
            raise ValueError("a rule concludes a fact")
        truths = {atom: self._condition(*self.atoms[atom]) for atom in self.conditions}
        waiting = [(a, side) for a, truth in truths.items() for side in (True, False) if truth or (truth is None and not side)]
        lacking: dict[tuple[int, bool], int] = {}  # how many premises each rule still waits for
        needs: dict[Half, list[tuple[int, bool]]] = {}
        for head, rules in self.by_head.items():
            for index, side in ((index, side) for index in rules for side in (True, False)):
                halves = [((atom, MANNERS[manner][0]), MANNERS[manner][1]) for atom, manner in self.bodies[index][side]]
                if all(half not in self.true for half, affirmed in halves if not affirmed):
                    positive = {half for half, affirmed in halves if affirmed}
                    lacking[index, side] = len(positive)
                    for half in positive:
                        needs.setdefault(half, []).append((index, side))
                    if not positive:
                        waiting.append((head, side))
        found: set[Half] = set()
        while waiting:
            half = waiting.pop()
            for index, side in needs.pop(half, []):
                lacking[index, side] -= 1
                if lacking[index, side] == 0:
                    waiting.append((self.program["rules"][index][0], side))
            found.add(half)
        return found

    def holds(self, claim: Claim) -> bool:
        certain, truth = MANNERS[claim[1]]
        return ((claim[0], certain) in self.true) is truth

    def open(self, atom: int) -> bool:
        return (atom, False) in self.true and (atom, True) not in self.true

    def heads(self, *predicates: str) -> list[int]:
        """Atoms that some rule concludes, of some predicates, in the order of the rules."""
        return [atom for atom in self.by_head if self.atoms[atom][0] in predicates]

    def sure(self, predicate: str) -> list[tuple[Any, ...]]:
        """Arguments for which a conclusion is certain."""
        return [self.atoms[atom][1:] for atom in self.heads(predicate) if (atom, True) in self.true]

    def leads_to(self, atoms: set[int], goal: int) -> bool:
        """Whether some atoms rest on a goal."""
        seen, waiting = set(atoms), list(atoms)
        while waiting and goal not in seen:
            below = {atom for index in self.by_head.get(waiting.pop(), []) for atom, _ in self.bodies[index][0]}
            waiting += below - seen
            seen |= below
        return goal in seen

    # the facts

    def _is_condition(self, name: str) -> bool:
        return name in COMPARE or name == "planned" or name in self.types or name in self.calculated

    def _condition(self, name: str, *args: Any) -> bool | None:
        if name in COMPARE:
            left, right = self.value(args[0]), self.value(args[1])
            return None if left is None or right is None else bool(COMPARE[name](left, right))
        if name == "planned":
            raw = self._recorded(args[0])[0]
            return None if raw is None else isinstance(raw, str) and date.fromisoformat(raw) > self.today
        raw, kind = self._recorded(name, *args[:1])
        if raw is None or isinstance(raw, bool):
            return raw
        if kind == "event":
            return date.fromisoformat(raw) <= self.today
        if kind in ("enum", "team"):
            return bool(raw == args[0])
        return args[0] in raw if kind in ("list[enum]", "list[team]") else True

    def _recorded(self, name: str, key: Any = None) -> tuple[Any, str]:
        """What is recorded for a fact, or comes of a list that is recorded, and its type."""
        if name not in self.calculated:
            return self.facts.get(name), self.types[name]
        about = self.calculated[name]
        entries = self.facts.get(about["source"])
        if entries is None or about["how"] == "some":
            return entries if entries is None else bool(entries), about["type"]
        if about["how"] == "any":
            answers = [entry.get(about["field"]) for entry in entries]
            return True if True in answers else None if None in answers else False, about["type"]
        days = [entry.get(about["field"]) for entry in entries if entry.get(about["key"]) == key]
        if not days:
            return None if any(about["key"] not in entry for entry in entries) else False, about["type"]
        return max(days) if None not in days else True, about["type"]

    def value(self, term: Any) -> int | None:
        """Day number, minutes or number of a term, None where the case gives none."""
        if not isinstance(term, list):
            return self.today.toordinal() if term == "as_of" else term if isinstance(term, int) else None
        kind, *parts = term
        if kind == "date":
            return date.fromisoformat(parts[0]).toordinal()
        if kind == "fact":
            raw, _ = self._recorded(*parts)
            day, _, clock = raw.partition("T") if isinstance(raw, str) else ("", "", "")
            if clock:
                return date.fromisoformat(day).toordinal() * 1440 + int(clock[:2]) * 60 + int(clock[3:5])
            return date.fromisoformat(day).toordinal() if day else raw if type(raw) is int else None
        base = self.value(parts[1] if kind == "on_or_after" else parts[0])
        count = self.value(parts[1]) if kind == "shift" else 0
        if base is None or count is None:
            return None
        if kind == "shift":
            return self._shift(date.fromordinal(base), count, parts[2]).toordinal()
        if kind == "on_or_after":
            weekday = [name.lower() for name in calendar.day_name].index(parts[0])
            return base + (weekday - date.fromordinal(base).weekday()) % 7
        return base // 1440 if kind == "day" else base * 1440 + int(parts[1])

    def _shift(self, day: date, count: int, unit: str) -> date:
        if unit in ("days", "weeks"):
            return day + timedelta(count * (7 if unit == "weeks" else 1))
        if unit == "working days":
            step = timedelta(1 if count > 0 else -1)
            for _ in range(abs(count)):
                day += step
                while day.weekday() > 4 or day.isoformat() in self.holidays[str(day.year)]:
                    day += step
            return day
        if unit == "months":
            year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
            return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        leap = (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + count)
        return date(day.year + count, 3, 1) if leap else day.replace(year=day.year + count)

    def day(self, term: Any) -> str | None:
        number = self.value(term)
        return None if number is None else date.fromordinal(number).isoformat()

    def facts_in(self, atom: int, blank: bool = False) -> set[str]:
        """The facts that a condition looks at; with `blank`, of a comparison those that have no value."""
        name, *args = self.atoms[atom]
        terms = [term for arg in args for term in _facts_in(arg) if not blank or self.value(term) is None]
        names = {term[1] for term in terms} if name in COMPARE else {args[0] if name == "planned" else name}
        return {self.calculated[n]["source"] if n in self.calculated else n for n in names}


def _facts_in(term: Any) -> list[Any]:
    if not isinstance(term, list):
        return []
    return [term] if term[0] == "fact" else [found for part in term[1:] for found in _facts_in(part)]


def _proof(model: Model, proof: Any) -> Iterator[str]:
    """Each step against the rules, the facts and the truths; each conclusion; and that nothing rests on itself."""
    claims: dict[str, Claim] = {name: (step["atom"], step["manner"]) for name, step in proof["steps"].items()}
    for name, step in proof["steps"].items():
        fault = _fault(model, step, claims[name], [claims[premise] for premise in step["premises"]])
        if fault:
            yield f"step {name} of the proof: {fault}"
    holders = [next(n for n in model.heads("holds") if model.atoms[n][1:] == args) for args in model.sure("may_hold")]
    expected = [("holder", (n, "possible" if model.open(n) else "established")) for n in holders]
    for part, predicate in PROVED:
        expected += [(part, (n, "established")) for n in model.heads(predicate) if (n, True) in model.true]
    if sorted((told["part"], claims[told["step"]]) for told in proof["conclusions"]) != sorted(expected):
        yield "the proof does not prove what the answer says"
    waiting = {name: set(step["premises"]) for name, step in proof["steps"].items()}
    while ready := {name for name, premises in waiting.items() if not premises & waiting.keys()}:
        waiting = {name: premises for name, premises in waiting.items() if name not in ready}
    if waiting:
        yield "a step of the proof rests on itself"
    rested_on = {told["step"] for told in proof["conclusions"]} | {p for s in proof["steps"].values() for p in s["premises"]}
    if rested_on != set(claims):
        yield "the proof has steps that nothing rests on"


def _fault(model: Model, step: Any, claim: Claim, premises: list[Claim]) -> str:
    atom, (certain, affirms) = claim[0], MANNERS[claim[1]]
    if not model.holds(claim):
        return "what it claims does not follow from the facts"
    if atom in model.conditions:
        recorded = {name: model.facts.get(name) for name in model.facts_in(atom)}
        return "" if sha256(step["source"]) == sha256(recorded) and not premises else "its source is not what the case records"
    if affirms:
        if step["rule"] not in model.by_head.get(atom, []):
            return "its rule does not conclude it"
        return "" if premises == model.bodies[step["rule"]][certain] else "its premises are not those of its rule"
    used: set[Claim] = set()
    for body in (model.bodies[index][certain] for index in model.by_head.get(atom, [])):
        against = {(needed, OPPOSITE[manner]) for needed, manner in body}
        lacking = {needed for needed, manner in against if model.holds((needed, manner))}
        if not against & set(premises) and not model.leads_to(lacking, atom):  # what leads back to it needs no answer
            return "nothing is said against one of the rules that might have served"
        used |= against & set(premises)
    return "" if used == set(premises) else "it has premises that deny no rule"


def _answer(model: Model, record: Any) -> Iterator[str]:
    """Every field of the answer, read off the truths."""
    told, labels = record["decision"], model.program["codes"]
    status = model.sure("status")[0][0]
    responsible = [team for (team,) in model.sure("responsible")]
    kept = {sha256(args[:2]): args[2] == "yes" for args in model.sure("kept")}
    due = [(code, model.day(on), count, kept.get(sha256([code, on]))) for code, on, count in model.sure("deadline")]
    expected: dict[str, Any] = {
        "case_id": record["case"]["case_id"],
        "policy": model.program["code"],
        "as_of": model.today.isoformat(),
        "status": status,
        "responsible_team": responsible[0] if responsible else None,
        "possible_teams": [] if status == "silent" else [team for (team,) in model.sure("may_hold")],
        "missing_facts": list(_missing(model, status)),
        "transfer": next((_move(model, args) for args in model.sure("told")), None),
        "further_transfers": [_move(model, args) for args in model.sure("further")],
        "deadlines": [dict(zip(("code", "due", "day_count", "met"), row)) for row in set(due) if row[1]],
        "clauses": _cited(model, record["proof"], status),
    }
    for field, name in CODES.items():
        expected[field] = list({args[0] for args in model.sure(name)})
    for field, parts in ROWS.items():
        expected[field] = [dict(zip(parts, row)) for row in {args[: len(parts)] for args in model.sure(field)}]
    for name in {*expected, *told} - {"findings"}:
        if name not in expected or _in_any_order(told[name]) != _in_any_order(expected[name]):
            yield f"the answer's {name} is not what follows"
    sentences = dict(labels.get("finding", []))
    if told["findings"][: len(told["finding_codes"])] != [sentences.get(code) for code in told["finding_codes"]]:
        yield "the answer's findings are not those of their codes"
    names = {code: label for kind in ("body", "outcome", "team") for code, label in labels.get(kind, [])}
    day = f"{model.today.day} {calendar.month_name[model.today.month]} {model.today.year}"
    if any(word not in record["headline"] for word in [day, *(names[team] for team in expected["possible_teams"])]):
        yield "the headline does not say what follows"
    if record["contradictions"] != list(dict.fromkeys(args[0] for args in model.sure("contradiction"))):
        yield "the contradictions told are not those of the record"


def _in_any_order(value: Any) -> Any:
    return sorted(map(sha256, value)) if isinstance(value, list) else sha256([value])


def _move(model: Model, args: tuple[Any, ...]) -> dict[str, Any]:
    days = [day for point, on in model.sure("date_of") if point == args[2] and (day := model.day(on))]
    return {**dict(zip(("from", "to", "point", "status"), args)), "on": min(days, default=None)}


def _missing(model: Model, status: str) -> set[str]:
    """Facts not recorded that an open team, move, duty or co-working hangs on."""
    waiting = model.heads("duty", "co_working", *(["holds"] if status == "unknown" else []))
    moves = [list(args[:3]) for args in model.sure("told") + model.sure("further") if args[3] in ("unknown", "blocked")]
    waiting += [atom for atom in model.heads("route", "condition_open") if list(model.atoms[atom][1:]) in moves]
    found, seen = {args[0] for args in model.sure("ask")}, set[int]()
    while waiting:
        atom = waiting.pop()
        if atom in seen or not model.open(atom):
            continue
        seen.add(atom)
        found |= model.facts_in(atom, blank=True) if atom in model.conditions else set()
        for index in model.by_head.get(atom, []):
            if all(model.holds(claim) for claim in model.bodies[index][False]):
                body = model.program["rules"][index][1].split(", ")
                waiting += [int(part.rpartition(" ")[2]) for part in body if part and "known" not in part]
    return found


def _cited(model: Model, proof: Any, status: str) -> list[dict[str, Any]]:
    """Clauses that speak for the answer; where no team is decided, those looked at in vain too."""
    lines: dict[str, list[int]] = {}
    seen: set[str] = set()
    waiting = [conclusion["step"] for conclusion in proof["conclusions"]]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            step = proof["steps"][name]
            waiting += [p for p in step["premises"] if MANNERS[proof["steps"][p]["manner"]][1] or status != "decided"]
            sources = [model.program["sources"][n] for n in (model.program["rules"][step["rule"]][2] if "rule" in step else [])]
            lines |= {source["clause"]: source["lines"] for source in sources if source["lines"]}
    return [{"id": name, "lines": at} for name, at in lines.items()]


def _clauses(model: Model, record: Any) -> Iterator[str]:
    """Clauses against the register, and the council's own passages against their fingerprints."""
    given, differs = record["document"]["given"], set(record["document"]["differs"])
    if [{"id": c["id"], "lines": c["lines"]} for c in record["clauses"]] != record["decision"]["clauses"]:
        yield "the clauses told are not those that the answer rests on"
    for clause in record["clauses"]:
        if model.program["register"][clause["id"]] != sha256({key: p for key, p in clause.items() if key != "passages"}):
            yield f"clause {clause['id']} is not as the register has it"
        passages = clause.get("passages", {})
        if set(passages) != {str(line) for line in clause["lines"] if given and line not in differs}:
            yield f"clause {clause['id']} does not show the passages that the document has for it"
        for line, text in passages.items():
            if sha256(" ".join(re.findall(r"[a-z0-9]+", text.lower())))[:16] != clause["fingerprints"][line]:
                yield f"the passage of line {line} is not the one that the rules were read from"


def _people(model: Model, told: Any) -> Iterator[str]:
    """Who confirmed the answer, or set it aside and why."""
    if set(told) != {"confirmed_by", "confirmed_on", "overridden_to", "reason"}:
        yield "the confirmation has other parts than it should"
    if told["confirmed_on"] is not None and date.fromisoformat(told["confirmed_on"]) < model.today:
        yield "the confirmation is older than the answer"
    if bool(told["overridden_to"]) != bool((told["reason"] or "").strip()):
        yield "an override and its reason go together"
    teams = {code for kind in ("team", "outcome") for code, _ in model.program["codes"].get(kind, [])}
    if told["overridden_to"] is not None and told["overridden_to"] not in teams:
        yield "the team that the answer was set aside for is none of this policy"


def main(arguments: list[str]) -> int:
    """Checks one file: 0 where it is sound, 1 where it is not, 2 where it can't be read."""
    if len(arguments) not in (1, 2):
        print("usage: python verify.py RECORD.json [HASH-OF-THE-PROGRAM]", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            record = json.load(file)
    except (OSError, ValueError) as error:
        print(f"error: {arguments[0]}: {error}", file=sys.stderr)
        return 2
    problems = verify(record, *arguments[1:])
    for problem in problems or [f"Sound. Rules and tables: {record['hashes']['program']}"]:
        print(f"NOT SOUND: {problem}" if problems else problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
