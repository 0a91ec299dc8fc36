"""Assigns a council's own team names to codes, with a TOML file.

Names that are spelt like a code, label or alias of the policy need no line in the file. For other names, `propose` suggests
the nearest code, and the file has a `?` after it. A line with `?` is not used until a person removes the `?`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kb.case import NO_TEAM_ON_RECORD
from kb.errors import Fault, InputError, did_you_mean
from kb.intake.names import spaced
from kb.intake.values import code_lists
from kb.tables import read_table
from kb.toml import read_toml
from kb.vocabulary.model import Vocabulary

_NEAR = 0.75
_MARK = "?"


@dataclass(frozen=True)
class Settings:
    """A council's settings: codes of teams by name, and its own spellings of values."""

    teams: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A team name with the code that is probably meant. `sure`: the spelling is the same."""

    name: str
    code: str
    sure: bool


class Teams:
    """Looks up team names."""

    def __init__(self, vocabulary: Vocabulary, settings: Settings):
        self._known = {**known_names(vocabulary), **{spaced(name): code for name, code in settings.teams.items()}}

    def code(self, name: str) -> str | None:
        """The code for a council's team name; None if a person has to decide."""
        code = self._known.get(spaced(name))
        return None if code is None or code.endswith(_MARK) or not code else code


def known_names(vocabulary: Vocabulary) -> dict[str, str]:
    """Every name of a team that the policy itself has, with its code."""
    found: dict[str, str] = {}
    for team in vocabulary.codes.get("team", ()):
        for name in (team.code, team.code.replace("_", " "), team.label, *team.aliases):
            found.setdefault(spaced(name), team.code)
    return found


def propose(names: Iterable[str], vocabulary: Vocabulary) -> list[Proposal]:
    """A proposal for each name, by its spelling."""
    known = known_names(vocabulary)
    found: list[Proposal] = []
    for name in sorted(set(names), key=spaced):
        if spaced(name) in known:
            found.append(Proposal(name, known[spaced(name)], True))
        else:
            found.append(Proposal(name, _nearest(spaced(name), known), False))
    return found


def _nearest(name: str, known: Mapping[str, str]) -> str:
    """The code of the longest known name that is part of this one; else that of the most similar name.

    Words that mean the same in this field count as the same.
    """
    alike = {_common(other): code for other, code in known.items()}
    words = f" {_common(name)} "
    parts = [other for other in alike if f" {other} " in words]
    if parts:
        return alike[max(parts, key=len)]
    near = difflib.get_close_matches(_common(name), list(alike), n=1, cutoff=_NEAR)
    return alike[near[0]] if near else ""


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    rows = read_table(Path(__file__).parent / "team_words.tsv", ("phrase", "same as"))
    return tuple(sorted(((row["phrase"], row["same as"]) for row in rows), key=lambda pair: -len(pair[0])))


def _common(name: str) -> str:
    """A team's name with each phrase replaced by its standard phrase (`team_words.tsv`), the longest phrases first."""
    words = f" {name} "
    kept: list[str] = []
    for phrase, same in _phrases():
        if f" {phrase} " in words:
            words = words.replace(f" {phrase} ", f" \x00{len(kept)} ")
            kept.append(same)
    for number, same in enumerate(kept):
        words = words.replace(f"\x00{number} ", f"{same} ")
    return " ".join(words.split())


def settings_text(proposals: Iterable[Proposal], policy: str, vocabulary: Vocabulary) -> str:
    """The settings file with what is proposed, ready for a person to check."""
    teams = ", ".join(team.code for team in vocabulary.codes.get("team", ()))
    lines = [
        "# Which team of the policy each team name in the council's data stands for.",
        f"# Policy: {policy}. Its teams: {teams}.",
        f'# Take the {_MARK} off where the code is right, or write another. "{NO_TEAM_ON_RECORD}" is a name that is',
        '# no team of this policy. A name with "" or a ? is not known, and is asked about each time.',
        "",
        "[teams]",
    ]
    for proposal in proposals:
        code = proposal.code if proposal.sure else proposal.code + _MARK if proposal.code else ""
        note = "" if code else "  # which team is this?"
        lines.append(f"{json.dumps(proposal.name, ensure_ascii=False)} = {json.dumps(code)}{note}")
    lines += ["", "# Spellings of values that only this council uses, by list: see docs/data.md.", "[values]", ""]
    return "\n".join(lines)


def load_settings(path: Path, vocabulary: Vocabulary) -> Settings:
    """A council's settings file. Errors: `InputError`, all faults."""
    if not path.exists():
        raise InputError([Fault(path.name, "there is no such file", "make it with --propose-teams")])
    document = read_toml(path, path.name)
    faults = [
        Fault(path.name, f"unknown part `{part}`", did_you_mean(part, ("teams", "values")))
        for part in document
        if part not in ("teams", "values")
    ]
    teams = document.get("teams", {})
    values = document.get("values", {})
    codes = [team.code for team in vocabulary.codes.get("team", ())]
    for name, code in teams.items() if isinstance(teams, dict) else ():
        plain = str(code).removesuffix(_MARK)
        if plain not in (*codes, NO_TEAM_ON_RECORD, ""):
            hint = did_you_mean(plain, codes) or "teams: " + ", ".join(codes)
            faults.append(Fault(f"{path.name}: teams.{name}", f"`{code}` is not a team of this policy", hint))
    for name, spellings in values.items() if isinstance(values, dict) else ():
        lists = code_lists()
        if name not in lists:
            hint = did_you_mean(name, lists) or "lists: " + ", ".join(lists)
            faults.append(Fault(f"{path.name}: values.{name}", f"there is no list `{name}`", hint))
            continue
        for spelling, code in spellings.items():
            if code not in lists[name].codes:
                hint = did_you_mean(str(code), lists[name].codes) or "codes: " + ", ".join(lists[name].codes)
                faults.append(Fault(f"{path.name}: values.{name}.{spelling}", f"`{code}` is not a code of this list", hint))
    if faults:
        raise InputError(faults)
    return Settings(teams, values)
