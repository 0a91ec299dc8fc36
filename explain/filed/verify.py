"""Checks a filed decision record (JSON) without anything of the program that made it.

It shares no code with parser, lowering or engines, and needs the standard library only. From
the facts and the ground rules in the record it works out anew which conditions hold and what
follows, in Kleene's three values, and then compares: the answer, each step of the proof, each
denial with all the rules that might have served, the clauses, every hash.

What it can't know is whether the rules are those of the council: someone who rewrites rules,
facts, answer and all hashes together has made a sound record of something else. So compare
the hash of the program, which is the same for every record made with the same policy and
readings: `python verify.py RECORD.json [HASH-OF-THE-PROGRAM]`.
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
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
#: What a manner of claim says: which half of an atom (certain: True, possible: False) is true or false.
MANNERS = {"established": (True, True), "possible": (False, True), "excluded": (False, False), "unproved": (True, False)}
OPPOSITE = {"established": "unproved", "unproved": "established", "possible": "excluded", "excluded": "possible"}
#: What makes a literal hold, in a rule for a conclusion that is possible and in one for it being certain.
LITERALS = {
    "": ("possible", "established"),
    "not": ("unproved", "excluded"),
    "known": ("established", "established"),
    "known not": ("excluded", "excluded"),
    "not known": ("unproved", "unproved"),
    "not known not": ("possible", "possible"),
}
#: Parts of the answer with the predicate that gives each.
PARTS = (
    "transfer told, blocked_by blocked_by, unconfirmed_gates unconfirmed, deadlines deadline, deadlines kept, duties duty, "
    "attendance attendance, co_working co_working, escalate_to escalate_to, findings finding, further_transfers further, "
    "missing_facts ask"
)


def canonical(value: Any) -> str:
    """The one way to write a value, for hashing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(record: Any, program_hash: str | None = None) -> list[str]:
    """Everything that is wrong with a record; nothing where it is sound."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 50_000))  # rules and proofs can run deep
    try:
        return list(dict.fromkeys(_problems(record, program_hash)))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        return [f"the record is not in the form of a record: {type(error).__name__} {error}"]
    finally:
        sys.setrecursionlimit(limit)


def _problems(record: Any, program_hash: str | None) -> Iterator[str]:
    if record["format"] != "whichteam-record/1":
        yield "the format is not whichteam-record/1"
    program, hashes = record["program"], record["hashes"]
    if record["seal"] != sha256(canonical({key: part for key, part in record.items() if key != "seal"})):
        yield "the seal does not fit the record"
    if hashes["program"] != sha256(canonical(program)) or program_hash not in (None, hashes["program"]):
        yield "the rules and tables are not those of the program named"
    if hashes["case"] != sha256(canonical(record["case"])):
        yield "the case does not fit its hash"
    yield from _holidays(record["holidays"])
    model = Model(record)
    if hashes["model"] != sha256(model.told()):
        yield "what follows from the facts is not what the record says follows"
    if not all(model.settled(*literal) for literal in {literal for rule in model.rules for literal in rule[2]}):
        yield "a rule takes something as settled that the policy does not settle"
    proof = Proof(model, record["proof"])
    yield from proof.problems()
    yield from _answer(model, proof, record)
    yield from _clauses(program, record)
    yield from _people(model, record)


# dates, counted anew ------------------------------------------------------------------------


def _shift(day: date, count: int, unit: str, closed: set[str]) -> date:
    if unit in ("days", "weeks"):
        return day + timedelta(count * (7 if unit == "weeks" else 1))
    if unit == "working days":
        for _ in range(abs(count)):
            day += timedelta(1 if count > 0 else -1)
            while day.weekday() > 4 or day.isoformat() in closed:
                day += timedelta(1 if count > 0 else -1)
        return day
    if unit == "months":
        years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
    if unit != "years":
        raise ValueError(f"unknown unit {unit}")
    year = day.year + count
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and not calendar.isleap(year) else day.replace(year=year)


def _holidays(years: dict[str, list[str]]) -> Iterator[str]:
    """Bank holidays on weekdays: England has had 8 to 11 a year since 1978, some of them always in these months."""
    for year, listed in years.items():
        days = [date.fromisoformat(day) for day in listed]
        if len(set(days)) != len(days) or any(day.year != int(year) or day.weekday() > 4 for day in days):
            yield f"the bank holidays of {year} are not different weekdays of that year"
        if int(year) >= 1978 and not (8 <= len(days) <= 11 and {day.month for day in days} >= {1, 5, 8, 12}):
            yield f"the bank holidays of {year} are not plausible for England"


# the model, worked out anew -----------------------------------------------------------------

Claim = tuple[int, str]  # an atom and the manner in which it is claimed
Half = tuple[int, bool]  # an atom and which half of it is meant: certain (True) or possible (False)


def literals(text: str) -> list[tuple[str, int]]:
    """The literals of a body: what stands before each atom, and the atom."""
    parts = [part.rpartition(" ") for part in text.split(", ") if part]
    return [(words, int(number)) for words, _, number in parts]


class Model:
    """The truth of each half of each atom: (atom, True) is the certain one, (atom, False) the possible."""

    def __init__(self, record: Any):
        self.program = record["program"]
        self.facts: dict[str, Any] = {name: value for name, value in record["case"]["facts"].items() if value is not None}
        self.types = dict(self.program["facts"])
        self.calculated = self.program["calculated"]
        self.codes = {kind: [code for code, _ in rows] for kind, rows in self.program["codes"].items()}
        self.closed = {day for days in record["holidays"].values() for day in days}
        self.years = {int(year) for year in record["holidays"]}
        self.today = date.fromisoformat(record["case"]["as_of"])
        self.atoms: list[tuple[Any, ...]] = [tuple(atom) for atom in self.program["atoms"]]
        self.rules = [(head, literals(body), literals(given), source) for head, body, given, source in self.program["rules"]]
        self.bodies = [
            tuple([(atom, LITERALS[words][certain]) for words, atom in rule[1]] for certain in (0, 1)) for rule in self.rules
        ]
        self.by_head: dict[int, list[int]] = {}
        for index, rule in enumerate(self.rules):
            self.by_head.setdefault(rule[0], []).append(index)
        self.heads: dict[str, list[int]] = {}
        for head in self.by_head:
            self.heads.setdefault(self.atoms[head][0], []).append(head)
        if any(self.is_condition(head) for head in self.by_head):
            raise ValueError("a rule concludes a fact")
        self.used = sorted({atom for rule in self.rules for _, atom in rule[1]} | set(self.by_head))
        self.half: dict[Half, bool] = {}
        self.circle: dict[Half, int] = {}
        for node in ((atom, certain) for atom in self.used for certain in (True, False)):
            if node not in self.circle:
                self._settle(node, {}, [])

    def is_condition(self, atom: int) -> bool:
        name = self.atoms[atom][0]
        return name in COMPARE or name == "planned" or name in self.types or name in self.calculated

    def _settle(self, node: Half, low: dict[Half, int], stack: list[Half]) -> int:
        """Settles whatever a half rests on, then the half with those in a circle with it (Tarjan 1972)."""
        low[node] = order = len(low)
        stack.append(node)
        atom, certain = node
        if self.is_condition(atom):
            truth = self._condition(self.atoms[atom])
            self.half[node] = truth is True if certain else truth is not False
        for body in (self.bodies[index][certain] for index in self.by_head.get(atom, ())):
            for needed, manner in body:
                below = needed, MANNERS[manner][0]
                if below not in self.circle:
                    low[node] = min(low[node], low[below] if below in low else self._settle(below, low, stack))
        if low[node] == order:
            members = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            self.circle |= dict.fromkeys(members, len(self.circle) + 1)
            self._least(members)
        return low[node]

    def _least(self, members: list[Half]) -> None:
        """The least truths of halves that rest on each other, from all false upwards."""
        bodies = [(member, self.bodies[i][member[1]]) for member in members for i in self.by_head.get(member[0], ())]
        denied = {(atom, MANNERS[manner][0]) for _, body in bodies for atom, manner in body if not MANNERS[manner][1]}
        if denied & set(members):
            raise ValueError("rules deny each other in a circle")
        for member in members:
            self.half.setdefault(member, False)
        changed = True
        while changed:
            changed = False
            for member, body in bodies:
                if not self.half[member] and all(self.holds(atom, manner) for atom, manner in body):
                    self.half[member] = changed = True

    def holds(self, atom: int, manner: str) -> bool:
        certain, truth = MANNERS[manner]
        return self.half[atom, certain] is truth

    def truth(self, atom: int) -> bool | None:
        certain, possible = self.half.get((atom, True), False), self.half.get((atom, False), False)
        return True if certain else None if possible else False

    def sure(self, predicate: str) -> list[tuple[Any, ...]]:
        """Arguments for which a conclusion is certain, in the order of the rules."""
        return [self.atoms[n][1:] for n in self.heads.get(predicate, []) if self.truth(n) is True]

    def ordered(self, kind: str, predicate: str) -> list[str]:
        """Codes for which a conclusion is certain, in the order of the vocabulary."""
        return sorted({args[0] for args in self.sure(predicate)}, key=self.codes.get(kind, []).index)

    def told(self) -> str:
        """The truth of every atom with the values in it, as text for the hash of the model."""
        rows = ([self.truth(n), *(self.value(arg) for arg in self.atoms[n][1:] if isinstance(arg, list))] for n in self.used)
        return canonical(list(rows))

    # conditions

    def value(self, term: Any) -> int | None:
        """Day number, minutes or number of a term, None where the case gives none."""
        if not isinstance(term, list):
            return self.today.toordinal() if term == "as_of" else term if isinstance(term, int) else None
        kind, *parts = term
        if kind == "fact":
            raw, of = self._raw(*parts)
            if of == "datetime" and raw is not None:
                day, clock = raw.split("T")
                return date.fromisoformat(day).toordinal() * 1440 + int(clock[:2]) * 60 + int(clock[3:5])
            if of in ("date", "event") and isinstance(raw, str):
                return date.fromisoformat(raw).toordinal()
            return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
        if kind == "date":
            return date.fromisoformat(parts[0]).toordinal()
        base, count = self.value(parts[1] if kind == "on_or_after" else parts[0]), self.value(parts[1]) if kind == "shift" else 0
        if base is None or count is None:
            return None
        if kind == "shift":
            found = _shift(date.fromordinal(base), count, parts[2], self.closed)
            if parts[2] == "working days" and not {date.fromordinal(base).year, found.year} <= self.years:
                raise ValueError(f"no bank holidays are given for {found.year}")
            return found.toordinal()
        if kind == "on_or_after":
            weekday = [name.lower() for name in calendar.day_name].index(parts[0])
            return base + (weekday - date.fromordinal(base).weekday()) % 7
        return {"day": base // 1440, "at": base * 1440 + int(parts[-1] if kind == "at" else 0)}[kind]

    def _raw(self, name: str, key: Any = None) -> tuple[Any, str]:
        """What is recorded for a fact, or follows from a list that is recorded, and its type."""
        if name not in self.calculated:
            return self.facts.get(name), self.types[name]
        about = self.calculated[name]
        entries, how, field = self.facts.get(about["source"]), about["how"], about["field"]
        mine = [entry for entry in entries or () if entry.get(about["key"]) == key]
        if entries is None:
            found: Any = None
        elif how == "some":
            found = bool(entries)
        elif how == "any":
            answers = [entry.get(field) for entry in entries]
            found = True if True in answers else None if None in answers else False
        elif not mine:
            found = None if any(about["key"] not in entry for entry in entries) else False
        else:
            days = [entry.get(field) for entry in mine]
            found = max(days) if all(isinstance(day, str) for day in days) else True
        return found, about["type"]

    def _condition(self, atom: tuple[Any, ...]) -> bool | None:
        name, *args = atom
        if name in COMPARE:
            left, right = self.value(args[0]), self.value(args[1])
            return None if left is None or right is None else bool(COMPARE[name](left, right))
        raw, kind = self._raw(args[0] if name == "planned" else name, args[0] if args and not isinstance(args[0], list) else None)
        if name == "planned":
            return None if raw is None else isinstance(raw, str) and date.fromisoformat(raw) > self.today
        if raw is None or isinstance(raw, bool):
            return raw
        if kind == "event":
            return date.fromisoformat(raw) <= self.today
        if kind in ("enum", "team"):
            return bool(raw == args[0])
        return args[0] in raw if kind in ("list[enum]", "list[team]") else True

    def settled(self, words: str, number: int) -> bool:
        """Whether what the policy itself settles is as a rule takes it to be."""
        name, *args = self.atoms[number]
        if number in self.by_head:
            truth = self.truth(number) is True
        elif name in COMPARE:
            truth = bool(COMPARE[name](*args)) and (name in ("=", "!=") or "undated" not in args)
        elif name == "listed_before":
            truth = any(args == [a for a in codes if a in args] for codes in self.codes.values())
        elif name == "reading":
            truth = self.program["settings"].get(args[0]) == args[1]
        else:
            truth = any(args == [code] for code in self.codes.get(name, []))
        return truth is MANNERS[LITERALS[words][1]][1]

    def facts_of(self, atom: int, blank: bool = False) -> set[str]:
        """The facts that a condition looks at, or only those in a comparison that have no value."""
        name, *args = self.atoms[atom]
        terms = [term for arg in args for term in _facts_in(arg) if not blank or self.value(term) is None]
        names = {term[1] for term in terms if not blank or name in COMPARE}
        names |= set() if name in COMPARE else {args[0] if name == "planned" else name}
        return {self.calculated[n]["source"] if n in self.calculated else n for n in names}


def _facts_in(term: Any) -> list[Any]:
    parts = [inner for part in term[1:] for inner in _facts_in(part)] if isinstance(term, list) else []
    return [term, *parts] if isinstance(term, list) and term[0] == "fact" else parts


# the proof ------------------------------------------------------------------------------------


class Proof:
    """The steps of a proof, each held against the rules, the facts and the model."""

    def __init__(self, model: Model, proof: Any):
        self.model, self.steps, self.conclusions = model, proof["steps"], proof["conclusions"]
        self.claims: dict[str, Claim] = {name: (step["atom"], step["manner"]) for name, step in self.steps.items()}

    def problems(self) -> Iterator[str]:
        for name, step in self.steps.items():
            fault = self._fault(step, self.claims[name])
            if fault:
                yield f"step {name} of the proof: {fault}"
        if [(c["part"], self.claims[c["step"]]) for c in self.conclusions] != list(self._expected()):
            yield "the proof does not prove what the answer says"
        done: set[str] = set()
        for conclusion in self.conclusions:
            if self._circular(conclusion["step"], done, set()):
                yield "a step of the proof rests on itself"
        if done != set(self.steps):
            yield "the proof has steps that nothing rests on"

    def _fault(self, step: Any, claim: Claim) -> str:
        model, (atom, manner) = self.model, claim
        certain, affirms = MANNERS[manner]
        premises = [self.claims[premise] for premise in step["premises"]]
        if not model.holds(atom, manner):
            return "what it claims does not follow from the facts"
        rules = model.by_head.get(atom, [])
        if model.is_condition(atom):
            same = canonical(step["source"]) == canonical({name: model.facts.get(name) for name in model.facts_of(atom)})
            return "" if same and not premises and "rule" not in step else "its source is not what the case records"
        if affirms:
            if step["rule"] not in rules:
                return "its rule does not conclude it"
            return "" if premises == model.bodies[step["rule"]][certain] else "its premises are not those of its rule"
        texts = sorted(canonical(model.program["rules"][index]) for index in rules)
        if step["no_rule_serves"] != {"count": len(texts), "sha256": sha256(canonical(texts))}:
            return "it denies without all the rules that might have served"
        against: set[Claim] = set()
        for index in rules:
            body = model.bodies[index][certain]
            failing = {(needed, OPPOSITE[how]) for needed, how in body} & set(premises)
            here = model.circle[atom, certain]  # a rule that leads back to what is denied needs no answer
            if not failing and all(model.circle[needed, MANNERS[how][0]] != here for needed, how in body):
                return "nothing is said against one of the rules that might have served"
            against |= failing
        return "" if against == set(premises) else "it has premises that deny no rule"

    def _expected(self) -> Iterator[tuple[str, Claim]]:
        model = self.model
        numbers = {model.atoms[n]: n for n in model.heads.get("holds", [])}
        for atom in (numbers["holds", *args] for args in model.sure("may_hold")):
            yield "holder", (atom, "established" if model.truth(atom) else "possible")
        for part, predicate in (pair.split(" ") for pair in PARTS.split(", ")):
            yield from ((part, (n, "established")) for n in model.heads.get(predicate, []) if model.truth(n))

    def _circular(self, name: str, done: set[str], above: set[str]) -> bool:
        if name in above:
            return True
        if name in done:
            return False
        done.add(name)
        return any(self._circular(premise, done, above | {name}) for premise in self.steps[name]["premises"])


# the answer -----------------------------------------------------------------------------------


def _answer(model: Model, proof: Proof, record: Any) -> Iterator[str]:
    """Every field of the answer, read off the model anew."""
    told, labels = record["decision"], model.program["codes"]
    status = model.sure("status")[0][0]
    teams = [] if status == "silent" else [team for (team,) in model.sure("may_hold")]
    moves = [_move(model, args) for args in model.sure("told")]
    further = [_move(model, args) for args in model.sure("further")]
    findings = model.ordered("finding", "finding")
    sentences = dict(labels.get("finding", []))
    expected = {
        "case_id": record["case"]["case_id"],
        "policy": model.program["code"],
        "as_of": record["case"]["as_of"],
        "status": status,
        "responsible_team": next((team for (team,) in model.sure("responsible")), None),
        "possible_teams": teams,
        "missing_facts": _missing(model, status),
        "transfer": moves[0] if moves else None,
        "further_transfers": sorted(further, key=lambda m: (m["on"] or "9999", m["point"], m["to"])),
        "blocked_by": model.ordered("gate", "blocked_by"),
        "unconfirmed_gates": model.ordered("gate", "unconfirmed"),
        "deadlines": _deadlines(model),
        "duties": model.ordered("duty", "duty"),
        "attendance": _rows(model, "attendance", "code who meeting"),
        "co_working": _rows(model, "co_working", "code team with"),
        "escalate_to": model.ordered("escalation", "escalate_to"),
        "finding_codes": findings,
        "clauses": _cited(model, proof, status),
    }
    for name in [*expected, *told]:
        if name != "findings" and (name not in expected or canonical(told[name]) != canonical(expected[name])):
            yield f"the answer's {name} is not what follows"
    if told["findings"][: len(findings)] != [sentences[code] for code in findings]:
        yield "the answer's findings are not those of their codes"
    names = {code: label for kind in ("body", "outcome", "team") for code, label in labels.get(kind, [])}
    day = f"{model.today.day} {calendar.month_name[model.today.month]} {model.today.year}"
    if any(word not in record["headline"] for word in [day, *(names[team] for team in teams)]):
        yield "the headline does not say what follows"
    if any(word not in record["question"] for word in (day, record["case"]["case_id"])):
        yield "the question is not about this case and day"


def _move(model: Model, args: tuple[Any, ...]) -> dict[str, Any]:
    days = [_iso(model.value(day)) for point, day in model.sure("date_of") if point == args[2]]
    on = min(filter(None, days), default=None)
    return {"from": args[0], "to": args[1], "point": args[2], "status": args[3], "on": on}


def _iso(day: int | None) -> str | None:
    return None if day is None else date.fromordinal(day).isoformat()


def _rows(model: Model, predicate: str, names: str) -> list[dict[str, Any]]:
    width = len(names.split())
    return [dict(zip(names.split(), row)) for row in sorted({args[:width] for args in model.sure(predicate)})]


def _deadlines(model: Model) -> list[dict[str, Any]]:
    kept = {canonical(args[:2]): args[2] == "yes" for args in model.sure("kept")}
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for code, term, count in model.sure("deadline"):
        due = _iso(model.value(term))
        if due is not None:
            met = kept.get(canonical([code, term]))
            found[due, code, f"{count} {met}"] = {"code": code, "due": due, "day_count": count, "met": met}
    return [found[key] for key in sorted(found)]


def _missing(model: Model, status: str) -> list[str]:
    """Facts not recorded that an open team, move, duty or co-working hangs on."""
    heads = [n for name in ("duty", "co_working", *(["holds"] * (status == "unknown"))) for n in model.heads.get(name, [])]
    waiting = [n for n in heads if model.truth(n) is None]
    numbers = {canonical(model.atoms[n]): n for n in model.used}
    for args in model.sure("told") + model.sure("further"):
        if args[3] in ("unknown", "blocked"):
            routes = [numbers.get(canonical([name, *args[:3]])) for name in ("route", "condition_open")]
            waiting += [n for n in routes if n is not None]
    found, seen = {args[0] for args in model.sure("ask")}, set()
    while waiting:
        atom = waiting.pop()
        if atom in seen or model.truth(atom) is not None:
            continue
        seen.add(atom)
        found |= set() if atom in model.by_head else model.facts_of(atom, blank=True)
        for index in model.by_head.get(atom, []):
            if all(model.holds(*claim) for claim in model.bodies[index][False]):
                waiting += [needed for words, needed in model.rules[index][1] if "known" not in words]
    return [name for name, _ in model.program["facts"] if name in found]


def _cited(model: Model, proof: Proof, status: str) -> list[dict[str, Any]]:
    """Clauses that speak for the answer; where no team is decided, those looked at in vain too."""
    used: set[int] = set()
    seen: set[str] = set()
    waiting = [conclusion["step"] for conclusion in proof.conclusions]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        step = proof.steps[name]
        waiting += [p for p in step["premises"] if MANNERS[proof.claims[p][1]][1] or status != "decided"]
        if "rule" in step:
            _, _, given, source = model.rules[step["rule"]]
            taken = [atom for words, atom in given if MANNERS[LITERALS[words][1]][1]]
            used |= {source, *(model.rules[i][3] for atom in taken for i in model.by_head.get(atom, []))}
    lines = {model.program["sources"][n]["clause"]: model.program["sources"][n]["lines"] for n in used}
    return [{"id": name, "lines": at} for at, name in sorted((at, name) for name, at in lines.items() if at)]


def _clauses(program: Any, record: Any) -> Iterator[str]:
    """Clauses against the register, and the council's own passages against their fingerprints."""
    given, differs = record["document"]["given"], set(record["document"]["differs"])
    if [{"id": c["id"], "lines": c["lines"]} for c in record["clauses"]] != record["decision"]["clauses"]:
        yield "the clauses told are not those that the answer rests on"
    for clause in record["clauses"]:
        own = {key: part for key, part in clause.items() if key != "passages"}
        if program["register"][clause["id"]] != sha256(canonical(own)):
            yield f"clause {clause['id']} is not as the register has it"
        passages = clause.get("passages", {})
        if set(passages) != {str(line) for line in clause["lines"] if given and line not in differs}:
            yield f"clause {clause['id']} does not show the passages that the document has for it"
        for line, text in passages.items():
            words = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
            if sha256(words)[:16] != clause["fingerprints"][line]:
                yield f"the passage of line {line} is not the one that the rules were read from"


def _people(model: Model, record: Any) -> Iterator[str]:
    """Who confirmed the answer, or set it aside and why."""
    told = record["confirmation"]
    if set(told) != {"confirmed_by", "confirmed_on", "overridden_to", "reason"}:
        yield "the confirmation has other parts than it should"
    if told["confirmed_on"] is not None and date.fromisoformat(told["confirmed_on"]) < model.today:
        yield "the confirmation is older than the answer"
    if bool(told["overridden_to"]) != bool((told["reason"] or "").strip()):
        yield "an override and its reason go together"
    if told["overridden_to"] is not None and told["overridden_to"] not in model.codes["team"] + model.codes["outcome"]:
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
    for problem in problems:
        print(f"NOT SOUND: {problem}")
    if not problems:
        print(f"Sound: {len(record['proof']['steps'])} steps and every part of the answer follow from the facts and rules given.")
        print(f"Rules and tables: {record['hashes']['program']}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
