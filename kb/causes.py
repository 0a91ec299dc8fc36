"""Root causes of what a policy leaves open, most harmful first: what its author would settle (`causes.yaml` of its folder).

They decide nothing: answers do not depend on them, and they are no part of the policy's digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import Fault, InputError, did_you_mean, shown
from kb.json_yaml import read_document
from kb.policy import Policy, line_numbers, reading_hint

FILE = "causes.yaml"
NEEDED = ("cause", "question", "child", "redline", "lines")
FIELDS = (*NEEDED, "readings")
MOST = 60


@dataclass(frozen=True, slots=True)
class Cause:
    """What is to be settled once.

    question  what the text does not answer
    child     what happens to a child meanwhile, in one sentence
    redline   wording that would settle it, in our words
    lines     lines of the document; `readings` are the readings by which the rules settle it meanwhile
    """

    cause: str
    question: str
    child: str
    redline: str
    lines: tuple[int, ...]
    readings: tuple[str, ...] = ()


def read_causes(folder: Path, policy: Policy) -> tuple[Cause, ...]:
    """The root causes of a policy, in the order of harm; none if its folder has no such file. Errors: `InputError`."""
    path = folder / FILE
    if not path.is_file():
        return ()
    name = f"{policy.code}/{FILE}"
    content = read_document(path)
    if not isinstance(content, list) or len(content) > MOST:
        raise InputError([Fault(name, f"is not a list of at most {MOST} causes", "begin each entry with `- cause: ...`")])
    faults: list[Fault] = []
    found = [_cause(entry, f"{name}, entry {number}", policy, faults) for number, entry in enumerate(content, 1)]
    if faults:
        raise InputError(faults)
    return tuple(cause for cause in found if cause is not None)


def _cause(entry: Any, where: str, policy: Policy, faults: list[Fault]) -> Cause | None:
    before = len(faults)
    if not isinstance(entry, dict):
        faults.append(Fault(where, "is not a mapping", f"fields: {', '.join(FIELDS)}"))
        return None
    for key in entry:
        if key not in FIELDS:
            faults.append(Fault(where, f"unknown field `{shown(str(key))}`", did_you_mean(str(key), FIELDS)))
    for key in NEEDED:
        if not isinstance(entry.get(key), str | int) or not str(entry[key]).strip():
            faults.append(Fault(where, f"`{key}` is missing or no text", f"fields: {', '.join(FIELDS)}"))
    readings = entry.get("readings", [])
    if not isinstance(readings, list):
        faults.append(Fault(where, "`readings` is not a list", "write `readings: [day_count]`"))
        readings = []
    for reading in readings:
        if reading not in policy.readings:
            faults.append(Fault(where, f"unknown reading `{shown(str(reading))}`", reading_hint(str(reading), policy.readings)))
    lines: tuple[int, ...] = ()
    if len(faults) == before:
        try:
            lines = line_numbers(str(entry["lines"]))
        except ValueError:
            faults.append(Fault(where, f"`{shown(str(entry['lines']))}` are not line numbers", "write for example `52, 57-59`"))
    if len(faults) > before:
        return None
    text = {key: " ".join(str(entry[key]).split()) for key in NEEDED}
    return Cause(text["cause"], text["question"], text["child"], text["redline"], lines, tuple(map(str, readings)))
