"""All possible cases of a day, in finitely many classes of values, and the search for a case among them.

A condition of a program reads one part of the record, or compares two dates. Values that no condition distinguishes form a
class, so the cases of a given day are finite up to classes, and clingo can search all of them. See `parts` (the classes),
`order` (consistency of date comparisons), `search`, `each` (many goals in one search) and `least` (minimal cases when most
of the work is proving that there is no smaller one).
"""

from datetime import date

#: The day of the answer for claims about all cases: an ordinary Wednesday with no holiday near.
ORDINARY_DAY = date(2024, 10, 16).toordinal()
