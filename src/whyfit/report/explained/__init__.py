"""How an explanation is drawn: terminal text, HTML and LaTeX."""
