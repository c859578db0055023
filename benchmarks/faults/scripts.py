"""A set of programs that stands as a folder of whole scripts, and its faults as edits of them.

A folder holds `NAME.py`, one script each, `floors.toml` with `NAME = floor` for every script, and, where the set has
faults, `faults.toml`::

    [[fault]]
    name = "rate_ten_times_too_high"
    of = "counts_with_little_signal"
    questions = ["optimizers", "gradients"]  # accepted ones, the most direct first
    old = "lr=0.01"
    new = "lr=0.1"

`old` stands exactly once in the script. Several edits are written `edits = [["old", "new"], ["old", "new"]]`. Two keys
more may stand there: `kin`, the name of the same fault in an earlier set, and `breaks = true` where it breaks what
holds for any sound program, whether or not its score shows it. The scripts are data: each is in a handwriting of its
own, and no formatter touches them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from case import SWITCH, Program
from loops import TAIL

PLACE = Path(__file__).parent
END = "\nimport hashlib\n" + TAIL
"""What each script is followed by: its score, and a digest of its final weights."""
KEYS = {"name", "of", "questions", "old", "new", "edits", "kin", "breaks"}


def programs(name: str, *, place: Path = PLACE) -> list[Program]:
    """Every healthy script of a set in the order of its floors, then its faults; none where there is no such folder.

    Raises
    ------
    ValueError
        Where scripts and floors are not of the same names, or a fault is not an edit of one of them.
    """
    folder = place / name
    if not folder.is_dir():
        return []
    floors = tomllib.loads((folder / "floors.toml").read_text(encoding="utf-8"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    if set(texts) != set(floors):
        raise ValueError(f"{folder}: a script without a floor, or the reverse: {sorted(set(texts) ^ set(floors))}")
    whole = {own: Program(f"{name}-{own}", texts[own] + END, floor=float(floors[own])) for own in floors}
    listed = folder / "faults.toml"
    faults = tomllib.loads(listed.read_text(encoding="utf-8"))["fault"] if listed.exists() else []
    return [*whole.values(), *(_faulty(fault, whole) for fault in faults)]


def _faulty(fault: dict[str, Any], whole: dict[str, Program]) -> Program:
    """The program of one fault; its twin is the healthy script, character for character."""
    strange = set(fault) - KEYS
    if strange or fault["of"] not in whole or not fault["questions"]:
        raise ValueError(f"fault {fault['name']}: of {fault['of']}, keys {sorted(strange)}, {fault['questions']}")
    healthy = whole[fault["of"]]
    edits = fault["edits"] if "edits" in fault else [[fault["old"], fault["new"]]]
    return replace(
        healthy,
        name=f"{fault['name']}-{healthy.name}",
        source=switched(healthy.source, edits, fault["name"]),
        questions=tuple(fault["questions"]),
        kin=fault.get("kin", ""),
        breaks=fault.get("breaks", False),
    )


def switched(text: str, edits: Sequence[Sequence[str]], name: str) -> str:
    """A script with a switch in each edited place.

    Examples
    --------
    >>> switched("opt.step()", [["step()", "zero_grad()"]], "step_forgotten")
    'opt.<<zero_grad()||step()>>'
    """
    marked = text
    for old, new in edits:
        if marked.count(old) != 1 or text.count(old) != 1:
            raise ValueError(f"fault {name}: {old!r} stands {text.count(old)} times in its script, expected once")
        marked = marked.replace(old, f"<<{new}||{old}>>")
    if SWITCH.sub(r"\2", marked) != text:
        raise ValueError(f"fault {name}: an edit holds signs of a switch, or two edits overlap")
    return marked
