"""Training: the engines and what they share."""
