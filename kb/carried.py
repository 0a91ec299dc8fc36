"""Names that the journey itself works with: facts that it reads or carries from day to day, and the two ways a stint ends.

They are of every council's vocabulary and of no policy. Nothing else in Python names a fact, a team or another code.
"""

from __future__ import annotations

HOLDER = "team_on_record"
SINCE = "with_team_since"
INVOLVEMENTS = "previous_involvements"
DEATH = "died_on"

#: Facts of one step, which no case file has.
STINT_FROM = "stint_from"
CAME_FROM = "came_from"
CAME_AT = "came_at"
AGREED_LATER = "agreed_later"
POINTS_PAST = "points_past"
SOMETHING_EARLIER = "something_earlier"

CLOSED = "case_closed"
NOBODY = "no_team"
AGREEMENT = "managers_agreement"
