"""Many cases at once: the columnar form, and the readers that fill it from files."""
