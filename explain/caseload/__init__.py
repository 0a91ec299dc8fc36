"""Output of a whole caseload: rows for spreadsheets, numbers for each team, changes under another policy."""
