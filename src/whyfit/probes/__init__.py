"""Small experiments on a private copy of a network."""
