"""The team graph: what can move where under a policy, read off its ground rules."""
