"""whyfit at home elsewhere: test runners and training frameworks."""
