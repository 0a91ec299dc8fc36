"""Part of whichteam: how answers are shown, on the command line, in files and in the app."""
