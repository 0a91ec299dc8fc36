"""Output of the team graph: one module a format, and the tables and wording they share."""
