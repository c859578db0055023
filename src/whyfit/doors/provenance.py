"""Where a report comes from: the command that repeats it, the versions, the machine."""

from __future__ import annotations

import platform
import shlex
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from whyfit._version import __version__
from whyfit.evidence.types import Json
from whyfit.study.study import Study
from whyfit.training.contract import why_of

PACKAGES = ("numpy", "scipy", "numba", "scikit-learn", "torch")
"""Packages whose version can change a number."""


def provenance_of(study: Study, command: str) -> dict[str, Json]:
    """What a reader needs to repeat a study."""
    return {
        "command": command,
        "repeat": repeating(command, study.networks),
        "python": platform.python_version(),
        **{name.replace("-", "_"): installed(name) for name in PACKAGES},
        "whyfit": __version__,
        "machine": f"{platform.system()} {platform.machine()}, {study.runner.workers} workers",
        "backend": study.runner.backend,
        "engine": study.runner.engine.name,
        "why_engine": why_of(study.runner.engine),
        "engines_not_taken": dict(study.not_taken),
        "device": study.runner.context.device,
        "taken_from_study": study.reused,
        "networks_for_leaks": networks_for_leaks(study),
        "networks_at_most": study.most,
        "platforms": sorted({outcome.platform for outcome in study.plain.outcomes}) if study.plain else [],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def networks_for_leaks(study: Study) -> int:
    """How many of the networks were trained to measure leaks with and without them."""
    return sum(len(one.keys) for one in (*study.leaks, *study.preparing) if one.considered and one.complete)


def installed(package: str) -> str | None:
    """The version of a package, None where it is not installed; the package is not imported."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def repeating(command: str, networks: int) -> str:
    """The command with the budget in networks, which gives the same report again.

    Examples
    --------
    >>> repeating("whyfit checkup a.csv --budget 60s", 320)
    'whyfit checkup a.csv --budget 320n'
    """
    words = shlex.split(command)
    kept = [word for i, word in enumerate(words) if not _is_budget(words, i)]
    return shlex.join([*kept, "--budget", f"{networks}n"]) if kept else ""


def _is_budget(words: list[str], i: int) -> bool:
    return words[i].startswith("--budget") or (i > 0 and words[i - 1] == "--budget")


def command_line(arguments: list[str] | None = None) -> str:
    """The command as typed."""
    return shlex.join(["whyfit", *(sys.argv[1:] if arguments is None else arguments)])
