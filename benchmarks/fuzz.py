"""Fuzzing: damages real inputs at random. Each must be read or refused with a plain message, within LIMIT seconds.

Run: python -m benchmarks.fuzz [--kinds json,yaml,rules,...] [--seconds 60] [--seed 1] [--keep FOLDER]

`--seconds` are processor seconds for each kind of input. Prints for each kind the number of inputs, of refusals, of
tracebacks, of hangs and of wrong exit codes, and the peak memory. A changed record that is accepted as sound counts as a
traceback. Inputs that failed are written to the folder of `--keep`. Exit code 1 if any input failed.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from explain.filed import again
from explain.filed.again import SOUND, check_record
from explain.filed.command import made
from explain.filed.content import content_of
from kb.case import header, make_case
from kb.edition import read_edition
from kb.engines.pydatalog import PyDatalog
from kb.errors import InputError
from kb.intake.read import open_source, read_source
from kb.json_yaml import parse_document
from kb.language.parser import parse_rules
from kb.policy import POLICIES, TEMPLATE, load_policy
from kb.program import Program, compile_policy
from queries.decide import decide
from queries.load import compile_fresh, load_program

LIMIT = 5.0  # processor seconds for one input
ROOT = Path(__file__).parent.parent
AS_OF = 739_000
DECIDED_EVERY = 200  # of this many valid cases one is decided
CLI_EVERY = 500  # of this many inputs one is also given to the command line
NASTY = (
    '"', "\\", "\x00", "\x0b", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "\ud800", "😀", "=1+1", "<b>", "%", "{", "}", "[", "]",
    "(", ")", ",", ".", ":", ";", "\t", "\n", "\r", "-", "not ", "known ", "open ", "recorded ", " + 1 days",
    "9" * 30, "1e999", "-1", "NaN", "null",
    "true", "~", "&a", "*a", "!!python/object", "<<: ", "---\n", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "a" * 5_000, "[" * 300,
    "day(" * 50, "0001-01-01", "9999-12-31", "2024-02-30", "\u0661", "none", "as_of", "_",
)  # fmt: skip


class Hung(BaseException):
    """An input took longer than LIMIT."""


@dataclass
class Count:
    """The results for one kind of input. `seen`: each failure with its number."""

    inputs: int = 0
    refused: int = 0
    tracebacks: int = 0
    hangs: int = 0
    wrong_codes: int = 0
    seconds: float = 0.0
    seen: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One kind of input: undamaged examples, the ending of the file name, and the function that reads a file."""

    ending: str
    examples: tuple[bytes, ...]
    read: Callable[[Path], Any]
    command: tuple[str, ...] = ()  # arguments of the command line, with FILE in place of the file name


# Damage -----------------------------------------------------------------------------------


def damaged(raw: bytes, others: tuple[bytes, ...], chance: random.Random) -> bytes:
    """An input with one to six random changes. `others`: inputs from which parts are copied."""
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at, upto = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
        upto = min(upto, at + chance.choice((1, 8, 64, 512)))
        what = chance.randrange(7)
        if what == 0:
            raw = raw[:at] + raw[upto:]
        elif what == 1:
            raw = raw[:at] + chance.choice(NASTY).encode("utf-8", "surrogatepass") + raw[at:]
        elif what == 2:
            raw = raw[:at] + raw[at:upto] * chance.choice((2, 3, 40)) + raw[upto:]
        elif what == 3:
            raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        elif what == 4:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            raw = raw[:at] + other[start : start + chance.choice((8, 64, 512))] + raw[upto:]
        elif what == 5:
            raw = raw[:at] + chance.choice(NASTY).encode("utf-8", "surrogatepass") + raw[upto:]
        elif chance.random() < 0.2:
            raw = raw[:at]
    return raw


