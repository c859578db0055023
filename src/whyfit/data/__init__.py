"""From sources to a dataset, from a dataset to splits, and what the rows themselves give away."""
