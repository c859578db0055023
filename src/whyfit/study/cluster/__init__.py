"""Studies on more than one machine: what travels, and the clusters that take it."""
