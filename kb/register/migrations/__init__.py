"""Steps that bring a register of an earlier version up to date, run by Alembic."""
