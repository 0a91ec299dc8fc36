"""A tiny council with two editions, a clock set by hand, and shorthands for what tests record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from explain.decision_json import decision_json
from kb.register.store import Store, open_store
from queries.decide import Decision
from tests.helpers import make_policy

POLICY, LATER = "tiny", "tiny_2025"
#: A child moves from Alpha to {team} at the handover once the conference was held, unless the record is not up to date.
RULES = """@clause t1.
front_door(alpha).

@clause t2.
route(alpha, {team}, handover) :- icpc_required.
point_event(handover, icpc_held_on).

@clause t3.
gate(alpha, handover, papers_ready).
gate_met(papers_ready) :- record_up_to_date.

@clause t4.
limit_in_days(visit_due, Held, 10) :- known icpc_held_on(Held).
met_by(visit_due, first_hearing_held_on).
"""
TOML = 'name = "Tiny Council"\ndocument = "Tiny policy"\nversion = "{version}"\n'


def install(folder: Path) -> None:
    """Writes two policies: `tiny` moves children from Alpha to Beta, its later edition moves them to Gamma."""
    make_policy(folder, RULES.format(team="beta"), toml=TOML.format(version="2024"))
    (folder / "tiny").rename(folder / LATER)
    (folder / LATER / "rules.dl").write_text(RULES.format(team="gamma"), encoding="utf-8")
    (folder / LATER / "policy.toml").write_text(TOML.format(version="2025"), encoding="utf-8")
    make_policy(folder, RULES.format(team="beta"), toml=TOML.format(version="2024"))


@dataclass
class Clock:
    """A clock that stands still until it is set. Days are given as ISO dates, the time is noon."""

    time: datetime = field(default_factory=lambda: datetime(2024, 9, 1, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def set(self, day: str) -> None:
        self.time = datetime.fromisoformat(f"{day}T12:00:00+00:00")

    def tick(self, minutes: int = 1) -> None:
        self.time += timedelta(minutes=minutes)


def told(decision: Decision) -> Mapping[str, Any]:
    """An answer as the command keeps it, without its assumptions, which take long."""
    return decision_json(decision, proof=False)


def made(place: str | Path, clock: Clock | None = None) -> Store:
    return open_store(str(place), make=True, clock=clock or Clock())
