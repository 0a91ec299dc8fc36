"""What people ask of a whole caseload."""
