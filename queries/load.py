"""Getting programs and cases ready for a question, once each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kb.cache import remember
from kb.case import Case, header, make_case, read_document
from kb.policy import digest, find_policy, load_policy
from kb.program import Program, compile_policy


@lru_cache(maxsize=16)
def _compiled(folder: str, settings: tuple[tuple[str, str], ...]) -> Program:
    path = Path(folder)
    key = f"{path.name} {digest(path)} {settings}"
    made: Program = remember(key, lambda: compile_policy(load_policy(path).with_settings(dict(settings))))
    return made


def load_program(name: str, settings: dict[str, str] | None = None) -> Program:
    """The program of a policy under some readings. Errors: `InputError`."""
    return _compiled(str(find_policy(name)), tuple(sorted((settings or {}).items())))


def load_case(
    path: Path, policy: str | None = None, as_of: int | None = None, settings: dict[str, str] | None = None
) -> tuple[Program, Case]:
    """A case file with the program of its policy, or of another named. Errors: `InputError`."""
    document = read_document(path)
    _, own, _ = header(document, path.name)
    program = load_program(policy or own, settings)
    document = {**document, "policy": program.policy.code}
    case = make_case(document, program.policy.vocabulary, path.name, as_of)
    return program, case
