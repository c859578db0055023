"""What the command line does behind its arguments: run a door, draw its report, decide the exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

from whyfit.doors.study_door import Wishes, checkup, planned
from whyfit.doors.voice import Silence, Speech, Voice
from whyfit.errors import ArgumentError
from whyfit.evidence.finding import Severity
from whyfit.evidence.report import Report
from whyfit.study.study import Forecast
from whyfit.text.language import Language

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
REACHED = 1
"""A finding reached `--fail-on`."""
STANDARD_OUTPUT = "-"


def run_checkup(
    source: str | None,
    wishes: Wishes,
    *,
    plan: bool,
    json: str | None,
    html: Path | None,
    language: Language,
    fail_on: str | None,
    quiet: bool,
) -> int:
    """Run a checkup and write what was asked for; the exit code."""
    _check_places(json, html)
    voice: Voice = Silence()
    if not quiet:
        voice = Speech(language)
    if plan:
        print_plan(planned(source, wishes, voice), language)
        return 0
    report = checkup(source, wishes, voice)
    write(report, json=json, html=html, language=language, quiet=quiet)
    return exit_code(report, fail_on)


def run_watch(
    script: list[str],
    *,
    json: str | None,
    html: Path | None,
    language: Language,
    overhead: float,
    fail_on: str | None,
    quiet: bool,
    command: str,
) -> int:
    """Watch a script and write what was asked for; its own non-zero exit code wins."""
    from whyfit.doors.watch_door import WatchOptions, watch_script  # noqa: PLC0415  # only one of the doors is opened

    if json == STANDARD_OUTPUT:
        advice = "Give a file: standard output belongs to the script."
        raise ArgumentError("`--json -` has no meaning in `watch`.", advice=advice)
    _check_places(json, html)
    report, code = watch_script(script, WatchOptions(overhead=overhead, command=command))
    write(report, json=json, html=html, language=language, quiet=quiet, screen=sys.stderr)
    return code or exit_code(report, fail_on)


def write(
    report: Report,
    *,
    json: str | None,
    html: Path | None,
    language: Language,
    quiet: bool,
    screen: TextIO | None = None,
) -> None:
    """Draw a report wherever it was asked for: files first, so that a broken pipe on the screen costs nothing."""
    from whyfit.report.compose import document_of  # noqa: PLC0415  # pydantic, and only after the study
    from whyfit.report.html import to_html  # noqa: PLC0415
    from whyfit.report.terminal import print_report  # noqa: PLC0415

    document = document_of(report)
    text = document.model_dump_json(indent=2) + "\n"
    if json is not None and json != STANDARD_OUTPUT:
        Path(json).write_text(text, encoding="utf-8")
    if html is not None:
        html.write_text(to_html(document, language), encoding="utf-8")
    if json == STANDARD_OUTPUT:
        sys.stdout.write(text)
    elif not quiet:
        print_report(document, language, screen or sys.stdout)
        _say_where(json, html, language)


def run_draw(report: Path, *, html: Path | None, language: Language) -> int:
    """Draw a stored report: on the screen, and as HTML where asked for."""
    from whyfit.report.html import to_html  # noqa: PLC0415
    from whyfit.report.read import read_document  # noqa: PLC0415
    from whyfit.report.terminal import print_report  # noqa: PLC0415

    _check_places(None, html)
    document = read_document(report)
    if html is not None:
        html.write_text(to_html(document, language), encoding="utf-8")
    print_report(document, language, sys.stdout)
    _say_where(None, html, language)
    return 0


def run_compare(before: Path, after: Path, *, language: Language) -> int:
    """Print what changed between two stored reports; 1 when something got worse beyond chance."""
    from whyfit.report.compare_terminal import compare_files  # noqa: PLC0415

    return REACHED if compare_files(before, after, language, sys.stdout) else 0


def exit_code(report: Report, fail_on: str | None) -> int:
    """130 after an interruption, 1 when a finding is as severe as asked, else 0."""
    if report.interrupted:
        return INTERRUPTED
    return REACHED if fail_on is not None and report.reaches(Severity(fail_on)) else 0


def print_plan(forecast: Forecast, language: Language) -> None:
    """What would be trained, a line an arm, and the whole."""
    from whyfit.text.words import words_in  # noqa: PLC0415

    words = words_in(language)
    lines = [f"  {count:>6}  {words.term(name)}" for name, count in forecast.networks.items()]
    total = sum(forecast.networks.values())
    facts = {"networks": total, "folds": forecast.folds, "workers": forecast.workers, "seconds": forecast.seconds}
    sys.stdout.write("\n".join([*lines, words.label("plan", **facts)]) + "\n")


def _say_where(json: str | None, html: Path | None, language: Language) -> None:
    from whyfit.text.words import words_in  # noqa: PLC0415

    for path in filter(None, (html, json)):
        sys.stderr.write(words_in(language).label("written", path=str(path)) + "\n")


def _check_places(json: str | None, html: Path | None) -> None:
    """Refuse a place that cannot be written to before anything is trained for it."""
    places = [("--json", json if json != STANDARD_OUTPUT else None), ("--html", html)]
    for option, place in places:
        if place is None:
            continue
        folder = Path(place).resolve().parent
        if not folder.is_dir() or Path(place).is_dir():
            raise ArgumentError(
                f"`{option}` cannot be written: {place} is in no existing folder, or is one.",
                advice="Create the folder first, or give another file name.",
            )
