"""The team graph as files: one module a format, and the tables and words they share."""
