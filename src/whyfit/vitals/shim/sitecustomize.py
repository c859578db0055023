"""Run by Python at its start in a watched process: wait for the script's own import of torch, and get out of the way.

Nothing here imports anything that the script would not find imported anyway, and torch least of all: its thread and
device settings are read while it is imported, and they are the script's to choose.
"""
# ruff: noqa: INP001, PTH100, PTH118, PTH120, PTH123
# INP001: this folder goes on the search path of another process, it is no package.
# PTH: pathlib is not imported yet when a process starts, and would be imported for us alone.

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
_AWAITED = "torch"


class _Loader:
    """Loads torch as it would have been loaded, then attaches the observer."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        _attach()


class _Finder:
    """Stands first on the meta path until torch is asked for, once."""

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        if name != _AWAITED:
            return None
        sys.meta_path.remove(self)
        if getattr(sys.modules.get("sitecustomize"), "__file__", None) == __file__:
            del sys.modules["sitecustomize"]  # its own import is long over, and the script had none
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]  # stands in for the loader it holds
        return spec


def _attach() -> None:
    try:
        from whyfit.doors.child import attach_from_environment  # noqa: PLC0415  # only once torch is there

        attach_from_environment()
    except Exception as problem:  # noqa: BLE001  # an observer that cannot attach must not stop the script
        _complain(problem)


def _complain(problem: Exception) -> None:
    folder = os.environ.get("WHYFIT_JOURNAL")
    if folder:
        with open(os.path.join(folder, f"{os.getpid()}.failed"), "w", encoding="utf-8") as file:
            file.write(f"{type(problem).__name__}: {problem}")


def _leave_no_path() -> None:
    """Take this folder off the search path, here and (unless asked otherwise) for processes that the script starts."""
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or os.curdir) != _HERE]
    if os.environ.get("WHYFIT_CHILDREN") == "1":
        return
    kept = os.environ.pop("WHYFIT_PYTHONPATH", "")
    if kept:
        os.environ["PYTHONPATH"] = kept
    else:
        os.environ.pop("PYTHONPATH", None)


def _run_the_existing_one() -> None:
    """An existing `sitecustomize` runs as if this one were not here. (This one stays until its own import is over.)"""
    spec = PathFinder.find_spec("sitecustomize")
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if os.environ.get("WHYFIT_JOURNAL"):
    sys.meta_path.insert(0, _Finder())
    _leave_no_path()
    _run_the_existing_one()
