"""Reading what councils have, from the command line."""
