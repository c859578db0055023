"""`python -m whyfit` is `whyfit`."""

from whyfit.cli import main

main()
