"""A caseload on Spark. `frame` is the interface for programs, `command` the one for the command line."""
