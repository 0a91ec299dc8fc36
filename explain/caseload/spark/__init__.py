"""A caseload on Spark: for those who have outgrown one machine. `frame` is for programs, `command` for the command line."""
