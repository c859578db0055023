"""Numbers in the docs that come from evidence: where they stand, and how they are brought up to date.

In the docs: `<!-- evidence: NAME/figures::a::b -->95.4 %<!-- /evidence -->`, the path into the file with `::` between
its steps; a rule is named: `rules::mean coverage::value`. A number is said as it is or in percent, to as many digits as
one likes.
"""

import json
import re
from pathlib import Path
from typing import Any

from truth.digest import ROOT
from truth.evidence import PLACE

MARK = re.compile(r"<!-- evidence: ([\w-]+)/([^>]*?) -->(.*?)<!-- /evidence -->", re.DOTALL)
NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})*(?:\.\d+)?")


def pages() -> list[Path]:
    """Every page that may hold marks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def marked(text: str) -> list[tuple[str, str, str]]:
    """(evidence, path into it, what is said) of every marked number."""
    return [(name, place.strip(), said) for name, place, said in MARK.findall(text)]


def value_at(name: str, place: str) -> float:
    """The number in the evidence."""
    value: Any = json.loads((PLACE / f"{name}.json").read_text(encoding="utf-8"))
    for step in place.split("::"):
        value = value[step] if isinstance(value, dict) else value[int(step)] if step.isdigit() else _rule(value, step)
    return float(value)


def _rule(rules: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """By its name: its place among the rules changes when a claim gets another one."""
    return {rule["rule"]: rule for rule in rules}[name]


def said_as(said: str, value: float) -> str:
    """The value in the words of what is said: same unit, same digits."""
    number = NUMBER.search(said)
    if number is None:
        raise ValueError(f"no number in {said!r}")
    places = len(number.group().partition(".")[2])
    scaled = 100.0 * value if "%" in said else value
    return said[: number.start()] + f"{scaled:.{places}f}".replace("-", "−") + said[number.end() :]


def refreshed(text: str) -> str:
    """The text with every marked number as the evidence has it now."""

    def renew(match: re.Match[str]) -> str:
        name, place, said = match.groups()
        return f"<!-- evidence: {name}/{place} -->{said_as(said, value_at(name, place.strip()))}<!-- /evidence -->"

    return MARK.sub(renew, text)
