"""The first version of the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("child", sa.Integer(), nullable=True),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["reverses"], ["entries.seq"], name=op.f("fk_entries_reverses")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_child_seq", "entries", ["child", "seq"], unique=False)
    op.create_index("ix_entries_reverses", "entries", ["reverses"], unique=False)
    op.create_table(
        "children",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("policy", sa.String(length=100), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.seq"], name=op.f("fk_children_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_children")),
        sa.UniqueConstraint("child", name=op.f("uq_children_child")),
        sa.UniqueConstraint("number", name=op.f("uq_children_number")),
    )
    op.create_table(
        "editions",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("council", sa.String(length=100), nullable=False),
        sa.Column("policy", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.seq"], name=op.f("fk_editions_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_editions")),
    )
    op.create_table(
        "erasures",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.seq"], name=op.f("fk_erasures_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_erasures")),
    )
    op.create_table(
        "register",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.seq"], name=op.f("fk_register_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_register")),
    )
    op.create_table(
        "answers",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("program", sa.String(length=50), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=True),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["child"], ["children.child"], name=op.f("fk_answers_child")),
        sa.ForeignKeyConstraint(["entry"], ["entries.seq"], name=op.f("fk_answers_entry"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_child_entry", "answers", ["child", "entry"], unique=False)
    op.create_index("ix_answers_due", "answers", ["due"], unique=False)
    op.create_index("ix_answers_team", "answers", ["team"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["child"], ["children.child"], name=op.f("fk_confirmations_child")),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.seq"], name=op.f("fk_confirmations_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_confirmations")),
    )
    op.create_index("ix_confirmations_child", "confirmations", ["child"], unique=False)
    op.create_table(
        "facts",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=6), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["child"], ["children.child"], name=op.f("fk_facts_child")),
        sa.ForeignKeyConstraint(["entry"], ["entries.seq"], name=op.f("fk_facts_entry"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_child", "facts", ["child"], unique=False)
    op.create_table(
        "notes",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["child"], ["children.child"], name=op.f("fk_notes_child")),
        sa.ForeignKeyConstraint(["entry"], ["entries.seq"], name=op.f("fk_notes_entry"), initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_child", "notes", ["child"], unique=False)
    op.create_table(
        "brothers_and_sisters",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("sibling", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child"], ["children.child"], name=op.f("fk_brothers_and_sisters_child")),
        sa.ForeignKeyConstraint(
            ["entry"], ["entries.seq"], name=op.f("fk_brothers_and_sisters_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["sibling"], ["children.child"], name=op.f("fk_brothers_and_sisters_sibling")),
        sa.PrimaryKeyConstraint("entry", "n", name=op.f("pk_brothers_and_sisters")),
    )
    op.create_index("ix_brothers_and_sisters_child", "brothers_and_sisters", ["child"], unique=False)
    op.create_index("ix_brothers_and_sisters_sibling", "brothers_and_sisters", ["sibling"], unique=False)
