"""The cases of a folder whose answers differ between two programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from explain.compare.two import Pair
from kb.case import Case, fit_to, header, make_case
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError
from kb.json_yaml import read_document
from queries.answer_rows import changed_kinds
from queries.compare import case_for
from queries.decide import Decision, decide

CASE_FILES = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Changed:
    """A case with different answers: its id, the kinds of answer that differ, and both decisions."""

    name: str
    kinds: tuple[str, ...]
    first: Decision
    second: Decision


def changed_cases(two: Pair, folder: Path, as_of: int | None) -> tuple[list[Changed], int]:
    """The cases of a folder whose answers differ, and the number of cases read.

    `as_of`: day of the answers as an ordinal; None for the cases' own. Errors: `InputError`, all faults.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in CASE_FILES) if folder.is_dir() else []
    if not files:
        raise InputError([Fault(str(folder), "holds no case file", "case files end in .json, .yaml or .yml")])
    engine = PyDatalog()
    changed: list[Changed] = []
    faults: list[Fault] = []
    for path in files:
        try:
            one, other = _both(two, path, as_of)
        except InputError as error:
            faults += error.faults
            continue
        answers = decide(two.first, one, engine), decide(two.second, other, engine)
        if kinds := changed_kinds(*answers, two.codes):
            changed.append(Changed(one.case_id, kinds, *answers))
    if faults:
        raise InputError(faults)
    return changed, len(files)


def _both(two: Pair, path: Path, as_of: int | None) -> tuple[Case, Case]:
    """A case file typed for each side, without the facts that only the other side knows."""
    document = read_document(path)
    header(document, path.name)
    vocabularies = [program.policy.vocabulary for program in (two.first, two.second)]
    strange = [name for name in document["facts"] if all(name not in vocabulary.facts for vocabulary in vocabularies)]
    if strange:
        raise InputError([Fault(f"{path.name}: facts.{name}", "neither policy has this fact") for name in strange])
    ours = {**document, "facts": {n: v for n, v in document["facts"].items() if n in vocabularies[0].facts}}
    one = make_case({**ours, "policy": two.first.policy.code}, vocabularies[0], path.name, as_of)
    other = case_for(two.second, one, two.back)
    theirs = {**document, "facts": {n: v for n, v in document["facts"].items() if n not in vocabularies[0].facts}}
    more = make_case(fit_to(theirs, vocabularies[1])[0], vocabularies[1], path.name, as_of)
    return one, case_for(two.second, type(one)(one.case_id, other.policy, one.as_of, {**other.facts, **more.facts}), {})
