"""The engines, one contract."""
