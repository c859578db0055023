"""Parts of pages on disk: made once, read by every cell; anew when any source that they come from changed."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
from functools import lru_cache
from pathlib import Path

from handbook.shown import HTML, Markdown

HERE = Path(__file__).parent
CACHE = HERE.parent / "_build" / "made"
"""`make clean` removes it."""
DIGEST = "HANDBOOK_DIGEST"
"""Where the build tells its digest to the notebooks, which then need not read the sources again."""
SOURCES = frozenset({".py", ".toml", ".json", ".jinja", ".css", ".md"})
SHOWN: dict[str, type[HTML | Markdown]] = {"html": HTML, "md": Markdown}


def kept(module: str, function: str, *arguments: str) -> HTML | Markdown:
    """What `handbook.MODULE.FUNCTION(*arguments)` gives: from the disk, or made now."""
    for suffix, shown in SHOWN.items():
        if (place := _place(module, function, arguments, suffix)).exists():
            return shown(place.read_text(encoding="utf-8"))
    made = getattr(importlib.import_module(f"handbook.{module}"), function)(*arguments)
    suffix = next(name for name, shown in SHOWN.items() if isinstance(made, shown))
    write(_place(module, function, arguments, suffix), made.text)
    return made  # type: ignore[no-any-return]  # it is one of SHOWN


def write(place: Path, text: str) -> None:
    """Whole or not at all, whoever reads meanwhile."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(f"{place.suffix}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(place)


def _place(module: str, function: str, arguments: tuple[str, ...], suffix: str) -> Path:
    return CACHE / digest() / f"{'-'.join((module, function, *arguments))}.{suffix}"


@lru_cache(maxsize=1)
def digest() -> str:
    """Of all that decides what stands on a page: whyfit, these helpers, the benchmarks' results, and the example."""
    if DIGEST in os.environ:
        return os.environ[DIGEST]
    package = importlib.util.find_spec("whyfit")
    assert package is not None
    assert package.origin is not None
    state = hashlib.blake2b(digest_size=8)
    for folder in (HERE, Path(package.origin).parent):
        for file in sorted(path for path in folder.rglob("*") if path.suffix in SOURCES):
            state.update(str(file.relative_to(folder)).encode())
            state.update(file.read_bytes())
    for page in ("benchmarks/RESULTS.md", "examples/public_data.py"):
        state.update((HERE.parents[1] / page).read_bytes())
    return state.hexdigest()
