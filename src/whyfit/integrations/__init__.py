"""Callbacks for other trainers."""
