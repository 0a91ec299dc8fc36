"""The register: a database of children's facts, answers and decisions, with a log that can be audited.

`schema` has the tables, `store` opens a register and writes to it, `chain` hashes rows and entries, `audit` checks them.
It uses SQLite or PostgreSQL through SQLAlchemy 2; `migrations` bring an older register up to date.
"""
