"""The team graph: the moves that a policy allows, read off its ground rules."""
