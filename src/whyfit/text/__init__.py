"""The words for every code, English and Chinese."""
