"""A user's file: loaded once under a private name, its function called; what it raises is said with its line."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import sysconfig
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from whyfit.errors import NetworkError
from whyfit.evidence.network import NetworkFile, NetworkInProcess
from whyfit.nets.reference import sha256_of
from whyfit.nets.registry import registered
from whyfit.nets.start import RANDOM_LOCK, seeded

Make = Callable[..., Any]

SIZES = ("inputs", "outputs")
"""Parameters of these names receive the sizes, whether they have defaults or not."""

_modules: dict[tuple[str, str], ModuleType] = {}


def function_of(reference: NetworkFile | NetworkInProcess) -> Make:
    """The function that makes the network.

    Raises
    ------
    NetworkError
        The file has changed since it was referred to, cannot be loaded, or has no such function.
    """
    if isinstance(reference, NetworkInProcess):
        return registered(reference)
    module = _loaded(Path(reference.path), reference.sha256)
    function = getattr(module, reference.function, None)
    if not callable(function):
        names = sorted(name for name, value in vars(module).items() if callable(value) and not name.startswith("_"))
        raise NetworkError(
            f"there is no function {reference.function!r} in it.",
            where=reference.path,
            advice=f"It has: {', '.join(names) or 'no functions'}.",
        )
    return function  # type: ignore[no-any-return]  # whatever the user's file holds; its result is checked


def call(make: Make, inputs: int, outputs: int) -> Any:
    """Call the function as its signature asks: with no argument, or with the sizes of the data.

    Raises
    ------
    NetworkError
        It asks for something else, or raises.
    """
    arguments = arguments_of(make, inputs, outputs)
    with _importable(Path(_file_of(make)).parent), speaking_of(make, "making the network"):
        return make(**arguments) if isinstance(arguments, dict) else make(*arguments)


@contextmanager
def speaking_of(make: Make, doing: str) -> Iterator[None]:
    """Turn whatever user code raises into one message with the user's own line."""
    try:
        yield
    except NetworkError:
        raise
    except (Exception, SystemExit) as error:
        message = ended(f"{doing} raised {describe(error)}")
        raise NetworkError(message, where=line_of(error, _file_of(make)), advice="Mend it there.") from error


def describe(error: BaseException) -> str:
    """The type of an exception and the first line of its message."""
    first = str(error).strip().splitlines()
    return f"{type(error).__name__}: {first[0]}" if first else type(error).__name__


def ended(sentence: str) -> str:
    """With a full stop, where what it quotes brought none.

    Examples
    --------
    >>> ended("it raised ZeroDivisionError: division by zero"), ended("it raised ValueError: too deep.")
    ('it raised ZeroDivisionError: division by zero.', 'it raised ValueError: too deep.')
    """
    return sentence if sentence.endswith((".", "!", "?", ":")) else f"{sentence}."


def line_of(error: BaseException, file: str) -> str:
    """`file:line` of the innermost frame in the user's folder; the file alone where there is none."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    folder = str(Path(file).parent)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_below(f.filename, folder)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else file


def own_line(error: BaseException) -> str:
    """` (file:line)` of the innermost frame that is no package's, Python's or whyfit's; empty for none."""
    others = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"))
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not f.filename.startswith(others) and "site-packages" not in f.filename]
    return f" ({own[-1].filename}:{own[-1].lineno})" if own else ""


def _is_below(filename: str, folder: str) -> bool:
    """Whether it is the user's own code: packages may be installed in a folder below."""
    return filename.startswith(folder) and "site-packages" not in filename


def _file_of(make: Make) -> str:
    code = getattr(inspect.unwrap(make), "__code__", None)
    if code is not None:
        return str(code.co_filename)
    module = sys.modules.get(getattr(make, "__module__", ""))
    return str(getattr(module, "__file__", None) or "model")


def arguments_of(make: Make, inputs: int, outputs: int) -> tuple[int, ...] | dict[str, int]:
    """What a function is called with: nothing, or the sizes, by name where it names them so.

    Raises
    ------
    NetworkError
        It asks for something else.
    """
    try:
        parameters = inspect.signature(make).parameters.values()
    except (TypeError, ValueError):  # some built-in callables have no signature
        return ()
    named = {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    required = [p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if set(SIZES) <= named and {p.name for p in required} <= set(SIZES):
        return {"inputs": inputs, "outputs": outputs}
    if not required:
        return ()
    if len(required) == len(SIZES) and all(p.kind is not p.KEYWORD_ONLY for p in required):
        return (inputs, outputs)
    raise NetworkError(
        f"it must take no argument, or the input and output sizes, and it asks for: "
        f"{', '.join(p.name for p in required)}.",
        where=_file_of(make),
        advice="Give the others defaults.",
    )


def _loaded(path: Path, sha256: str) -> ModuleType:
    with RANDOM_LOCK:
        if (str(path), sha256) not in _modules:
            if sha256_of(path) != sha256:
                raise NetworkError(
                    "its content is not what it was when the study was planned.",
                    where=str(path),
                    advice="Begin a new study, or put the file back.",
                )
            _modules[str(path), sha256] = _load(path, sha256)
        return _modules[str(path), sha256]


def have_content(reference: NetworkFile, content: bytes) -> None:
    """Make a network file known to a process of another machine, where its path may lead nowhere.

    The file in its place is taken where it has the same content: it may import its neighbours there.

    Raises
    ------
    NetworkError
        The content is not that of the reference, or cannot be loaded.
    """
    path = Path(reference.path)
    key = (str(path), reference.sha256)
    if path.is_file() and sha256_of(path) == reference.sha256:
        return
    with RANDOM_LOCK:
        if key not in _modules:
            copy = Path(tempfile.mkdtemp(prefix="whyfit-net-")) / path.name
            copy.write_bytes(content)
            _modules[key] = _loaded(copy, reference.sha256)


def _load(path: Path, sha256: str) -> ModuleType:
    """Execute the file as a module of a private name, with its folder importable as Python would have it."""
    name = f"_whyfit_user_{path.stem}_{sha256[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise NetworkError("it cannot be loaded as Python.", where=str(path), advice="Give a .py file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look their module up
    try:
        with seeded(0), _importable(path.parent):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise NetworkError(
            ended(f"loading it raised {describe(error)}"),
            where=line_of(error, str(path)),
            advice="Put what trains or reads data under `if __name__ == '__main__':`."
            if isinstance(error, SystemExit | FileNotFoundError)
            else "Mend it there.",
        ) from error
    return module


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Put a folder first on the path for a moment: a user's `random.py` must not shadow ours afterwards."""
    with RANDOM_LOCK:
        sys.path.insert(0, str(folder))
        try:
            yield
        finally:
            sys.path.remove(str(folder))
