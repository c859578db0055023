"""Exams of what watching saw, one file a question."""
