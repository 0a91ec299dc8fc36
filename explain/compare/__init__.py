"""Output of `queries.compare`: two versions of a policy, two sets of readings, or two councils."""
