"""The study: the plan, the remedies, the runner, the store."""
