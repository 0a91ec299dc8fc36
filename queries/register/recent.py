"""The children of the register that a person recorded something about last, and earlier answers under other rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from kb.policy import Policy
from kb.register.schema import answers, children, entries
from kb.register.store import Store, checked_name
from queries.register.answering import Kept, read_answers
from queries.register.known import find_child

BY_HAND = ("add", "note", "confirm", "override", "undo")  # what is imported or answered may be done for all children at once


def saved_last(store: Store, by: str, most: int) -> list[str]:
    """Case numbers of the children that a person worked on last, the newest first.

    by  the person's name, as the register has it. Errors: `InputError`.
    """
    asked = (
        select(children.c.number)
        .join(entries, entries.c.child == children.c.child)
        .where(entries.c.by == checked_name(by), entries.c.what.in_(BY_HAND))
        .group_by(children.c.child, children.c.number)
        .order_by(func.max(entries.c.seq).desc())
        .limit(most)
    )
    with store.reading() as connection:
        return list(connection.execute(asked).scalars())


def answered_under_others(store: Store, document: Mapping[str, Any], policy: Policy) -> Kept | None:
    """The newest answer of a child that was kept under other rules than those of `policy`; None if there is none.

    Other rules are another edition, or other files of the same one. Errors: `InputError`.
    """
    with store.reading() as connection:
        child = find_child(connection, str(document["case_id"]))
        found = read_answers(connection, (answers.c.child == child.id) & (answers.c.digest != policy.digest))
    return found[-1] if found else None
