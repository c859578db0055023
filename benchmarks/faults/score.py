"""The figures of the fault benchmark, development and reserve apart, beside always answering `gradients`.

Shares of runs have Wilson's interval, with programs counted in place of runs: the seeds of one program are not
independent. Programs that were alarmed at in any seed have Clopper and Pearson's, which holds at none of n too.
"""

from __future__ import annotations

import math
import platform
import statistics
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


def clopper(hits: int, of: int) -> tuple[float, float]:
    """Clopper and Pearson's 95 % interval of a share (Biometrika 1934).

    Examples
    --------
    >>> [round(end, 3) for end in clopper(0, 75)]
    [0.0, 0.048]
    """
    from scipy.stats import beta

    if not of:
        return 0.0, 1.0
    low = float(beta.ppf(0.025, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, of - hits)) if hits < of else 1.0
    return low, high


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
        "code": {half: sorted({row["code"] for row in own if "code" in row}) for half, own in halves.items() if own},
        "figures": {half: _half(own) for half, own in halves.items() if own},
        "reserve, faults without a relative in the development half": _of_new_families(rows),
        "diagnosis by question": {half: _by_question(own) for half, own in halves.items() if own},
        "by fault": {half: _by_fault(own) for half, own in halves.items() if own},
        "cost": _cost(rows),
        "aims": AIMS,
        "alarms_in_healthy": _alarmed(rows, "healthy"),
        "alarms_in_twins": _alarmed(rows, "fixed"),
        "missed": sorted({row["program"] for row in rows if row["kind"] == "faulty" and not _diagnosed(row)}),
    }


def _half(rows: Sequence[Row]) -> dict[str, Any]:
    own = {name: _share([row for row in rows if row["kind"] == kind], hit) for name, (kind, hit) in MEASURES.items()}
    programs = {row["program"] for row in rows if row["kind"] == "healthy"}
    alarmed = {row["program"] for row in rows if row["kind"] == "healthy" and alarms(row)}
    low, high = clopper(len(alarmed), len(programs))
    share = len(alarmed) / len(programs) if programs else math.nan
    own["alarmed in any seed"] = {"share": share, "low": low, "high": high, "programs": len(programs), "runs": 0}
    return own


def _by_question(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Diagnosis, by the most direct of the accepted questions."""
    faulty = [row for row in rows if row["kind"] == "faulty"]
    firsts = sorted({row["questions"][0] for row in faulty})
    return {first: _share([row for row in faulty if row["questions"][0] == first], _diagnosed) for first in firsts}


def _by_fault(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Of each fault: its runs, in how many something was found, and in how many the right question."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["kind"] == "faulty":
            own = found.setdefault(row["program"].partition("-")[0], {"runs": 0, "detected": 0, "diagnosed": 0})
            own["runs"] += 1
            own["detected"] += bool(alarms(row))
            own["diagnosed"] += _diagnosed(row)
    return dict(sorted(found.items()))


def _of_new_families(rows: Sequence[Row]) -> dict[str, Any]:
    """The reserve's faults of which no relative stands in the development half, whether or not that was run."""
    from manifest import cases

    known = {case.family for case in cases() if case.half == "development"}
    own = [row for row in rows if row["half"] == "reserve" and row["kind"] == "faulty" and row["family"] not in known]
    return {name: _share(own, hit) for name, (kind, hit) in MEASURES.items() if kind == "faulty"} if own else {}


def _cost(rows: Sequence[Row]) -> dict[str, Any]:
    """Watched beside bare: processor time, and whether the script printed the same, the digest of its weights too."""
    pairs = [row for row in rows if "bare" in row]
    timed = [row for row in pairs if row["cpu"] is not None and row["bare"]["cpu"]]
    spent = [float(row["provenance"].get("spent", math.nan)) for row in timed]
    return {
        "scripts": len(pairs),
        "printed the same": sum(row["bare"]["same"] for row in pairs),
        "differed": sorted(row["case"] for row in pairs if not row["bare"]["same"]),
        "bare seconds": statistics.median(row["bare"]["cpu"] for row in timed) if timed else None,
        "more seconds, probes at the end included": (
            statistics.median(row["cpu"] - row["bare"]["cpu"] for row in timed) if timed else None
        ),
        "of which looking": statistics.median(spent) if timed else None,
    }


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
    for name, one in found["reserve, faults without a relative in the development half"].items():
        lines.append(
            f"reserve, unknown kind of fault: {name:20s} {100 * one['share']:5.1f} %  {one['programs']} programs"
        )
    cost = found["cost"]
    if cost["bare seconds"] is not None:
        lines.append(
            f"cost: {cost['more seconds, probes at the end included']:.2f} s of processor time a script, probes"
            f" included ({cost['of which looking']:.2f} s looking); a script takes {cost['bare seconds']:.2f} s bare"
        )
    lines.append(f"no trace: {cost['printed the same']} of {cost['scripts']} scripts printed the same as bare")
    return "\n".join(lines)
