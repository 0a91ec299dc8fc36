"""The tables of the register. Rows are added and never changed; only the erasure of a child removes rows.

Every row belongs to the entry of the log that wrote it (column `entry`), which says who, when and what; `n` numbers the rows
that one entry wrote into one table. The `doc` of a column describes it; `docs/data-protection.md` lists the same
descriptions.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

MOST_NAME = 100  # characters of a person's name
MOST_TEXT = 4_000  # characters of a note or a reason
MOST_SOURCE = 300  # characters of a source

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _entry() -> Column[int]:
    """The entry that wrote a row. It is checked at the end of the transaction, as an entry is written after its rows."""
    key = ForeignKey("entries.seq", deferrable=True, initially="DEFERRED")
    return Column("entry", Integer, key, primary_key=True, autoincrement=False, doc="entry of the log that wrote the row")


def _n() -> Column[int]:
    return Column("n", Integer, primary_key=True, autoincrement=False, doc="number of the row within its entry")


def _child() -> Column[int]:
    return Column("child", Integer, ForeignKey("children.child"), nullable=False, doc="the child, by its own number")


entries = Table(
    "entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, doc="number of the entry, from 1 without gaps"),
    Column("at", String(27), nullable=False, doc="when it was written, in UTC"),
    Column("by", String(MOST_NAME), nullable=False, doc="name of the person, or user of the computer, who did it"),
    Column("what", String(10), nullable=False, doc="what was done, such as add, answer or confirm"),
    Column("child", Integer, doc="the child it is about, by its own number; stays after erasure"),
    Column("reverses", Integer, ForeignKey("entries.seq"), doc="for undo: the entry that no longer counts"),
    Column("rows", Text, nullable=False, doc="salted hashes of the rows it wrote; names of the rows that it removed"),
    Column("hash", String(64), nullable=False, doc="SHA-256 of this entry and of the hash of the one before"),
)

register = Table(
    "register",
    metadata,
    _entry(),
    _n(),
    Column("name", String(36), nullable=False, doc="random name of this register"),
    Column("salt", String(64), nullable=False, doc="random salt of the hashes of rows that are about no child"),
)

children = Table(
    "children",
    metadata,
    _entry(),
    _n(),
    Column("child", Integer, nullable=False, unique=True, doc="the child's own number here: that of the entry that added it"),
    Column("number", String(100), nullable=False, unique=True, doc="case number of the council; never a name"),
    Column("policy", String(100), nullable=False, doc="code of the policy that the child comes under"),
    Column("salt", String(64), nullable=False, doc="random salt of the hashes of the child's rows; erasure destroys it"),
)

brothers_and_sisters = Table(
    "brothers_and_sisters",
    metadata,
    _entry(),
    _n(),
    _child(),
    Column(
        "sibling", Integer, ForeignKey("children.child"), nullable=False, doc="a brother or sister of the child in the register"
    ),
)

facts = Table(
    "facts",
    metadata,
    _entry(),
    _n(),
    _child(),
    Column("fact", String(100), nullable=False, doc="name of the fact, from the vocabulary"),
    Column("value", Text, nullable=False, doc="its value as JSON; null: recorded as not known"),
    Column("day", String(10), nullable=False, doc="the day that the fact speaks of"),
    Column("origin", String(6), nullable=False, doc="person: somebody recorded it; import: read from data"),
    Column("source", String(MOST_SOURCE), nullable=False, doc="where it comes from: a file with its row, or a person's words"),
)

answers = Table(
    "answers",
    metadata,
    _entry(),
    _n(),
    _child(),
    Column("as_of", String(10), nullable=False, doc="the day that the answer is for"),
    Column("policy", String(100), nullable=False, doc="code of the policy that it follows from"),
    Column("version", String(300), nullable=False, doc="version that the policy says of itself"),
    Column("digest", String(64), nullable=False, doc="hash of the policy's files"),
    Column("settings", Text, nullable=False, doc="settings of readings that are not the default, as JSON"),
    Column("program", String(50), nullable=False, doc="name and version of the program"),
    Column("status", String(20), nullable=False, doc="decided, unknown, silent or conflict"),
    Column("team", String(100), doc="the team that holds the child by the policy, if one is decided"),
    Column("due", String(10), doc="the first day on which something of the answer is due; empty: nothing"),
    Column("facts", LargeBinary, nullable=False, doc="the case that was decided: every fact used, compressed JSON"),
    Column("answer", LargeBinary, nullable=False, doc="the answer with clauses, transfers and limits, compressed JSON"),
)

confirmations = Table(
    "confirmations",
    metadata,
    _entry(),
    _n(),
    _child(),
    Column("answer", Integer, nullable=False, doc="the answer, by the number of its entry"),
    Column("team", String(100), doc="the team decided on instead; empty: the answer was confirmed"),
    Column("reason", Text, doc="why it was set aside; empty: the answer was confirmed"),
)

notes = Table(
    "notes",
    metadata,
    _entry(),
    _n(),
    _child(),
    Column("answer", Integer, doc="the answer that it is about, by the number of its entry; empty: the child"),
    Column("text", Text, nullable=False, doc="what somebody noted"),
)

editions = Table(
    "editions",
    metadata,
    _entry(),
    _n(),
    Column("council", String(100), nullable=False, doc="code of the policy that children come under"),
    Column("policy", String(100), nullable=False, doc="code of the installed policy that holds this edition"),
    Column("version", String(300), nullable=False, doc="version that the edition says of itself"),
    Column("digest", String(64), nullable=False, doc="hash of the files of the edition"),
    Column("since", String(10), nullable=False, doc="first day on which the edition is in force"),
    Column("until", String(10), doc="last day on which it is in force; empty: until the next one"),
)

erasures = Table(
    "erasures",
    metadata,
    _entry(),
    _n(),
    Column("child", Integer, nullable=False, doc="the number that the erased child had here"),
    Column("rows", Integer, nullable=False, doc="how many rows were removed"),
    Column("reason", String(MOST_SOURCE), nullable=False, doc="why, such as retention or a court's order; names nobody"),
)

#: Tables with rows that are hashed, in an order in which they can be filled.
DATA = (register, children, brothers_and_sisters, facts, answers, confirmations, notes, editions, erasures)
OF_A_CHILD = (brothers_and_sisters, facts, answers, confirmations, notes)

Index("ix_entries_child_seq", entries.c.child, entries.c.seq)
Index("ix_entries_reverses", entries.c.reverses)
Index("ix_brothers_and_sisters_child", brothers_and_sisters.c.child)
Index("ix_brothers_and_sisters_sibling", brothers_and_sisters.c.sibling)
Index("ix_facts_child", facts.c.child)
Index("ix_answers_child_entry", answers.c.child, answers.c.entry)
Index("ix_answers_team", answers.c.team)
Index("ix_answers_due", answers.c.due)
Index("ix_confirmations_child", confirmations.c.child)
Index("ix_notes_child", notes.c.child)