def changed_value(raw: bytes, chance: random.Random) -> bytes:
    """JSON with one to four of its parts replaced by other parts or by odd values. It stays valid JSON."""
    document = json.loads(raw)
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_places(document))
        if not places:
            break
        holder, key = chance.choice(places)
        odd: Any = chance.choice(
            (
                None,
                True,
                False,
                0,
                -1,
                10**12,
                1.5,
                "",
                "x",
                [],
                {},
                ["2024-09-03"],
                "2024-09-03",
                chance.choice(NASTY),
                [[]],
                {"a": 1},
            )
        )
        action = chance.randrange(4)
        if action == 0 and isinstance(holder, dict):
            del holder[key]
        elif action == 1:
            other, name = chance.choice(places)
            holder[key] = other.get(name) if isinstance(other, dict) else other[name] if name < len(other) else odd
        elif action == 2 and isinstance(holder, dict):
            holder[chance.choice(NASTY)] = odd
        else:
            holder[key] = odd
        try:
            document = json.loads(json.dumps(document))  # a copy, so that no part is shared
        except (ValueError, RecursionError):
            return raw
    return json.dumps(document).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield value, key
        yield from _places(part)


def repacked(raw: bytes, chance: random.Random) -> bytes:
    """A zip file (xlsx, docx) with one of its members damaged, or damaged as a whole."""
    if chance.random() < 0.15:
        return damaged(raw, (raw,), chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = chance.choice(
            [n for n in names if "sheet" in n.lower() or "document.xml" in n] if chance.random() < 0.6 else names
        )
        for name in names:
            part = old.read(name)
            new.writestr(name, damaged(part, (part,), chance) if name == chosen else part)
    return out.getvalue()


def changed(kind: str, raw: bytes, examples: tuple[bytes, ...], chance: random.Random) -> bytes:
    """A damaged input of a kind, made from the example `raw`."""
    if kind in ("json", "records") and chance.random() < 0.7:
        return changed_value(raw, chance)
    if kind in ("workbooks", "documents") and raw.startswith(b"PK"):
        return repacked(raw, chance)
    return damaged(raw, examples, chance)


# Kinds ------------------------------------------------------------------------------------


def kinds(folder: Path) -> dict[str, Kind]:
    """All kinds of input, with examples from the repository or made here. `folder`: for temporary files."""
    scenarios = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "tests" / "scenarios").rglob("*.json"))]
    cases = [
        s["case"]
        for part in scenarios
        for s in (part if isinstance(part, list) else [part])
        if isinstance(s, dict) and "case" in s
    ]
    as_json = tuple(json.dumps(case).encode() for case in cases[:60])
    yaml = tuple(p.read_bytes() for p in sorted((ROOT / "examples").glob("*.yaml")))
    rules, records = [p.read_text(encoding="utf-8") for p in sorted(POLICIES.rglob("*.dl"))], _records(cases)
    pieces = tuple("\n\n".join(part).encode() for text in rules for part in _parts(text.split("\n\n"), 6))
    return {
        "json": Kind(".json", as_json, read_case, ("decide", "FILE")),
        "yaml": Kind(".yaml", yaml, read_case, ("decide", "FILE")),
        "rules": Kind(".dl", pieces, lambda path: parse_rules(_decoded(path.read_bytes()), "a.dl")),
        "policies": Kind("", _policy_files(), functools.partial(read_policy, folder), ()),
        "workbooks": Kind(
            ".xlsx", _workbooks(folder), read_intake, ("intake", "FILE", "--policy", "blackpool", "--as-of", "2024-09-03")
        ),
        "csv": Kind(".csv", _tables(), read_intake, ("caseload", "FILE", "--policy", "blackpool")),
        "documents": Kind("", _documents(), read_document_of_any_form, ()),
        "records": Kind(".json", records, functools.partial(read_record_once, _contents(records)), ("verify", "FILE")),
    }


