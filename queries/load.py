"""Loads programs and cases. Programs are cached."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kb.cache import held, nothing_kept, remember
from kb.case import Case, fit_to, header, make_case
from kb.errors import Fault, InputError
from kb.json_yaml import read_document
from kb.offered import naming
from kb.policy import Setting, digest, find_installed, find_policy, load_policy, reading_hint
from kb.program import Program, compile_begun, compile_policy


@held(most=16)
def _compiled(folder: str, settings: tuple[tuple[str, str], ...]) -> Program:
    path = Path(folder)
    key = f"{path.name} {digest(path)} {settings}"
    with _no_collection():
        return remember(key, Program, lambda: compile_policy(load_policy(path).with_settings(dict(settings))))


@held(most=16)
def _begun(folder: str, settings: tuple[tuple[str, str], ...]) -> tuple[Program, tuple[Fault, ...]]:
    from kb.language.checks import not_finished  # not needed for a finished policy

    with contextlib.suppress(InputError):
        return _compiled(folder, settings), ()
    policy = load_policy(Path(folder)).with_settings(dict(settings))
    with _no_collection():
        program = remember(f"begun {policy.code} {policy.digest} {settings}", Program, lambda: compile_begun(policy))
    return program, tuple(not_finished(program.policy, program.table))


def compile_fresh(folder: Path, settings: Mapping[str, Setting]) -> Program:
    """A program compiled from the files of its policy, bypassing all caches. Errors: `InputError`."""
    with nothing_kept(), _no_collection():
        return compile_policy(load_policy(folder).with_settings({name: str(setting) for name, setting in settings.items()}))


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Suspends the garbage collector while a program is made, and freezes the program's objects afterwards.

    A program is some hundred thousand small objects that live as long as the process; scanning them repeatedly
    doubled the time of the slowest decisions.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if running:
            gc.enable()


def _place(folder: Path) -> str:
    """A folder by its whole path, so that what is kept of it does not depend on the working folder."""
    return str(folder.absolute())


def load_program(name: str, settings: dict[str, str] | None = None) -> Program:
    """The program of a policy (name or folder) under some readings. Errors: `InputError`."""
    return _compiled(_place(find_policy(name)), tuple(sorted((settings or {}).items())))


def load_begun(name: str, settings: Mapping[str, str] | None = None) -> tuple[Program, tuple[Fault, ...]]:
    """The program of a policy that may be unfinished, and what it lacks (none for a finished one).

    Errors: `InputError` if a rule is wrong, or nothing can be decided yet.
    """
    return _begun(_place(find_policy(name)), tuple(sorted((settings or {}).items())))


def load_installed(code: str, settings: dict[str, str] | None, where: str) -> Program:
    """The program of the installed policy with this code. Errors: `InputError`, located at `where`."""
    return _compiled(_place(find_installed(code, where)), tuple(sorted((settings or {}).items())))


def load_version(name: str, settings: dict[str, str] | None, where: str) -> Program:
    """A program given as `POLICY` or `POLICY,READING=VALUE,...`, by code or folder. Errors: `InputError`, located at `where`."""
    if "," not in name or Path(name).is_dir():
        return load_program(name, settings)
    policy, *rest = name.split(",")
    own = dict(settings or {})
    for item in rest:
        reading, equals, value = item.partition("=")
        if not equals or not reading or not value:
            raise InputError([Fault(where, f"`{item}` is not READING=VALUE", "write for example POLICY,READING=VALUE")])
        own[reading.strip()] = value.strip()
    return load_program(policy, own)


def load_case(
    path: Path, policy: str | None = None, as_of: int | None = None, settings: dict[str, str] | None = None
) -> tuple[Program, Case]:
    """A case file with the program of its policy, or of `policy`.

    `as_of`: day of the answer as an ordinal; None for the case's own. Errors: `InputError`.
    """
    document = read_document(path)
    _, own, _ = header(document, path.name)
    program = load_program(policy, settings) if policy else load_installed(own, settings, f"{path.name}: policy")
    document = {**document, "policy": program.policy.code}
    try:
        return program, make_case(document, program.policy.vocabulary, path.name, as_of)
    except InputError as error:
        raise InputError(naming(error.faults, policy)) from None


def load_side_by_side(
    path: Path, policies: Sequence[str], as_of: int | None = None, settings: dict[str, str] | None = None
) -> list[tuple[Program, Case, dict[str, str]]]:
    """One case under several policies: program, case, and the facts left out with the reason.

    Errors: `InputError`, also for facts that are wrong under the case's own policy.
    """
    document = read_document(path)
    _, own, _ = header(document, path.name)
    make_case(document, load_installed(own, None, f"{path.name}: policy").policy.vocabulary, path.name, as_of)
    readings = {name: load_program(name).policy.readings for name in policies}
    _check_known(settings or {}, {reading for of in readings.values() for reading in of})
    found: list[tuple[Program, Case, dict[str, str]]] = []
    for name in policies:
        program = load_program(name, {reading: s for reading, s in (settings or {}).items() if reading in readings[name]})
        fitted, left_out = fit_to({**document, "policy": program.policy.code}, program.policy.vocabulary)
        found.append((program, make_case(fitted, program.policy.vocabulary, path.name, as_of), left_out))
    return found


def _check_known(settings: Mapping[str, str], known: set[str]) -> None:
    """Raises `InputError` for readings that none of several policies has."""
    faults = [Fault(f"reading {n}", f"unknown reading `{n}`", reading_hint(n, sorted(known))) for n in settings if n not in known]
    if faults:
        raise InputError(faults)
