"""Every case that there is, in finitely many classes, and the search for a case among them.

A condition of a program looks at one part of the record, or compares two dates. Values that
no condition tells apart are one class, so the cases that matter are finite for a given day,
and clingo can search all of them. See `parts` (the classes), `order` (which dates can stand
together) and `search`.
"""
