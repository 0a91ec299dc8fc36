"""Tiny policies for tests (a folder with the given rules and tables), and runs of the command line."""

from __future__ import annotations

import contextlib
import io
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.case import Case, make_case
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.errors import InputError
from kb.language.model import Atom
from kb.policy import CLAUSE_COLUMNS, READING_COLUMNS, Policy, load_policy
from kb.program import Model, Program, compile_policy, solve
from kb.vocabulary.load import CODE_COLUMNS, FACT_COLUMNS, TIME_COLUMNS

ROOT = Path(__file__).parent.parent
TOML = 'name = "Tiny Council"\ndocument = "Tiny policy"\nversion = "v1"\n'
CODES = (
    ("team", "alpha", "Alpha"),
    ("team", "beta", "Beta"),
    ("team", "gamma", "Gamma"),
    ("point", "handover", "the handover"),
    ("point", "goodbye", "the goodbye"),
    ("gate", "papers_ready", "the papers are ready"),
    ("duty", "call_back", "call back"),
    ("deadline", "visit_due", "visit due"),
    ("attendance", "beta_attends", "Beta attends"),
    ("co_working", "side_by_side", "the two work side by side"),
    ("finding", "odd", "This is odd."),
    ("meeting", "first_talk", "the first talk"),
)
READINGS = (
    ("mood", "calm", "stern; glad", "T:1", "The text is silent on mood."),
    ("span", "7", "1..30", "T:2", "The text names no number."),
)
#: A policy in which only the first team holds children, for tests of something else.
START = "@clause t1.\nfront_door(alpha).\n"

Cells = Sequence[str]


def make_policy(
    folder: Path,
    rules: str = START,
    *,
    clauses: Sequence[Cells] | None = None,
    codes: Sequence[Cells] = CODES,
    readings: Sequence[Cells] = READINGS,
    facts: Sequence[Cells] = (),
    files: Mapping[str, str] | None = None,
    toml: str = TOML,
) -> Path:
    """Writes the folder of a policy called `tiny`. Returns its path.

    `rules` becomes `rules.dl`; `files` are further files. Without `clauses`, every `@clause` of the rules is registered.
    Cells left out at the end of a row are empty.
    """
    home = folder / "tiny"
    home.mkdir()
    texts = {"rules.dl": rules, **(files or {})}
    opened = re.findall(r"^@clause (\w+)", "\n".join(texts.values()), re.MULTILINE)
    rows = [(name, str(line), "route", "must", f"Says {name}.") for line, name in enumerate(dict.fromkeys(opened), 1)]
    _table(home / "clauses.tsv", CLAUSE_COLUMNS, rows if clauses is None else clauses)
    _table(home / "codes.tsv", CODE_COLUMNS, codes)
    _table(home / "readings.tsv", READING_COLUMNS, readings)
    if facts:
        _table(home / "facts.tsv", (*FACT_COLUMNS, *TIME_COLUMNS), [_in_time(row) for row in facts])
    (home / "policy.toml").write_text(toml, encoding="utf-8")
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def _in_time(row: Cells) -> Cells:
    """A row of facts.tsv. Without a cell for `time`, it is an event if that is its type, else a state."""
    if len(row) > len(FACT_COLUMNS):
        return row
    return [*row, *[""] * (len(FACT_COLUMNS) - len(row)), "event" if row[1] == "event" else "state"]


def _table(path: Path, columns: Cells, rows: Sequence[Cells]) -> None:
    lines = ["\t".join([*row, *[""] * (len(columns) - len(row))]) for row in [columns, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def faults_of(home: Path) -> list[str]:
    """The faults of a policy folder as a user sees them; empty if it can be compiled."""
    try:
        compile_policy(load_policy(home))
    except InputError as error:
        return [str(fault) for fault in error.faults]
    return []


def faults(folder: Path, rules: str = START, **tables: Any) -> list[str]:
    """The faults of a tiny policy with these rules."""
    return faults_of(make_policy(folder, rules, **tables))


def tiny(folder: Path, rules: str = START, **tables: Any) -> Policy:
    """A tiny policy, loaded but not checked."""
    return load_policy(make_policy(folder, rules, **tables))


def program(folder: Path, rules: str = START, **tables: Any) -> Program:
    """A tiny policy as a program."""
    return compile_policy(tiny(folder, rules, **tables))


def case_of(program: Program, facts: Mapping[str, Any], as_of: str = "2024-06-03") -> Case:
    """A case with these facts under a program's policy."""
    document = {"case_id": "c1", "policy": program.policy.code, "as_of": as_of, "facts": dict(facts)}
    return make_case(document, program.policy.vocabulary, "case.json")


def model(program: Program, facts: Mapping[str, Any], as_of: str = "2024-06-03", engine: Engine | None = None) -> Model:
    """The model of a case with these facts."""
    return solve(program, case_of(program, facts, as_of), engine or PyDatalog())


def holding(model: Model, predicate: str) -> set[str]:
    """The certain conclusions of a predicate, as text."""
    return {str(atom) for atom in model.holding_of(predicate)}


def truth(model: Model, predicate: str) -> bool | None:
    """The truth of a conclusion without arguments (None: open)."""
    return model.truth(Atom(predicate))


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True)
class Ran:
    """What one run of the command line printed, and its exit code."""

    code: int
    out: str
    err: str


def whichteam(*arguments: str | Path) -> Ran:
    """Runs the command line in this process."""
    from explain import cli

    out, err, code = io.StringIO(), io.StringIO(), 0
    before, hook = sys.argv, sys.unraisablehook
    sys.argv = ["whichteam", *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.argv, sys.unraisablehook = before, hook
    return Ran(code, out.getvalue(), err.getvalue())


def started(*arguments: str | Path, before: str = "", **environment: str) -> Ran:
    """Runs the command line in a process of its own. `before`: Python code to run first. Its output is decoded as UTF-8."""
    code = f"{before}\nfrom explain import cli\ncli.main()"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env={**os.environ, **environment})
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def with_small_files(most: int, *arguments: str | Path) -> Ran:
    """As `started`, with a limit of `most` bytes for each file, so that writing fails as on a full disk."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
    return started(*arguments, before=limit, WHICHTEAM_CACHE="off")
