"""Run every benchmark and write benchmarks/RESULTS.md: `make bench`, or `python benchmarks/all.py --quick`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OTHERS = {
    "all.py",
    "common.py",
    "contest.py",
    "decomposition_peer.py",
    "floor.py",
    "search_data.py",
    "search_peer.py",
    "ours.py",
    "peer_worker.py",
    "peers.py",
}
"""Files here that are no benchmark."""

UNITS = """Below the ratios stands what they were made of, where it was
kept: microseconds a step and network, in `scaling` seconds of a population, unless a name says otherwise."""
"""Of the figures that the benchmarks keep."""


def main() -> int:
    """Run them one after the other; 1 where one broke or did not meet its aims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter runs, wider spread")
    arguments = parser.parse_args()
    names = sorted(path.stem for path in HERE.glob("*.py") if path.name not in OTHERS)
    results = [_run(name, quick=arguments.quick) for name in names]
    (HERE / "RESULTS.md").write_text(_page(results), encoding="utf-8")
    return 0 if all(result.get("met") or "not_run" in result for result in results) else 1


def _run(name: str, *, quick: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        command = [sys.executable, str(HERE / f"{name}.py"), "--json", str(out), *(["--quick"] if quick else [])]
        code = subprocess.run(command, check=False).returncode
        if not out.exists():
            return {"benchmark": name, "broke": code, "met": False}
        result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return result


def _page(results: list[dict[str, Any]]) -> str:
    lines = ["# Results of the benchmarks", "", f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. {UNITS}", ""]
    for result in results:
        lines += _section(result)
    return "\n".join(lines)


def _absent(absent: dict[str, str] | list[str] | str | None) -> list[str]:
    """What was not there: by name with its reason, by name alone, or in words."""
    if isinstance(absent, dict):
        return [f"{name}: {why}" for name, why in absent.items()]
    return [absent] if isinstance(absent, str) else absent or []


def _section(result: dict[str, Any]) -> list[str]:
    if "broke" in result:
        return [f"## {result['benchmark']}", "", f"Did not finish (exit code {result['broke']}).", ""]
    if "not_run" in result:
        return [f"## {result['benchmark']}", "", f"Not run: {result['not_run']}.", ""]
    said = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    rows = [
        f"| {name} | {ratio['median']:.3g} | {ratio['low']:.3g} to {ratio['high']:.3g} | {_aim(result, name)} |"
        for name, ratio in result["ratios"].items()
    ]
    table = ["| ratio | median | spread | aim |", "|---|---|---|---|", *rows] if rows else []
    met = "met" if result["met"] else "NOT met"
    apart = [f"Stated apart: {name}: {why}." for name, why in result.get("apart", {}).items()]
    head = [f"## {result['benchmark']}: {met}", "", f"{_machine(result['machine'])}; {said}.", ""]
    apart += [f"Not beside it: {one}." for one in _absent(result.get("absent"))]
    ends = [line for said_apart in apart for line in (said_apart, "")]
    return [*head, *table, "", *_figures(result), *_networks(result), *ends]


def _machine(machine: Any) -> str:
    return machine if isinstance(machine, str) else ", ".join(f"{value}" for value in machine.values())


def _aim(result: dict[str, Any], name: str) -> str:
    """At least the aim, or at most the limit; empty for what is stated alone."""
    aim, limit = result["aims"].get(name), result.get("limits", {}).get(name)
    return f"at least {aim:.3g}" if aim is not None else f"at most {limit:.3g}" if limit is not None else ""


def _figures(result: dict[str, Any]) -> list[str]:
    """What the ratios were made of: median and spread of every side."""
    if not result.get("figures"):
        return []
    rows = [
        f"| {name} | {figure['median']:.4g} | {figure['low']:.4g} to {figure['high']:.4g} |"
        for name, figure in result["figures"].items()
    ]
    return ["| measured | median | spread |", "|---|---|---|", *rows, ""]


def _networks(result: dict[str, Any]) -> list[str]:
    """Whole networks a second of every side, where a benchmark counts them."""
    rows = [f"| {name} | {rate:.4g} |" for name, rate in result.get("networks_a_second", {}).items()]
    return [f"| networks of {result['epochs']} epochs | a second |", "|---|---|", *rows, ""] if rows else []


if __name__ == "__main__":
    raise SystemExit(main())
