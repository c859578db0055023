"""Placeholder of the curated public names; see `__all__`."""
