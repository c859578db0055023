"""The figures of the fault benchmark, each half apart, with Wilson's intervals, beside always answering `gradients`."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

Row = dict[str, Any]
ALARMS = ("warning", "serious")
NORMAL_95 = 1.959964
"""The 97.5 % point of the normal distribution."""
AIMS = {"detection": 0.95, "diagnosis": 0.85, "first finding": 0.70}
"""On the reserve half."""


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not of:
        return 0.0, 1.0
    share, z = hits / of, NORMAL_95**2 / of
    middle = (share + z / 2) / (1 + z)
    reach = NORMAL_95 / (1 + z) * math.sqrt(share * (1 - share) / of + z / (4 * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def alarms(row: Row) -> list[str]:
    """The questions of the warnings and serious findings, in the order of the report."""
    return [found["code"].split(".")[0] for found in row["findings"] if found["severity"] in ALARMS]


def _diagnosed(row: Row) -> bool:
    return any(question in row["questions"] for question in alarms(row))


def _first(row: Row) -> bool:
    return alarms(row)[:1] != [] and alarms(row)[0] in row["questions"]


MEASURES: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "detection": ("faulty", lambda row: bool(alarms(row))),
    "diagnosis": ("faulty", _diagnosed),
    "first finding": ("faulty", _first),
    "always gradients": ("faulty", lambda row: "gradients" in row["questions"]),
    "twin: the finding is gone": ("fixed", lambda row: not _diagnosed(row)),
    "twin: silent": ("fixed", lambda row: not alarms(row)),
    "false alarms": ("healthy", lambda row: bool(alarms(row))),
}


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """All shares, by half; intervals count programs, not seeds, since the seeds of a program are not independent."""
    halves = {half: [row for row in rows if row["half"] == half] for half in ("development", "reserve")}
    return {
        "benchmark": "faults",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": {name: version(name) for name in ("torch", "numpy", "whyfit")},
        "figures": {half: _half(own) for half, own in halves.items() if own},
        "aims": AIMS,
        "alarms_in_healthy": _alarmed(rows, "healthy"),
        "alarms_in_twins": _alarmed(rows, "fixed"),
        "missed": sorted({row["program"] for row in rows if row["kind"] == "faulty" and not _diagnosed(row)}),
    }


def _half(rows: Sequence[Row]) -> dict[str, Any]:
    return {name: _share([row for row in rows if row["kind"] == kind], hit) for name, (kind, hit) in MEASURES.items()}


def _share(rows: Sequence[Row], hit: Callable[[Row], bool]) -> dict[str, Any]:
    programs = {row["program"] for row in rows}
    hits = sum(map(hit, rows))
    share = hits / len(rows) if rows else math.nan
    low, high = wilson(round(share * len(programs)), len(programs)) if rows else (math.nan, math.nan)
    return {"share": share, "low": low, "high": high, "runs": len(rows), "programs": len(programs)}


def _alarmed(rows: Sequence[Row], kind: str) -> dict[str, list[str]]:
    """Which programs, and by which codes."""
    found: dict[str, list[str]] = {}
    for row in rows:
        codes = [one["code"] for one in row["findings"] if one["severity"] in ALARMS]
        if row["kind"] == kind and codes:
            found.setdefault(f"{row['program']} seed {row['seed']}", []).extend(codes)
    return found


def table(found: dict[str, Any]) -> str:
    """The figures as lines of text."""
    lines = []
    for half, measures in found["figures"].items():
        lines.append(f"{half}")
        for name, one in measures.items():
            lines.append(
                f"  {name:28s} {100 * one['share']:5.1f} %  [{100 * one['low']:.1f}, {100 * one['high']:.1f}]"
                f"  {one['programs']} programs, {one['runs']} runs"
            )
    return "\n".join(lines)
