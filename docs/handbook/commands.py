"""The reference of commands: what `--help` says, word for word."""

from __future__ import annotations

import os
import subprocess
import sys

from handbook.shown import Markdown
from whyfit.text import Language

COMMANDS = ("checkup", "watch", "explain", "compare", "draw")
WIDTH = "100"


def all_helps(language: Language) -> Markdown:
    """Every command's help."""
    return Markdown("\n\n".join(f"## `whyfit {name}`\n\n```text\n{_help(name, language)}\n```" for name in COMMANDS))


def _help(name: str, language: Language) -> str:
    environment = os.environ | {"COLUMNS": WIDTH, "TERMINAL_WIDTH": WIDTH, "NO_COLOR": "1"}
    command = [sys.executable, "-m", "whyfit", name, "--help", "--lang", language]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603
    return done.stdout.replace("python -m whyfit", "whyfit").rstrip()
