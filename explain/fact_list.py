"""`whichteam facts`: the case facts with name, type, question and behaviour in time."""

from __future__ import annotations

from collections.abc import Iterator

from rich.markup import escape
from rich.padding import Padding

from explain.terminal import console
from kb.errors import Fault, InputError, many
from kb.policy import find_policy
from kb.vocabulary.load import load_vocabulary
from kb.vocabulary.model import Fact, Vocabulary

IN_TIME = {
    "trait": "holds all life long",
    "state": "holds since the present episode began",
    "event": "happens on a day, and may happen again",
    "outcome": "the outcome of {of}: known from that day on, for the last time it happened",
    "booking": "a plan: the date that is set",
    "agreement": "an agreement: counts from its own day on, and may be made again",
    "gate": "a check: may be done after the event of the move",
    "record": "speaks of the day of the record only",
}
IN_SPELL = {
    "starts": "starts a spell of {spell}",
    "in": "belongs to a spell of {spell}",
    "during": "holds as long as a spell of {spell}",
    "ends": "ends a spell of {spell}",
}
IN_EPISODE = {
    "opens": "opens an episode",
    "enters": "opens an episode from outside: counts for the contact that follows",
    "confirms": "shows that the contact before it opened the case",
    "ends": "ends the episode",
}


def facts(word: str | None, policy: str | None = None) -> None:
    """Prints the shared case facts, after those of a policy, or those whose name or question contains `word`.

    Errors: `InputError` if none does, or if the policy's tables can't be read.
    """
    shared = load_vocabulary()
    vocabulary = shared if policy is None else load_vocabulary(find_policy(policy).resolve())
    own = {name: fact for name, fact in vocabulary.recorded.items() if shared.facts.get(name) != fact}
    matching = [
        fact
        for fact in {**own, **vocabulary.recorded}.values()
        if not word or word.lower() in fact.name or word.lower() in fact.question.lower()
    ]
    others = [line for line in _worked_out(vocabulary, shared) if not word or word.lower() in line[0]]
    if not matching and not others:
        raise InputError([Fault("facts", f"no fact contains `{word}`", "try a shorter word")])
    for name, what in others:
        console.print(f"[bold]{escape(name)}[/bold]  [dim]{escape(what)}[/dim]", soft_wrap=True)
    for fact in matching:
        kind = fact.type if not fact.values else f"{fact.type}: {', '.join(fact.values)}"
        console.print(f"[bold]{fact.name}[/bold]  [dim]{escape(kind)}[/dim]", soft_wrap=True)
        text = f"{escape(fact.question)}\n[dim]In time: {escape(in_time(fact))}.[/dim]"
        console.print(Padding(text, (0, 0, 0, 4), expand=False))


def _worked_out(vocabulary: Vocabulary, shared: Vocabulary) -> Iterator[tuple[str, str]]:
    """The lookup tables and the counts of a policy: how rules ask them, and what they are."""
    for table in vocabulary.tables:
        yield f"{table.name}({', '.join(table.columns)})", f"lookup table, {many(len(table.rows), 'row')}"
    for name, tally in vocabulary.tallies.items():
        value = {"bool": "", "list[team]": "(team)", "int": "(number)"}.get(vocabulary.facts[name].type, "(date)")
        yield f"{name}{value}", f"{tally.how} of {tally.source}"
    for name, found in vocabulary.calculated.items():
        if name not in shared.calculated:
            yield f"{name}({found.key})" if found.key else name, f"{found.how} of {found.source}"


def in_time(fact: Fact) -> str:
    """How a fact behaves over time (column `time` of the vocabulary), in words; refers to other facts by name."""
    during = fact.part == "during"
    parts = [IN_SPELL["during"] if during else IN_TIME[fact.time]]
    if fact.time == "gate" and fact.of:
        parts.append("belongs to {of}")
    if fact.spell and not during:
        parts.append(IN_SPELL[fact.part] + (f", if it is {' or '.join(fact.begins)}" if fact.begins else ""))
    if fact.episode:
        parts.append(IN_EPISODE[fact.episode])
    if fact.after:
        parts.append(f"comes after {' or '.join(fact.after)}")
    if fact.after_birth:
        parts.append("not before birth")
    return "; ".join(parts).format(of=fact.of, spell=fact.spell)
