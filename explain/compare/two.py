"""The two programs that are compared, and the conditions under which the result is a proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10

from kb.case import EARLIEST, LATEST
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.program import Program
from queries.compare import Difference
from queries.compare_rules import KINDS, STEPS


@dataclass(frozen=True)
class Pair:
    """Two programs; `codes` maps codes of the second to codes of the first."""

    first: Program
    second: Program
    codes: Mapping[str, str]

    @property
    def back(self) -> dict[str, str]:
        """Codes of the first to codes of the second."""
        return {ours: other for other, ours in self.codes.items()}


def some_team_shared(two: Pair) -> None:
    """Errors: `InputError` if the two have no team in common."""
    ours = {code.code for code in two.first.policy.vocabulary.codes.get("team", ())}
    theirs = {two.codes.get(code.code, code.code) for code in two.second.policy.vocabulary.codes.get("team", ())}
    if not ours & theirs:
        hint = "write a table with the columns first and second, and name it: --map teams.tsv"
        raise InputError([Fault("compare", "the two policies have no team in common", hint)])


def title(program: Program, two: Pair) -> str:
    """A line that identifies one of the two: policy, version, and differing readings, else the digest if they look alike."""
    own = readings(program, two)
    if own:
        return f"{_about(program)}, read with {own}"
    same = len({_about(one) for one in (two.first, two.second)}) == 1 and two.first.policy.digest != two.second.policy.digest
    return f"{_about(program)}{f', files {program.policy.digest[:12]}' if same else ''}"


def _about(program: Program) -> str:
    policy = program.policy
    return f"{policy.name}, {policy.document} ({policy.version})"


def readings(program: Program, two: Pair) -> str:
    """The readings in which `program` differs from the other, as `NAME=VALUE, ...`."""
    others = [p.policy.settings for p in (two.first, two.second) if p is not program]
    settings = program.policy.settings
    return ", ".join(f"{name}={value}" for name, value in settings.items() if any(o.get(name, value) != value for o in others))


def conditions(two: Pair, result: Difference, day: int) -> list[str]:
    """The conditions under which the result is a proof, one sentence each."""
    if result.equivalent and result.searched is None:
        return ["Both conclude all that an answer is made of by the same rules, so this holds for every case on every day."]
    sentences = [
        "It is about each single step of a child's journey, whoever holds the child and since whenever: steps that are the same "
        "make the same journeys.",
        f"It is about answers for {in_words(day)}; --as-of takes another day.",
        f"Dates lie from {EARLIEST} to {LATEST}. A list that is given is complete.",
        "Records that contradict themselves are left out (the list is in kb/house/0_what_a_case_can_be.dl).",
        "What is missing and would be worth asking is compared only as far as the policy itself says what to ask.",
        "A case is the smallest of the plain ones, if there are any: with both teams known, or the same, and no agreement of "
        "managers.",
    ]
    left = _teams_left_out(two)
    if left:
        sentences.append(f"Cases that name a team which only one of the two knows are left out: {', '.join(left)}.")
    if result.searched is not None and result.searched.sampled:
        labels = [two.first.policy.vocabulary.facts[name].label for name in result.searched.sampled]
        sentences.append(f"Of these only days within 400 days of that day were looked at: {', '.join(labels)}.")
    if result.searched is not None:
        sentences.append(
            f"The facts that matter make about 10^{round(log10(result.searched.cases))} kinds of case; clingo searched them all."
        )
    return sentences


def _teams_left_out(two: Pair) -> list[str]:
    ours, theirs = (program.policy.vocabulary.codes.get("team", ()) for program in (two.first, two.second))
    shared = {code.code for code in ours} & {two.codes.get(code.code, code.code) for code in theirs}
    return [c.label for c in ours if c.code not in shared] + [
        c.label for c in theirs if two.codes.get(c.code, c.code) not in shared
    ]


def same_kinds(result: Difference) -> list[str]:
    """The kinds of answer that are proved equal in every case."""
    differing = {differing.kind for differing in result.found}
    return [
        kind for kind in KINDS if kind not in differing and kind not in result.unsettled and not (kind == STEPS and differing)
    ]
