"""One file a question: a fault on real data, what is found, and what the remedy gains."""
