"""`whichteam invent`: invented children."""
