"""The published page of the fault benchmark, written from its JSON alone: `page.py results.json RESULTS.md`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TITLES = {"development": "Development programs", "reserve": "The reserve"}
HEADER = "| measure | share | 95 % interval | programs | runs |\n|---|---|---|---|---|"
REFERENCES = """\
For comparison, as published, each on its own programs: DeepFD detects 90 % and diagnoses 52 % of 52; DEFault 94 % and
64 %; DeepDiagnosis alarms at 36 % of 188 normal models.
"""


def page(found: dict[str, Any]) -> str:
    """All figures, whatever they are."""
    versions = ", ".join(f"{name} {value}" for name, value in found["versions"].items())
    code = "; ".join(f"{half} {', '.join(of)}" for half, of in found["code"].items())
    lines = [
        "# Results of the fault benchmark",
        "",
        f"Written by `benchmarks/faults/page.py` from `results.json`: {found['date']}, {found['machine']}, {versions};",
        f"digests of what found and judged: {code}.",
        "What is measured, and what the sets are, stands in [README.md](README.md). Thresholds are set on development",
        "programs alone; the reserve is the figure.",
        "",
    ]
    for half, measures in found["figures"].items():
        lines += [f"## {TITLES[half]}", "", HEADER, *(_line(name, one) for name, one in measures.items()), ""]
    lines += ["## Aims on the reserve", "", *_aims(found), "", *_rest(found), REFERENCES]
    return "\n".join(lines)


def _line(name: str, one: dict[str, Any]) -> str:
    return (
        f"| {name} | {100 * one['share']:.1f} % | {100 * one['low']:.1f} to {100 * one['high']:.1f} "
        f"| {one['programs']} | {one['runs'] or ''} |"
    )


def _aims(found: dict[str, Any]) -> list[str]:
    reserve = found["figures"].get("reserve")
    if reserve is None:
        return ["The reserve was not run."]
    lines = [
        f"- {name}: {100 * reserve[name]['share']:.1f} %, aim {100 * aim:.0f} %: "
        f"{'met' if reserve[name]['share'] >= aim else 'NOT met'}"
        for name, aim in found["aims"].items()
    ]
    alarmed = reserve["alarmed in any seed"]
    count = round(alarmed["share"] * alarmed["programs"])
    lines.append(
        f"- no false alarm on at least 75 healthy programs: {count} of {alarmed['programs']} were alarmed at in one of"
        f" their seeds or more: {'met' if not count and alarmed['programs'] >= 75 else 'NOT met'}"
    )
    gone = reserve["twin: the finding is gone"]["share"]
    return [
        *lines,
        f"- the finding is gone on every fixed twin: {100 * gone:.1f} %: {'met' if gone == 1 else 'NOT met'}",
    ]


def _rest(found: dict[str, Any]) -> list[str]:
    cost = found["cost"]
    lines = []
    for half, questions in found["diagnosis by question"].items():
        lines += [f"## Diagnosis by the most direct question: {half}", "", HEADER.replace("measure", "question")]
        lines += [*(_line(name, one) for name, one in questions.items()), ""]
    lines += ["## New kinds of faults, and cost", ""]
    new = found["reserve, faults without a relative in the development half"]
    if new:
        parts = [f"{name} {100 * one['share']:.1f} %" for name, one in new.items()]
        lines.append(
            f"- Reserve programs whose kind of fault stands nowhere among development programs"
            f" ({next(iter(new.values()))['programs']}): {', '.join(parts)}."
        )
    if cost["bare seconds"] is not None:
        lines.append(
            f"- Processor time, medians over {cost['scripts']} scripts that were run both ways: bare"
            f" {cost['bare seconds']:.2f} s, watched {cost['more seconds, probes at the end included']:.2f} s more"
            f" (looking {cost['of which looking']:.2f} s, the rest is attaching and the probes at the end). Scripts"
            " this short spend what is free for every run; `overhead.py` measures long ones."
        )
    lines.append(f"- {cost['printed the same']} of {cost['scripts']} printed the same, digest of weights included.")
    for title, name in (("Alarms at healthy programs", "alarms_in_healthy"), ("Alarms at twins", "alarms_in_twins")):
        lines += ["", f"## {title}", "", *_alarmed(found[name])]
    lines += ["", "## Faults not diagnosed in every run", "", *_kinds(found["by fault"])]
    return [*lines, "", "Their programs:", "", *(f"- {name}" for name in found["missed"]), ""]


def _kinds(found: dict[str, dict[str, dict[str, int]]]) -> list[str]:
    """The least diagnosed first."""
    lines = ["| fault | runs | something found | the right question |", "|---|---|---|---|"]
    for own in found.values():
        missed = {name: one for name, one in own.items() if one["diagnosed"] < one["runs"]}
        for name, one in sorted(missed.items(), key=lambda pair: pair[1]["diagnosed"] / pair[1]["runs"]):
            lines.append(f"| {name} | {one['runs']} | {one['detected']} | {one['diagnosed']} |")
    return lines


def _alarmed(alarms: dict[str, list[str]]) -> list[str]:
    return [f"- {name}: {', '.join(codes)}" for name, codes in alarms.items()] or ["None."]


def main() -> int:
    source, target = map(Path, sys.argv[1:3])
    target.write_text(page(json.loads(source.read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
