"""`whichteam intake`: a council's data to case files."""
