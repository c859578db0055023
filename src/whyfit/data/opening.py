"""What can go wrong when a file is opened, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from whyfit.errors import DataError


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Turn what the file system says inside the block into one message."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError("there is no such file.", where=str(path), advice=_neighbours(path)) from error
    except OSError as error:
        what = error.strerror or str(error)
        raise DataError(
            f"the file cannot be opened: {what}.", where=str(path), advice="Check its place and its rights."
        ) from error


def _neighbours(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no folder {str(folder)!r} either."
    near = get_close_matches(path.name, [one.name for one in folder.iterdir()], n=3)
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else f"Looked in {str(folder.resolve())!r}."
