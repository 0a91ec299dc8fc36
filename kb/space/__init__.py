"""Every case that there is, in finitely many classes, and the search for a case among them.

A condition of a program looks at one part of the record, or compares two dates. Values that
no condition tells apart are one class, so the cases that matter are finite for a given day,
and clingo can search all of them. See `parts` (the classes), `order` (which dates can stand
together), `search`, `each` (many goals in one search) and `least` (where refuting is the work).
"""

from datetime import date

#: An ordinary Wednesday, with no holiday near: claims about all cases are about cases asked on this day.
ORDINARY_DAY = date(2024, 10, 16).toordinal()
