"""The commands that record something: add, answer, confirm, override, note, undo, edition."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from explain.deadlines import UNDONE, day_of, outcome
from explain.decision_json import decision_json
from explain.register.shown import disputes, print_answer, print_text, readings_of, team_name, value_text
from explain.version import own_version
from kb.case import header
from kb.errors import Fault, InputError, many
from kb.json_yaml import read_document
from kb.register.store import open_store
from queries.assumptions import Assumptions, assumptions
from queries.decide import Decision
from queries.register import answering, change, editions
from queries.register.known import find_child
from queries.what_if import parse_value


def who(by: str | None) -> str:
    """The person who does something: as named, else the user of this computer."""
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise InputError([Fault("--by", "the system does not say who you are", "add --by NAME")]) from None


def made_by() -> str:
    return f"whichteam {own_version()}"


def told(decision: Decision, assumed: Assumptions | None = None) -> Mapping[str, Any]:
    """A decision as it is kept: the answer as JSON, with clauses and assumptions, without its proof.

    `assumed` are its assumptions, where they are known; they take long.

    `not_done` lists the limits that have passed and are known not to have been kept by then.
    """
    answer = decision_json(decision, proof=False, assumed=assumptions(decision) if assumed is None else assumed)
    return {
        **answer,
        "not_done": [{"code": row["code"], "due": row["due"]} for row in answer["deadlines"] if _undone(decision, row)],
    }


def _undone(decision: Decision, row: Mapping[str, Any]) -> bool:
    return row["met"] is False and outcome(decision.model, row["code"], day_of(row["due"]), False, decision.case.as_of) == UNDONE


def parse_facts(items: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts typed as FACT=VALUE, and further days typed as FACT+=DATE. Errors: `InputError`, all faults."""
    given: dict[str, Any] = {}
    further: dict[str, str] = {}
    faults = []
    for item in items:
        name, equals, raw = item.partition("=")
        adds, name = name.endswith("+"), name.removesuffix("+").strip()
        if not equals or not name:
            faults.append(
                Fault("facts", f"`{item}` is not FACT=VALUE", "write a fact, `=` and its value: true, 2024-09-03 or unknown")
            )
        elif name in given or name in further:
            faults.append(Fault("facts", f"`{name}` is given twice", "keep one of them"))
        elif adds:
            further[name] = raw
        else:
            given[name] = parse_value(raw)
    if faults:
        raise InputError(faults)
    return given, further


def add(
    child: str,
    items: list[str],
    case: Path | None,
    policy: str | None,
    day: str | None,
    source: str | None,
    siblings: list[str],
    by: str | None,
    seen: int | None,
) -> None:
    """Records facts and says what is on record now. Errors: `InputError`."""
    given, further = parse_facts(items)
    if case is not None:
        document = read_document(case)
        _, own, _ = header(document, case.name)
        twice = sorted(set(document["facts"]) & {*given, *further})
        if twice:
            raise InputError([Fault(case.name, f"`{twice[0]}` is given in the file and beside it", "keep one of them")])
        given = {**document["facts"], **given}
        policy, day, source = policy or own, day or document.get("recorded_on") or document["as_of"], source or case.name
    change.checked_number(child)
    store = open_store(make=True)
    added = change.add(store, child, given, who(by), day, source, policy, further, siblings, seen)
    vocabulary = change.policy_named(added.known.child.policy).vocabulary
    if added.entry is None:
        print_text([f"Nothing new about {child}: all of it is on record. (Last entry {added.version}.)"])
        return
    known = len(added.known.values)
    lines = [f"Entry {added.entry}: recorded about {child}. {many(known, 'fact')} {'is' if known == 1 else 'are'} known of it."]
    if added.new_child:
        lines[0] = f"Entry {added.entry}: {child} is in the register now, with {many(known, 'fact')}."
    lines += [
        f"  {vocabulary.facts[name].label}: {value_text(vocabulary, name, was)} → {value_text(vocabulary, name, now)}"
        for name, (was, now) in added.replaced.items()
        if was != now
    ]
    lines += [f"  {line}" for line in disputes(added.known, vocabulary)]
    print_text(lines)


def answer(
    child: str, as_of: str | None, known_on: str | None, policy: str | None, settings: list[str], by: str | None, seen: int | None
) -> None:
    """Works out an answer, prints it, and keeps it unless `known_on` asks what would have followed. Errors: `InputError`."""
    store, readings = open_store(), readings_of(settings)
    if known_on is not None:
        found = answering.work_out(store, child, told, as_of or known_on, known_on, policy, readings)
        print_text([f"From what was known at the end of {known_on}:"])
    else:
        found = answering.answer(store, child, told, who(by), made_by(), as_of, policy, readings, seen)
    print_answer(found.decision)
    vocabulary = found.program.policy.vocabulary
    lines = [f"note: {text}" for text in found.told["notes"]]
    lines += [
        f"note: {vocabulary.facts[one.fact].label}: recorded as not happened on {one.day}, taken as still so"
        for one in found.known.said_earlier(vocabulary)
    ]
    lines += [f"note: {line}" for line in disputes(found.known, vocabulary)]
    for line in lines:
        print(line, file=sys.stderr)
    print_text([f"Kept as answer {found.entry}." if found.entry is not None else "Not kept: it shows what was known then."])


def refuse_answer(child: str | None, every: bool) -> NoReturn:
    """Says which options go together. Errors: `InputError`, always."""
    if every and child is None:
        hint = "leave out --known-on, --policy, --set and --seen, or name one child"
        raise InputError([Fault("--all", "goes with --as-of and --by only", hint)])
    said = "names a child beside --all" if every else "names no child"
    raise InputError([Fault("answer", said, "give CHILD, or --all for every child")])


def confirm(child: str, answer: int | None, by: str | None, seen: int | None) -> None:
    decided = answering.confirm(open_store(), child, who(by), answer, seen)
    print_text([f"Entry {decided.entry}: {decided.by} confirmed answer {decided.answer} about {child}."])


def override(child: str, team: str, reason: str, answer: int | None, by: str | None, seen: int | None) -> None:
    store = open_store()
    decided = answering.override(store, child, team, reason, who(by), answer, seen)
    with store.reading() as connection:
        vocabulary = change.policy_named(find_child(connection, child).policy).vocabulary
    name = team_name(vocabulary, decided.team)
    print_text([f"Entry {decided.entry}: {decided.by} decided on {name} instead of answer {decided.answer} about {child}."])


def note(child: str, text: str, answer: int | None, by: str | None, seen: int | None) -> None:
    entry = change.note(open_store(), child, text, who(by), answer, seen)
    print_text([f"Entry {entry}: noted about {child}."])


def undo(entry: int, by: str | None) -> None:
    back = change.undo(open_store(), entry, who(by))
    print_text([f"Entry {entry} no longer counts ({back.by} {change.IN_WORDS[back.what]}). It stays in the log."])


def edition(policy: str, since: str, until: str | None, council: str | None, by: str | None) -> None:
    made = editions.add_edition(open_store(make=True), policy, since, until, council, who(by))
    last = f" until {made.until}" if made.until else ""
    print_text(
        [f"Entry {made.entry}: `{made.policy}` ({made.version}) is in force for `{made.council}` from {made.since}{last}."]
    )
