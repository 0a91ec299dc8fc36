"""`whichteam register`: recording, answering, deciding, and asking what was known when."""
