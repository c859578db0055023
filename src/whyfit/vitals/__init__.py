"""Observing a network without touching it."""
