"""Times the checks of each policy, and replays the cases of their findings with pyDatalog.

Run: python -m benchmarks.check [POLICY...] [--deep]
Exit code 1 if a case does not show what its finding claims.
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise

from explain.check.said import magnitude
from kb.policy import installed
from queries.check import Finding, run
from queries.check.replay import shows
from queries.load import load_program


def main(names: list[str], deep: bool) -> int:
    """Prints a table for each policy. Returns 1 if a case does not show what its finding claims, else 0."""
    wrong: list[Finding] = []
    for name in names or list(installed()):
        program = load_program(name)
        marks: list[tuple[str, float]] = []
        report = run(program, started=lambda check, marks=marks: marks.append((check, time.process_time())), deep=deep)  # type: ignore[misc]
        marks.append(("", time.process_time()))
        print(f"{name}: {magnitude(report.cases)} kinds of case, {marks[-1][1] - marks[0][1]:.1f} s")
        print(f"  {'check':18}{'found':>7}{'proved':>8}{'open':>6}{'seconds':>9}")
        for (check, start), (_, end) in pairwise(marks):
            found = report.outcomes[check]
            print(f"  {check:18}{len(found.findings):7}{found.proved:8}{len(found.unsettled):6}{end - start:9.2f}")
        with_case = [finding for finding in report.findings if finding.case is not None]
        bad = [finding for finding in with_case if not shows(program, finding)]
        print(f"  replayed by pyDatalog: {len(with_case) - len(bad)} of {len(with_case)}", flush=True)
        wrong += bad
    for finding in wrong:
        print(f"not shown: {finding.check}: {finding.says}")
    return 1 if wrong else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    raise SystemExit(main([a for a in arguments if not a.startswith("-")], "--deep" in arguments))
