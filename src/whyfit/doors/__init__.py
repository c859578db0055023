"""The two doors, each top to bottom on one screen."""
