"""What the torch engines share: rows, losses, optimisers, randomness, evaluation and vitals on the torch side."""
