"""Drawings of a report: terminal, HTML, JSON."""
