"""Codes that Python code uses by name: facts that a journey reads or carries from day to day, and codes of its moves.

They belong to the shared vocabulary (`kb/vocabulary`), not to a policy. No other code is named in Python.
"""

from __future__ import annotations

HOLDER = "team_on_record"
SINCE = "with_team_since"
INVOLVEMENTS = "previous_involvements"
DEATH = "died_on"

#: Facts of a step, set by the journey. Case files don't have them.
STINT_FROM = "stint_from"
CAME_FROM = "came_from"
CAME_AT = "came_at"
AGREED_LATER = "agreed_later"
POINTS_PAST = "points_past"
SOMETHING_EARLIER = "something_earlier"
ON_RECORD = "on_day_of_record"

CLOSED = "case_closed"
NOBODY = "no_team"
AGREEMENT = "managers_agreement"
