"""A newcomer's walk: from a clone to the name of what is wrong with a faulty script.

A fresh clone, an environment of its own, the installation with torch, then the script of the quickstart, watched. Times
are of the wall, as a person waits them; the installation waits for the package registry, so it is told apart. Where
packages cannot be had the benchmark is not run.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common import Spread, arguments, finish_within, not_run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "en" / "quickstart.md"
FAULT = "A softmax stands before"
"""What the walk ends with: the first finding on the faulty script."""
LIMITS = {"installed_and_understood": 180.0, "understood": 30.0}
"""Three minutes in all are promised; without the installation a sixth of them is chosen."""


def script() -> str:
    """The faulty script, as it stands on the page."""
    found = re.search(r'^script = """(.*?)"""$', PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"{PAGE} shows no script"
    return found[1]


def main() -> int:
    """Walk once: a second time the packages would lie at hand."""
    args = arguments(__doc__ or "")
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place:
        clone = Path(place) / "whyfit"
        python = clone / ".venv" / "bin" / "python"
        with _timed("clone", figures):
            _run("git", "clone", "--quiet", str(ROOT), str(clone))
        try:
            with _timed("install", figures):
                _run(sys.executable, "-m", "venv", str(clone / ".venv"))
                constraint = ("--constraint", "constraints.txt")
                _run(str(python), "-m", "pip", "install", "--quiet", *constraint, "--editable", ".[torch]", cwd=clone)
        except subprocess.CalledProcessError as error:
            return not_run("newcomer", f"the packages cannot be installed here ({error.stderr.strip()[-120:]})", args)
        (clone / "train.py").write_text(script(), encoding="utf-8")
        with _timed("watch", figures):
            said = _run(str(python), "-m", "whyfit", "watch", "--lang", "en", "train.py", cwd=clone)
    assert FAULT in said, said
    understood = figures["watch"][0]
    whole = sum(figures[name][0] for name in ("clone", "install", "watch"))
    found = {"installed_and_understood": Spread.of([whole]), "understood": Spread.of([understood])}
    return finish_within("newcomer", figures, found, LIMITS, args, {"unit": "seconds"})


@contextmanager
def _timed(name: str, figures: dict[str, list[float]]) -> Iterator[None]:
    begun, before = time.perf_counter(), _processor()
    yield
    figures[name] = [time.perf_counter() - begun]
    figures[f"{name}: processor"] = [_processor() - before]


def _processor() -> float:
    """Seconds of the processor that ended children took: what is left of the waiting on an idle machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(*command: str, cwd: Path | None = None) -> str:
    """What the command said; its failure is an exception."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
