"""One way that the journey went: each step against the record as at its day and the step before, and the days between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from .as_at import Episode, Whole
from .dates import day_of, iso, number
from .model import Model
from .proof import step_faults
from .reading import sha256
from .rules import COMPARE, Asked, Program, facts_in


class Way:
    """One way that the journey went: the moves one after another, and the last step, which the answer is read off."""

    def __init__(self, program: Program, whole: Whole, told: Any, last: Any):
        self.program, self.told, self.names = program, told, program.names
        self.whole = Whole(program, whole.case, told["assumed"])
        self.recorded_only = whole
        self.steps = told["moves"]
        self.models = [self._model(step, program.moves, step["model"]) for step in self.steps]
        self.last = self._model(told["last"], program.whole, last["model"])
        self.start: str | None = None  # the first day that is told, where it is known
        self.bounded = False  # it is only the day after a closing, which is told as no first day
        self.origins: list[Any] = []  # the team that each move was out of
        self.taken: list[str] = []  # what was taken from the record unproved
        self.not_made: list[tuple[str, str]] = []  # sure moves that this way takes as not made: point and day
        self.episode = Episode(None, None, {})

    def _model(self, step: Any, asked: Asked, told: Any = None) -> Model:
        return Model(self.program, step["record"], date.fromisoformat(step["as_at"]), asked, told)

    def problems(self) -> Iterator[str]:
        """Each step against the record as at its day and against the step before; the days between; what follows in each."""
        whole, day = self.whole, 0
        self.taken += [
            f"One way takes {name} to be {value}, which nobody recorded." for name, value in self.told["assumed"].items()
        ]
        if any(self.recorded_only.facts.get(name) is not None for name in self.told["assumed"]):
            yield "what one way of the journey assumes is recorded"
        carried, self.episode = self._first()
        self.first = carried
        self.closed: list[Any] = []  # what the journey adds to the teams that have had the child
        self.episodes, self.closed_by = [self.episode], [self.closed]
        stood = [carried]
        for step, model in zip(self.steps, self.models):
            yield from self._as_told(step, model, carried, day)
            fault, carried, day = self._moved(step, model, carried)
            if fault:
                yield fault
            stood.append(carried)
            self.episodes.append(self.episode)
            self.closed_by.append(self.closed)
            yield from step_faults(model, step["proof"], f"the move of {step['on'] or 'no known day'}: ")
        if self.told["last"]["as_at"] != whole.case["as_of"]:
            yield "the last step is not of the day of the answer"
        yield from self._as_told(self.told["last"], self.last, carried, day)
        yield from self._quiet(stood)

    def _as_told(self, step: Any, model: Model, carried: Any, since: int) -> Iterator[str]:
        """The record of a step is what it was on its day, with what the step before carried there; its truths follow from it."""
        on, day = step["as_at"], model.today.toordinal()
        if day < since or day > self.whole.last:
            yield f"the step of {on} is not in the order of days"
        undated = day >= self.whole.recorded if step is self.told["last"] else bool(step["undated"])
        episode = self.episode._replace(counts=number(carried.get(self.names["from"])))
        expected = {**self._whole(step).as_at(day, episode, bool(step["gates"]), undated, self.closed), **carried}
        past = self.names["had_effect"]
        mine, theirs = expected.pop(past, []), dict(step["record"])
        spent = theirs.pop(past, [])
        different = [name for name in sorted({*expected, *theirs}) if sha256([expected.get(name)]) != sha256([theirs.get(name)])]
        if spent[: len(mine)] != mine or any(entry.get("on", on) > on for entry in spent[len(mine) :]):
            different.append(past)
        self.taken += [
            f"That {entry['point']} ({entry.get('on', 'no known day')}) could move nobody was taken from the record."
            for entry in spent[len(mine) :]
        ]
        if different:
            yield f"the record of the step of {on} is not what it was on that day: {', '.join(different)}"
        if not model.follows():
            yield self._unsound(step)

    def _whole(self, step: Any) -> Whole:
        """The record that a step was made of: what a way assumes counts from the day on which it had to be assumed."""
        assumed = {name: value for name, value in self.told["assumed"].items() if name in step["record"]}
        return Whole(self.program, self.whole.case, assumed) if assumed != self.told["assumed"] else self.whole

    def _unsound(self, step: Any) -> str:
        if step is self.told["last"]:
            return "what follows from the facts is not what the record says follows"
        return f"what follows on {step['as_at']} is not what the record says follows"

    def _first(self) -> tuple[Any, Episode]:
        """What the first step stands on: the team on record, since when, and from when its events count."""
        whole = self.whole
        told = (self.steps[0] if self.steps else self.told["last"])["record"]
        team, since = whole.facts.get(whole.holder), next(iter(whole.days(whole.since)), None)
        began = since if since is not None or whole.last == whole.recorded else self._began_after(team)
        if began is not None and whole.last < began:  # the record speaks of a later stint
            team = "none"
        if team == "none":  # no team has had the child since any day: the contact tells
            since = None
        front = team == "none" or team in whole.doors
        episode = whole.episode(since if since is not None else whole.recorded, front)
        start = since if since is not None else episode.start if front else None
        if start is not None and start > whole.last:  # a day before that contact: what had happened by then tells
            episode = whole.episode(whole.last, True)
            start = episode.start
            if start is None or whole.last_open(whole.last) < start:
                return self._before_contact()
        if not front and since is None:
            episode = self._of_record()
        self.start = iso(start)
        contacts = {day for name in whole.of("episode", "opens") for day in whole.days(name)}
        self.bounded = front and since is None and start not in contacts
        if team is None and whole.holder in told:  # nobody recorded it: each team that it can be is a way of its own
            team, since, start = told[whole.holder], None, None
        counts, spent = None, list[Any]()
        if team is not None and not front and team != "none":
            counts, spent = self._evidence(team, since, episode)
        return self._carried(team, start, counts, spent=spent), episode

    def _of_record(self) -> Episode:
        """The episode of a team on record without a first day.

        What closed the case, with later events of an open case, ended an earlier episode.
        """
        whole = self.whole
        led = self._led(self.names["closed"], whole.episode(whole.recorded, False), surely=True)
        over = [day for day in led if day < whole.last_open()]
        return whole.episode(whole.recorded, False, max(over, default=None))

    def _began_after(self, team: Any) -> int | None:
        """The earliest day on which a team on record without a first day can have taken over; None if any."""
        if team in (None, "none", *self.whole.doors):
            return None
        return self._evidence(team, None, self._of_record())[0]

    def _before_contact(self) -> tuple[Any, Episode]:
        """What a step stands on before anything opened the case: a closing, nobody, or what is not known."""
        over = [day for day in self.whole.closings() if day <= self.whole.last]
        never = "no_team" if self.whole.facts.get(self.whole.before) == [] else None
        team, day = (self.names["closed"], over[-1]) if over else (never, None)
        return self._carried(team, day, day), Episode(None, None, {})

    def _evidence(self, team: str, since: int | None, episode: Episode) -> tuple[int | None, list[Any]]:
        """The day from which events count for a team on record, and the points of that day that led to it."""
        led = self._led(team, episode)
        bounds = [day for day in (episode.start, min(led, default=None)) if day is not None]
        counts = since if since is not None else max(bounds, default=None)
        points = dict.fromkeys(led.get(counts, [])) if counts is not None else {}
        return counts, [{"point": point, "on": iso(counts)} for point in points]

    def _led(self, team: str, episode: Episode, surely: bool = False) -> dict[int, list[str]]:
        """The days of events that may have led to a team (or surely did), each with its transfer points."""
        whole, program = self.recorded_only, self.program
        found: dict[int, list[str]] = {}
        written = [program.atoms[atom] for atom in program.heads("written")]
        for point in sorted({point for _, _, to, point in written if to == team}):
            for name in sorted(program.facts_of_point.get(point, set()) & set(whole.facts)):
                named = [
                    n for n in whole.of("of", name) if (whole.column(n, "type"), whole.column(n, "time")) == ("team", "outcome")
                ]
                if named and all(whole.facts.get(n) != team for n in named):
                    continue  # it names the team that it led to, and that is another
                if whole.column(name, "time") == "event" and whole.column(name, "episode") != "opens":
                    for day in whole.days(name):
                        here = day <= whole.recorded and whole.belongs(name, day, episode)
                        if here and (team, point) in self._routes(day, episode, surely):
                            found.setdefault(day, []).append(point)
        return found

    def _routes(self, day: int, episode: Episode, surely: bool) -> set[tuple[str, str]]:
        """The moves that the policy makes (or may make) by the record as at a day, whoever holds the child."""
        facts = self.recorded_only.as_at(day, episode, False, False)
        model = Model(self.program, facts, date.fromordinal(day), self.program.moves)
        return {model.atoms[atom][2:4] for atom in model.heads("route") if (atom, surely) in model.true}

    def _carried(self, team: Any, since: Any, counts: Any, origin: Any = None, point: Any = None, spent: Any = ()) -> Any:
        """What the journey carries into a step, as the record of the step has it."""
        n = self.names
        found = {n["holder"]: team, n["since"]: iso(since), n["from"]: iso(counts), n["origin"]: origin}
        found |= {n["point"]: point, n["had_effect"]: list(spent) or None}
        return {name: value for name, value in found.items() if value is not None}

    def _moved(self, step: Any, model: Model, carried: Any) -> tuple[str, Any, int]:
        """What a step that moved the child carries on, with the day, and what is wrong with it."""
        n, day = self.names, model.today.toordinal()
        (conclusion,) = step["proof"]["conclusions"]
        claim = step["proof"]["steps"][conclusion["step"]]
        name, *args = self.program.atoms[claim["atom"]]
        origin, to, point = (args[0], args[1], args[2]) if name == "moved" else (only(model, "starts_with"), n["closed"], None)
        if name == "opens":
            origin, to = n["closed"], args[0]
        on = model.value(args[-1])
        moved = None if on is None else max(on, day)
        if step["undated"] and on is not None:  # made possible by something on no known day: on its own day, or on none known
            moved = on if step["on"] == iso(on) else None
        fault = ""
        if (
            conclusion["part"] != "move"
            or name not in ("moved", "closes", "opens")
            or claim["manner"] not in ("established", "possible")
        ):
            fault = "its proof is not of a move"
        elif [step["from"], step["to"], step["point"], step["on"]] != [origin, to, point, iso(moved)]:
            fault = "it is not the move that its proof proves"
        elif claim["manner"] == "possible":
            self.taken.append(f"The move of {step['on'] or 'no known day'} is possible, not sure.")
        fault = fault and f"the move of {step['on'] or 'no known day'}: {fault}"
        counts = moved if moved is not None else number(carried.get(n["from"]))
        spent: list[Any] = list(carried.get(n["had_effect"], []))
        facts = {term[1] for term in facts_in(args[-1])}
        if name == "moved":
            points = {p for p, names in self.program.facts_of_point.items() if names & facts} | {point}
            spent += [{"point": p, **({} if on is None else {"on": iso(on)})} for p in sorted(map(str, points))]
            spent = [entry for place, entry in enumerate(spent) if entry not in spent[:place]]
        if name == "closes" and moved is not None:
            self.closed = [*self.closed, {"team": origin or carried.get(n["holder"]), "closed_on": iso(moved)}]
        if name == "opens":
            self.episode = self.whole.episode(day, True, number(carried.get(n["since"])))
            after = self._carried("none", day, None)
        else:
            after = self._carried(to, moved, counts, origin, point, spent)
        self.origins.append(origin)
        return fault, after, day

    def line(self) -> list[dict[str, Any]]:
        """The stints that the moves make, without those of no length: team, first day, point and the move's proof."""
        teams = [*self.origins, only(self.last, "starts_with") or self.told["last"]["record"].get(self.names["holder"])]
        since = None if self.bounded else self.first.get(self.names["since"])
        found = [{"team": teams[0], "from": since, "point": None, "proof": None}]
        for team, step, model in zip(teams[1:], self.steps, self.models):
            stint = {"team": team, "from": step["on"], "point": step["point"], "proof": (model, step["proof"])}
            if found[-1]["from"] == step["on"] and step["on"] is not None:
                found.pop()
            found.append(stint)
        return found

    # days on which nothing moved

    def _quiet(self, stood: list[Any]) -> Iterator[str]:
        """Each day of the record on which a fact falls that a move looks at is a step that moved or is told as quiet."""
        own = stood[0].get(self.names["since"]) or stood[0].get(self.names["from"])
        first = self.start or own or ""
        moved = {step["as_at"] for step in self.steps}
        days = self._days()
        for day in (date.fromordinal(day).isoformat() for day in sorted(days)):
            if first <= day < self.whole.case["as_of"] and day not in moved and day not in self.told["quiet"]:
                yield f"{day} is in no step, and something that a move looks at falls on it"
        if self.told["quiet"] != sorted(set(self.told["quiet"])):
            yield "the quiet days are not told each once, in order"
        for day in self.told["quiet"]:
            if day_of(day) in days:
                yield from self._nothing_moved(day, stood)
            else:
                yield f"{day} is told as quiet, and nothing that a move looks at falls on it"

    def _days(self) -> set[int]:
        """The days on which something that a move looks at falls."""
        whole, program = self.recorded_only, self.program
        looked: set[str] = set()
        days = set(whole.closed_before)
        for name, *args in (program.atoms[atom] for atom in program.moves.conditions):
            terms = {term[1] for arg in args for term in facts_in(arg)}
            looked |= terms | ({args[0]} if name == "planned" else set() if name in COMPARE else {name})
            if name in COMPARE and "as_of" in args:
                for term in args:
                    days |= {day for found in self._values(term) for day in (found, found + 1)} if term != "as_of" else set()
        looked = {name for name in looked if name in program.columns}
        looked |= {whole.column(name, "of") for name in looked} - {""}
        spells = {whole.column(name, "spell") for name in looked} - {""}
        looked |= {
            name
            for name in program.columns
            if whole.column(name, "spell") in spells and whole.column(name, "part") in ("starts", "ends")
        }
        looked |= {*whole.of("episode", "opens"), *whole.of("episode", "ends")}
        return days | {day for name in looked for day in whole.days(name)}

    def _values(self, term: Any) -> list[int]:
        """The days that a term comes to for each day recorded of the one fact in it."""
        names = {found[1] for found in facts_in(term)} & set(self.program.columns)
        if len(names) != 1 or len({found[1] for found in facts_in(term)}) != 1:
            return []
        (name,) = names
        value = self.recorded_only.facts.get(name)
        given = value if isinstance(value, list) and self.whole.days(name) else [value]
        models = [
            Model(self.program, {name: one}, self.last.today, Asked(self.program, set())) for one in given if isinstance(one, str)
        ]
        found = [(one, model.value(term)) for one, model in zip(given, models)]
        return [number // 1440 if "T" in one else number for one, number in found if number is not None]

    def _nothing_moved(self, on: str, stood: list[Any]) -> Iterator[str]:
        """No move is sure on a quiet day, by the record as at that day."""
        place = sum(step["as_at"] < on for step in self.steps)
        step = self.steps[place] if place < len(self.steps) else self.told["last"]
        episode = self.episodes[place]._replace(counts=number(stood[place].get(self.names["from"])))
        past = self.names["had_effect"]
        spent = [
            entry for entry in step["record"].get(past, []) if entry in stood[place].get(past, []) or entry.get("on", "") < on
        ]
        carried = {**stood[place], past: spent}

        def on_the_day(undated: bool = False, as_recorded: bool = False) -> Model:
            facts = self.recorded_only.as_at(day_of(on), episode, bool(step["gates"]), undated, self.closed_by[place])
            facts |= self.recorded_only.of_the_record() if as_recorded else {}
            return Model(self.program, {**facts, **carried}, date.fromisoformat(on), self.program.moves)

        model = on_the_day()
        if not _sure_move(model, stood[place].get(self.names["holder"]) == self.names["closed"]):
            return
        points = {model.atoms[atom][3] for atom in model.heads("moved") if (atom, False) in model.true}
        unused = [point for point in points if {"point": point, "on": on} in step["record"].get(past, [])]
        older = place == 0 and self._may_be_older(stood[0])
        # What has no known day may have come first (law 8), and what speaks of the day of the record may have been so (law 1).
        stopped = (bool(unused) and not on_the_day(**seen).sure("moved") for seen in ({"undated": True}, {"as_recorded": True}))
        if not unused or not (older or any(stopped)):
            yield f"{on} is told as quiet, and a move is sure on it"
        self.not_made += [(point, on) for point in unused]

    def _may_be_older(self, first: Any) -> bool:
        """Whether an event may be older than the first stint, as the record shows an earlier closing on no known day (law 4)."""
        whole, team = self.recorded_only, first.get(self.names["holder"])
        earlier = any(not entry.get("closed_on") for entry in whole.facts.get(whole.before, []))
        return earlier and team not in (None, "none", *whole.doors) and first.get(self.names["since"]) is None


def _sure_move(model: Model, closed: bool) -> bool:
    """Whether a step surely moves the child, to one team and no other."""
    atoms = [
        atom for atom in model.heads("moved") if (atom, False) in model.true and model.value(model.atoms[atom][-1]) is not None
    ]
    sure = {model.atoms[atom][2] for atom in atoms if not model.open(atom)}
    maybe = {model.atoms[atom][2] for atom in atoms} - sure
    if sure or maybe:
        return len(sure) == 1 and not maybe
    today = model.today.toordinal()
    shut = not closed and any((on := model.value(args[0])) is not None and on <= today for args in model.sure("closes"))
    return shut or any(model.value(on) == today for _, on in model.sure("opens"))


def only(model: Model, predicate: str) -> Any:
    found = model.sure(predicate)
    return found[0][0] if len(found) == 1 else None
