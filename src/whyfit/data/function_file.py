"""`FILE.py:FUNCTION`: a user's function that returns a dataset or a pair of arrays."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from typing import Any

from whyfit.data.origin import close_matches
from whyfit.errors import DataError, InputError


def names_a_function(source: str) -> bool:
    """Whether the source is written as `FILE.py:FUNCTION`."""
    path, _, function = source.rpartition(":")
    return path.endswith(".py") and function.isidentifier()


def call_function(source: str) -> Any:
    """Run the file, call the function without arguments, and give what it returns."""
    where, _, name = source.rpartition(":")
    path = Path(where)
    if not path.is_file():
        raise DataError("there is no such file.", where=where, advice="Write it as FILE.py:FUNCTION.")
    module = _run(path)
    function = getattr(module, name, None)
    if not callable(function):
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        advice = close_matches(name, known).replace("Its columns", "Its functions")
        raise DataError(f"there is no function {name!r}.", where=path.name, advice=advice)
    return _guarded(function, path)


def _run(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"_whyfit_source_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DataError("it is no Python file.", where=path.name, advice="Write it as FILE.py:FUNCTION.")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        _guarded(lambda: spec.loader.exec_module(module), path)
    finally:
        sys.path.remove(str(path.parent.resolve()))
    return module


def _guarded(call: Any, path: Path) -> Any:
    """Call into the user's file; what it raises becomes one message with the line of that file."""
    try:
        return call()
    except InputError:
        raise
    except Exception as error:
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).name == path.name
        ]
        where = f"{path.name}, line {frames[-1].lineno}" if frames else path.name
        raise DataError(f"{type(error).__name__}: {error}.", where=where, advice="Correct the function.") from error
