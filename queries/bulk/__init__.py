"""Questions about a whole caseload."""
