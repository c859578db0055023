"""Estimators and intervals: pure functions of arrays, each formula with its source."""
