#!/usr/bin/env python3
"""Makes the pages of findings (`docs/findings`) anew. Run after `./test`: `.venv/bin/python -m tools.findings DOCUMENTS`.

DOCUMENTS is a folder with the councils' documents as `blackpool.txt` and `sefton.txt`; they do not stand in the project.
Options: `--policy CODE ...` for some policies only; `--only report|deep` for the two pages of the report or the long page
only. A report takes a minute, a long page from ten minutes to an hour of one processor. For each page it notes the hash of
the rules that it was made from (`docs/findings/made-from.tsv`), which `tests/test_findings_pages.py` compares with that of
the rules as they are.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from pathlib import Path

from queries.load import load_program

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "findings"
MADE_FROM = PAGES / "made-from.tsv"
POLICIES = ("blackpool", "sefton")


def rules_of(policy: str) -> str:
    """The hash of everything that the answers of a policy depend on."""
    return load_program(policy).policy.digest


def made_from() -> dict[str, str]:
    """For each page the hash of the rules that it was made from."""
    with MADE_FROM.open(encoding="utf-8", newline="") as table:
        return {row["page"]: row["rules"] for row in csv.DictReader(table, delimiter="\t")}


def commands(policy: str, document: Path) -> dict[str, tuple[tuple[str, ...], list[str]]]:
    """For each kind of page the names of the pages and the arguments of the command that makes them."""
    report, annex, deep = f"{policy}-report.md", f"{policy}-annex.md", f"{policy}.md"
    places = ["--out", str(PAGES / report), "--annex", str(PAGES / annex), "--document", str(document)]
    return {
        "report": ((report, annex), ["report", policy, *places]),
        "deep": ((deep,), ["check", policy, "--deep", "--format", "markdown", "--out", str(PAGES / deep)]),
    }


def main() -> int:
    given = argparse.ArgumentParser(prog="python -m tools.findings")
    given.add_argument("documents", type=Path, help="folder with the councils' documents")
    given.add_argument("--policy", nargs="+", choices=POLICIES, default=list(POLICIES))
    given.add_argument("--only", choices=("report", "deep"))
    asked = given.parse_args()
    for policy in asked.policy:
        document = asked.documents / f"{policy}.txt"
        if not document.is_file():
            given.error(f"{document} is not there")
        for kind, (pages, arguments) in commands(policy, document).items():
            if asked.only not in (None, kind):
                continue
            rules = rules_of(policy)
            print("$ whichteam", *arguments, flush=True)
            code = subprocess.run([sys.executable, str(ROOT / "whichteam.py"), *arguments], cwd=ROOT).returncode
            if code not in (0, 1):  # 1: there are findings
                return code
            _note(dict.fromkeys(pages, rules))
    return 0


def _note(made: dict[str, str]) -> None:
    rows = sorted(({**made_from(), **made} if MADE_FROM.exists() else made).items())
    lines = ["page\trules", *(f"{page}\t{rules}" for page, rules in rows)]
    MADE_FROM.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
