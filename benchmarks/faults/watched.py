"""Run one script watched, as `whyfit watch` does, and write what was found: `watched.py FINDINGS.json SCRIPT ARGS`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from whyfit.doors.watch_door import WatchOptions, watch_script


def main() -> int:
    place, *arguments = sys.argv[1:]
    report, code = watch_script(arguments, WatchOptions())
    found = [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "numbers": {name: str(value) for name, value in finding.numbers.items()},
            "because": finding.because,
        }
        for finding in report.findings
    ]
    Path(place).write_text(json.dumps({"findings": found, "provenance": dict(report.provenance)}), encoding="utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
