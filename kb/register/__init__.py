"""The register: children's facts, answers and decisions that last, with a log that can be checked.

`schema` has the tables, `store` opens a register and writes to it, `chain` hashes rows and entries, `audit` checks them.
SQLAlchemy 2 carries both SQLite and PostgreSQL; `migrations` bring an older register up to date.
"""
