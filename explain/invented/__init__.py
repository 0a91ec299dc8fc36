"""Making invented children, from the command line."""
