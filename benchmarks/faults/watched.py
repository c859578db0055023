"""Run one script watched, as `whyfit watch` does, and write what was found: `watched.py FINDINGS.json SCRIPT ARGS`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from host import LIMIT, plain


def by_the_door(name: str, source: str, seed: int, *, watched: bool) -> dict[str, Any]:
    """One script in an interpreter of its own; in the form of a host's reply."""
    with tempfile.TemporaryDirectory(prefix="whyfit-fault-") as folder:
        script, found = Path(folder) / f"{name}.py", Path(folder) / "found.json"
        script.write_text(source, encoding="utf-8")
        own = [str(Path(__file__)), str(found)] if watched else []
        try:
            done = subprocess.run(
                [sys.executable, *own, str(script), str(seed)],
                capture_output=True,
                text=True,
                timeout=LIMIT,
                check=False,
            )
            code, said = done.returncode, done.stdout
        except subprocess.TimeoutExpired:
            code, said = -1, ""
        report = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {"findings": [], "provenance": {}}
    return {"exit": code, "cpu": None, "said": said[-4000:], **report}


def main() -> int:
    from whyfit.doors.watch_door import WatchOptions, watch_script

    place, *arguments = sys.argv[1:]
    report, code = watch_script(arguments, WatchOptions())
    Path(place).write_text(json.dumps(plain(report)), encoding="utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
