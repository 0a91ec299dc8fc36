#!/usr/bin/env python3
"""Makes the reports on the two policies (`docs/findings`) anew: `.venv/bin/python -m tools.findings DOCUMENTS [--policy CODE]`.

DOCUMENTS is a folder with the councils' documents as `blackpool.txt` and `sefton.txt`, which do not stand in the project. A
report with its annex takes a minute or two. For each page the hash of the rules that it was made from is noted in
`docs/findings/made-from.tsv`; `tests/test_findings_pages.py` compares it with that of the rules as they are.
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


def pages_of(policy: str) -> tuple[str, str]:
    """The names of a policy's report and of its annex."""
    return f"{policy}-report.md", f"{policy}-annex.md"


def made_from() -> dict[str, str]:
    """For each page the hash of the rules that it was made from."""
    with MADE_FROM.open(encoding="utf-8", newline="") as table:
        return {row["page"]: row["rules"] for row in csv.DictReader(table, delimiter="\t")}


def main() -> int:
    given = argparse.ArgumentParser(prog="python -m tools.findings")
    given.add_argument("documents", type=Path, help="folder with the councils' documents")
    given.add_argument("--policy", nargs="+", choices=POLICIES, default=list(POLICIES))
    asked = given.parse_args()
    for policy in asked.policy:
        document = asked.documents / f"{policy}.txt"
        if not document.is_file():
            given.error(f"{document} is not there")
        rules, (report, annex) = rules_of(policy), pages_of(policy)
        command = ["report", policy, "--out", str(PAGES / report), "--annex", str(PAGES / annex), "--document", str(document)]
        print("$ whichteam", *command, flush=True)
        code = subprocess.run([sys.executable, str(ROOT / "whichteam.py"), *command], cwd=ROOT).returncode
        if code:
            return code
        _note(dict.fromkeys((report, annex), rules))
    return 0


def _note(made: dict[str, str]) -> None:
    rows = sorted(({**made_from(), **made} if MADE_FROM.exists() else made).items())
    lines = ["page\trules", *(f"{page}\t{rules}" for page, rules in rows)]
    MADE_FROM.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
