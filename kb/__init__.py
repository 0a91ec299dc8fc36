"""Part of whichteam: the rule language, the vocabulary, the policies, case data and the engines."""
