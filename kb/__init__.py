"""Part of whichteam: what is known, that is the rule language, the vocabulary, the policies and the engines."""
