"""What `queries.compare` finds, told: of two versions of a policy, two sets of readings, or two councils."""
