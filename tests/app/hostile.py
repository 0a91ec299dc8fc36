"""A policy and a case in which every name, label and text contains markup."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"
CODE = "hostile"
#: A marker that is in every hostile text and nowhere else.
MARK = "evil.example"
#: Markdown, HTML, LaTeX, emoji, icons, directives, links of all kinds, arrows, a tick that opens code and never closes it.
NASTY = (
    f"` ![i](http://{MARK}/i.png) [l](http://{MARK}/l) <img src=http://{MARK}/h.png onerror=alert(1)> <b>x</b> $x^2$ "
    f":red[r] :smile: :material/home: :streamlit: www.{MARK} http://{MARK}/u a@{MARK} **s** ~~d~~ -> &amp;"
)
#: The columns of a policy's tables that people read, and those that fill sentences.
READ = {
    "clauses.tsv": ("paraphrase", "out_of_scope", "note"),
    "codes.tsv": ("label", "aliases"),
    "facts.tsv": ("label", "true", "false", "question"),
    "readings.tsv": ("why",),
}
CASE: dict[str, Any] = {
    "case_id": "h1",
    "policy": CODE,
    "as_of": "2024-05-20",
    "facts": {
        "team_on_record": "first_response",
        "date_of_birth": "2014-01-01",
        "assessment_started_on": "2024-04-01",
        "assessment_completed_on": "2024-05-06",
        "planning_circle_booked_for": "2024-05-27",
        "chronology_up_to_date": True,
        "transfer_discussion_held": True,
    },
}


def policies(folder: Path) -> Path:
    """A folder of policies with the hostile one in it."""
    home = folder / CODE
    shutil.copytree(NORTHSHIRE, home)
    for name, columns in READ.items():
        path = home / name
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE))
        for row in rows:
            row |= {column: f"{row[column]} {NASTY}" for column in columns if row[column]}
        lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    about = {"name": f"Hostile Council {NASTY}", "document": f"A policy {NASTY}", "version": f"draft {NASTY}"}
    (home / "policy.toml").write_text("".join(f"{key} = {json.dumps(text)}\n" for key, text in about.items()), encoding="utf-8")
    undecided = {**CASE, "case_id": "h2", "facts": {"team_on_record": "none", "referral_accepted_on": "2024-05-16"}}
    samples = [{"title": f"First {NASTY}", "case": CASE}, {"title": f"Undecided {NASTY}", "case": undecided}]
    (home / "samples.json").write_text(json.dumps(samples), encoding="utf-8")
    return folder
