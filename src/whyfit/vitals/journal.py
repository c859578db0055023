"""The journal: what a watched process leaves behind, line by line, so that nothing is lost however it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SUFFIX = ".jsonl"


class Journal:
    """Appends one JSON object a line; each line goes to the system at once, so SIGKILL cannot take it back.

    Parameters
    ----------
    folder
        Where the journals of one watched run lie: one file a process.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{os.getpid()}{SUFFIX}"
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Append one entry. Numbers that are not finite are written as Python's JSON writes them."""
        line = json.dumps({"kind": kind, **facts}, separators=(",", ":"), default=_plain)
        os.write(self._file, line.encode() + b"\n")

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


def _plain(value: Any) -> Any:
    """Numbers of numpy and torch as plain numbers; whatever else as its text."""
    return value.item() if hasattr(value, "item") else str(value)


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """All whole lines of a journal; a line torn by a kill ends it."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                return
            if isinstance(entry, dict):
                yield entry