def _parts(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def read_case(path: Path) -> None:
    """Reads a case file as the command line does, and decides one in DECIDED_EVERY of the valid ones."""
    document = parse_document(path.read_bytes(), path.name)
    _, policy, _ = header(document, path.name)
    program = load_program(policy)
    case = make_case(document, program.policy.vocabulary, path.name)
    if zlib.crc32(repr(document).encode("utf-8", "replace")) % DECIDED_EVERY == 0:
        decide(program, case, PyDatalog())


def _policy_files() -> tuple[bytes, ...]:
    """The files of the template policy, each with its name as an additional first line."""
    return tuple(path.name.encode() + b"\n" + path.read_bytes() for path in sorted(TEMPLATE.iterdir()) if path.suffix != ".yaml")


def read_policy(folder: Path, path: Path) -> None:
    """Compiles the template policy with one file replaced, which the first line of `path` names."""
    name, _, content = path.read_bytes().partition(b"\n")
    target = TEMPLATE / name.decode("utf-8", "replace").replace("/", "").replace("\0", "")
    home = folder / "fuzzed"
    if not home.exists():
        shutil.copytree(TEMPLATE, home)
    known = target.name in {p.name for p in TEMPLATE.iterdir()}
    place = home / (target.name if known else "rules.dl")
    before = (TEMPLATE / place.name).read_bytes()
    place.write_bytes(content)
    try:
        compile_policy(load_policy(home))
    finally:
        place.write_bytes(before)


def _workbooks(folder: Path) -> tuple[bytes, ...]:
    from openpyxl import Workbook

    from kb.intake.layout import of_source, sources

    found: list[bytes] = []
    for source in sources():
        book = Workbook()
        book.remove(book.worksheets[0])
        for layout in of_source(source)[:12]:
            sheet = book.create_sheet(layout.name[:30])
            names = list(
                dict.fromkeys([link.column for link in layout.links] + [c.name for c in layout.columns if not c.constant])
            )
            sheet.append(names)
            for row in range(3):
                sheet.append(
                    [
                        f"c{row}" if n == 0 else "2024-05-0" + str(row + 1) if "ate" in name else "1"
                        for n, name in enumerate(names)
                    ]
                )
        made_book = io.BytesIO()
        book.save(made_book)
        found.append(made_book.getvalue())
    return tuple(found)


def _tables() -> tuple[bytes, ...]:
    heads = "case_id,as_of,team_on_record,contact_received_on,icpc_held_on,threshold_level\n"
    row = "c{0},2024-09-03,assessment_and_support_team,2024-08-0{0},,2\n"
    return tuple(
        (mark + (heads + "".join(row.format(n) for n in range(1, 6))).replace(",", by)).encode()
        for mark in ("", "\ufeff")
        for by in ",;\t"
    )


def read_intake(path: Path) -> None:
    """Reads a workbook or CSV file with both readers: that of caseloads and that of councils' data."""
    from kb.bulk.reader import Wanted
    from queries.bulk.readers import reader_for

    vocabulary = load_program("blackpool").policy.vocabulary
    with contextlib.suppress(InputError):
        reader_for(path).read(path, Wanted("blackpool", vocabulary, AS_OF, True))
    read_source(open_source(str(path)), "blackpool", vocabulary, AS_OF)


def _documents() -> tuple[bytes, ...]:
    from tests.authors.editions import FORMS, pages_line, pdf, written

    lines = [f"Line {n} of a document says what the team does on day {n}." for n in range(30)]
    with tempfile.TemporaryDirectory() as folder:
        found = [form.encode() + b"\n" + written(Path(folder), lines, form).read_bytes() for form in FORMS]
    return (*found, b"pdf\n" + pdf([pages_line(lines[:9]), pages_line(lines[9:])]))


def read_document_of_any_form(path: Path) -> None:
    """Reads a policy document. The first line of `path` names its format."""
    form, _, content = path.read_bytes().partition(b"\n")
    named = path.with_name(
        "document." + (form.decode("ascii", "ignore") if form in (b"txt", b"html", b"docx", b"pdf") else "txt")
    )
    named.write_bytes(content)
    read_edition(named)


def _records(cases: list[Any]) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for case in cases[:12]:
        program = load_program(case["policy"])
        decision = decide(program, make_case(case, program.policy.vocabulary, "case"), PyDatalog())
        found.append(made(content_of(decision), ".json"))
    return tuple(found)


def _contents(records: tuple[bytes, ...]) -> frozenset[str]:
    return frozenset(json.dumps(json.loads(record), sort_keys=True) for record in records)


def read_record_once(sound: frozenset[str], path: Path) -> None:
    """Checks a record as `verify` does. Errors: `AssertionError` if a record with changed content is accepted as sound."""
    if check_record(path) == SOUND and json.dumps(json.loads(path.read_bytes()), sort_keys=True) not in sound:
        raise AssertionError("a changed record is accepted as sound")


@functools.cache
def _compiled(folder: Path, settings: str) -> Program:
    return compile_fresh(folder, json.loads(settings))


def compile_once(folder: Path, settings: Mapping[str, str | int]) -> Program:
    """In place of the compilation that `verify` makes for each record: compiles each policy once, as none changes here."""
    return _compiled(folder, json.dumps(dict(settings)))


# Running ----------------------------------------------------------------------------------


def _stop(signum: int, frame: FrameType | None) -> None:
    raise Hung


def run(name: str, kind: Kind, seconds: float, seed: int, folder: Path, keep: Path) -> Count:
    """Damages and reads inputs of one kind for some processor seconds. Failing inputs are written to `keep`."""
    from tests.helpers import whichteam

    count, chance = Count(), random.Random(f"{seed} {name}")
    path = folder / f"input{kind.ending}"
    started = time.process_time()
    while (spent := time.process_time() - started) < seconds:
        first = chance.choice(kind.examples)
        head, _, body = first.partition(b"\n") if not kind.ending else (b"", b"", first)
        made_input = changed(name, body, kind.examples, chance)
        raw = head + b"\n" + made_input if not kind.ending else made_input
        path.write_bytes(raw)
        count.inputs += 1
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                kind.read(path)
                if kind.command and count.inputs % CLI_EVERY == 0:
                    ran = whichteam(*[str(path) if part == "FILE" else part for part in kind.command])
                    if ran.code not in (0, 1, 2, 3) or (ran.code == 3 and name != "records"):
                        count.wrong_codes += 1
                        _keep(keep, name, raw, f"exit code {ran.code}", count)
        except InputError as error:
            count.refused += 1
            if any("\x1b" in str(fault) or "\n" in fault.message for fault in error.faults):
                _keep(keep, name, raw, "control characters in a message", count)
        except Hung:
            count.hangs += 1
            _keep(keep, name, raw, "hung", count)
        except Exception as error:
            count.tracebacks += 1
            last = traceback.extract_tb(error.__traceback__)[-1]
            _keep(keep, name, raw, f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}", count)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    count.seconds = spent
    return count


def _keep(folder: Path, kind: str, raw: bytes, what: str, count: Count) -> None:
    """Writes an input that failed, if it is the first with this failure; the file name says what failed."""
    count.seen[what] = count.seen.get(what, 0) + 1
    if count.seen[what] == 1:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{kind}-{what.replace(' ', '-').replace(':', '-')}").write_bytes(raw)


def main() -> int:
    """Runs the kinds asked for and prints their results. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"))
    asked = parser.parse_args()
    signal.signal(signal.SIGPROF, _stop)
    vars(again)["compile_fresh"] = compile_once
    bad = 0
    with tempfile.TemporaryDirectory() as home:
        every = kinds(Path(home))
        for name in asked.kinds.split(",") if asked.kinds else every:
            count = run(name, every[name], asked.seconds, asked.seed, Path(home), asked.keep)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
            print(
                f"{name}: {count.inputs:,} inputs, {count.inputs / count.seconds:,.0f} a second, {count.refused:,} refused, "
                f"{count.tracebacks:,} tracebacks, {count.hangs:,} hangs, {count.wrong_codes:,} wrong exit codes, {memory:,} MB",
                flush=True,
            )
            for what, times in sorted(count.seen.items(), key=lambda seen: -seen[1]):
                print(f"  {times:,} x {what}", flush=True)
            bad += count.tracebacks + count.hangs + count.wrong_codes
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
