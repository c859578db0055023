"""A small study on a cluster one of whose workers is killed, beside the same study at home."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from study.killing import report_of, what_must_agree
from whyfit.doors import study_door
from whyfit.doors.study_door import Wishes, prepared
from whyfit.doors.voice import Silence
from whyfit.report.compose import document_of

NET = """
import torch

def make(inputs, outputs):
    return torch.nn.Sequential(torch.nn.Linear(inputs, 8), torch.nn.ReLU(), torch.nn.Linear(8, outputs))
"""


def table_in(folder: Path) -> str:
    """A table of 80 rows."""
    rows = [f"{(i % 2) + 0.3 * ((i * 7) % 5):.2f},{i % 11},{'yes' if i % 2 else 'no'}" for i in range(80)]
    (folder / "t.csv").write_text("\n".join(["signal,other,answer", *rows]), encoding="utf-8")
    return str(folder / "t.csv")


def network_in(folder: Path) -> str:
    """A user's network."""
    (folder / "net.py").write_text(NET, encoding="utf-8")
    return f"{folder / 'net.py'}:make"


def report_on(
    backend: str, source: str | None, kill: Callable[[], None] | None = None, **wishes: Any
) -> dict[str, Any]:
    """The report of a study on that backend; `kill` is called once, when the first shard has landed."""
    deaths = [kill] if kill else []

    def listen(_: object) -> None:
        while deaths:
            deaths.pop()()

    with prepared(source, wanted := Wishes(backend=backend, **wishes), Silence()) as study:
        study.listen = listen
        study.run()
        document: dict[str, Any] = json.loads(document_of(study_door.report_of(study, wanted)).model_dump_json())
    assert not deaths, "nothing was killed: no shard landed"
    return document


def differences(
    backend: str, kill: Callable[[], None] | None, source: str | None, near: dict[str, Any] | None = None, **wishes: Any
) -> list[str]:
    """The parts of the report in which a study on a cluster differs from the one at home: none.

    `near` is what `at_home` gives for the same study, where it has run already.
    """
    far = what_must_agree(report_on(backend, source, kill, **wishes))
    near = at_home(source, **wishes) if near is None else near
    return [name for name in near if far.get(name) != near[name]]


def at_home(source: str | None, **wishes: Any) -> dict[str, Any]:
    """What must agree of the same study in a fresh process of this machine."""
    options = [word for name, value in wishes.items() for word in (f"--{name}", str(value))]
    with tempfile.TemporaryDirectory() as folder:
        return what_must_agree(report_of(Path(folder) / "near.db", [*([source] if source else []), *options]))
