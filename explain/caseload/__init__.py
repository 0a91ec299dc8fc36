"""A whole caseload, shown: rows for a spreadsheet, numbers a team, and what changes under another policy."""
