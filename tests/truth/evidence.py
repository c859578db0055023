"""The evidence file: what was claimed, what came out, and the code, versions and day that it holds for."""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from truth.carried import Carried
from truth.digest import ROOT, code_digest

PLACE = ROOT / "docs" / "evidence"

FIELDS = {
    "claim": str,
    "states": str,
    "date": str,
    "met": bool,
    "rules": list,
    "figures": dict,
    "settings": dict,
    "not_run": list,
    "seconds": float,
    "versions": dict,
    "machine": dict,
    "code": dict,
}
"""The fields of an evidence file and their types."""

HEAD = """# Evidence

What was shown by long simulation, written by `make truth`: each file holds for the code whose digest it names. A claim
that is not met stands here as such. `python tests/truth --list` tells which evidence is older than the code. After an
edit that left a claim's numbers as they were a fifth of its chunks, some of every kind, is run again; where one number
differs all are.
"""

RULE_FIELDS = {"rule", "value", "bound", "met"}

PACKAGES = ("whyfit", "numpy", "scipy", "numba", "scikit-learn")


@dataclass(frozen=True)
class Rule:
    """One thing that must hold: its value, its bound in words, and whether it does."""

    rule: str
    value: float
    bound: str
    met: bool


@dataclass(frozen=True)
class Result:
    """What a claim came to: its rules, its figures, and what was left out, in words."""

    rules: tuple[Rule, ...]
    figures: Mapping[str, Any]
    not_run: tuple[str, ...] = field(default=())


def at_least(rule: str, value: float, bound: float) -> Rule:
    """A rule that a value must reach."""
    return Rule(rule, value, f"at least {bound:g}", bool(value >= bound))


def at_most(rule: str, value: float, bound: float) -> Rule:
    """A rule that a value must not pass."""
    return Rule(rule, value, f"at most {bound:g}", bool(value <= bound))


def between(rule: str, value: float, low: float, high: float) -> Rule:
    """A rule that a value must lie within."""
    return Rule(rule, value, f"from {low:g} to {high:g}", bool(low <= value <= high))


def write(
    claim: Any, result: Result, digest: str, seconds: float, place: Path = PLACE, carried: Carried | None = None
) -> dict[str, Any]:
    """Write the evidence of a claim, for the code that it was begun with; returns what was written."""
    document = {
        "claim": claim.name,
        "states": claim.states,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "met": all(rule.met for rule in result.rules),
        "rules": [asdict(rule) for rule in result.rules],
        "figures": dict(result.figures),
        "settings": dict(claim.settings),
        "not_run": list(result.not_run),
        "seconds": round(seconds, 1),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"processor": platform.machine(), "system": platform.system()},
        "code": {"files": sorted(claim.files), "digest": digest},
    }
    if carried is not None:
        document["carried"] = carried.plain()
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(document), indent=1, ensure_ascii=False) + "\n"
    place.joinpath(f"{claim.name}.json").write_text(text, encoding="utf-8")
    place.joinpath("README.md").write_text(index_of(place), encoding="utf-8")
    return document


def index_of(place: Path = PLACE) -> str:
    """The page that lists all evidence with its rules."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(place.glob("*.json"))]
    return HEAD + "".join(_entry(document) for document in documents)


def _entry(document: Mapping[str, Any]) -> str:
    rows = "".join(
        f"| {rule['rule']} | {rule['value']:.4g} | {rule['bound']} | {'yes' if rule['met'] else '**no**'} |\n"
        for rule in document["rules"]
    )
    left = "; ".join(document["not_run"]) or "nothing"
    return (
        f"\n## {document['claim']}\n\n{document['states']}\n\n"
        f"{document['date']}, code {document['code']['digest']}, not run: {left}.{_taken_over(document)}\n\n"
        f"| rule | value | bound | met |\n|---|---|---|---|\n{rows}"
    )


def _taken_over(document: Mapping[str, Any]) -> str:
    """What is said where chunks of older code were taken over."""
    carried = document.get("carried")
    if carried is None:
        return ""
    return (
        f" {carried['again']} of {carried['of']} chunks were run with this code; the others are those of code"
        f" {carried['code']}, which gave the same where both ran."
    )


def is_stale(document: Mapping[str, Any]) -> bool:
    """Whether the code that an evidence file holds for has changed since."""
    files = document["code"]["files"]
    return not all((ROOT / name).is_file() for name in files) or code_digest(files) != document["code"]["digest"]


def _rounded(value: Any) -> Any:
    """Five significant digits: more would be noise, and a file of noise cannot be compared."""
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value
