"""Many cases at once: the columnar form, and reading files straight into it."""
