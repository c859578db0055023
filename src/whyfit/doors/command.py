"""What the command line does behind its arguments: run a door, draw its report, decide the exit code."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO

from whyfit.doors.study_door import Wishes, examined, planned
from whyfit.doors.voice import Silence, Speech, Voice
from whyfit.errors import ArgumentError, all_together
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
    export: Path | None,
    language: Language,
    fail_on: str | None,
    quiet: bool,
) -> int:
    """Run a checkup and write what was asked for; the exit code."""
    _check_places(json, html, inputs=(source, wishes.against, wishes.model, wishes.recipe, wishes.study))
    voice: Voice = Silence()
    if not quiet:
        voice = Speech(language)
    if export is not None:
        from whyfit.training.export.script import hold_place  # noqa: PLC0415  # loads what exports

        hold_place(export)
    if plan:
        print_plan(planned(source, wishes, voice), language)
        return 0
    with redirect_stdout(sys.stderr):  # what a user's network prints is no part of the report
        report, way_out = examined(source, wishes, voice)
    write(report, json=json, html=html, language=language, quiet=quiet)
    if export is not None and not report.interrupted:
        with redirect_stdout(sys.stderr):
            way_out(export)
        _say_where(None, export, language)
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
    from whyfit.doors.watch_live import to_standard_error  # noqa: PLC0415

    if json == STANDARD_OUTPUT:
        advice = "Give a file: standard output belongs to the script."
        raise ArgumentError("`--json -` has no meaning in `watch`.", advice=advice)
    _check_places(json, html)
    say = None if quiet else to_standard_error(language)
    report, code = watch_script(script, WatchOptions(overhead=overhead, command=command, say=say))
    with suppress(OSError):  # a standard error that is full or gone: the script's own code is what counts
        write(report, json=json, html=html, language=language, quiet=quiet, screen=sys.stderr)
    return code or exit_code(report, fail_on)


def run_follow(journal: list[str], *, language: Language) -> int:
    """Draw the live panel of a script that is being watched elsewhere."""
    from whyfit.doors.watch_follow import follow  # noqa: PLC0415  # only one of the doors is opened

    if len(journal) > 1:
        raise ArgumentError("`--follow` takes one journal.", advice="whyfit watch --follow, or --follow JOURNAL.")
    return follow(journal[0] if journal else None, language)


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
    lost = []
    if json is not None and json != STANDARD_OUTPUT:
        lost += _kept(Path(json), text)
    if html is not None:
        lost += _kept(html, to_html(document, language))
    recipe = recipe_place(json, html) if document.recommended and document.recommended.toml else None
    if recipe is not None and document.recommended is not None:
        lost += _kept(recipe, document.recommended.toml or "")
    if json == STANDARD_OUTPUT:
        sys.stdout.write(text)
    elif not quiet:
        print_report(document, language, screen or sys.stdout)
        _say_where(json, html, language, recipe)
    if lost:
        raise ArgumentError(all_together(lost), advice="The report above is whole; give a place that can be written.")


def recipe_place(json: str | None, html: Path | None) -> Path | None:
    """Where the recommended recipe goes: beside the report, with its name; None where no report is written.

    Examples
    --------
    >>> recipe_place("-", Path("out/report.html")).as_posix()
    'out/report.recipe.toml'
    """
    beside = html or (Path(json) if json not in (None, STANDARD_OUTPUT) else None)
    return None if beside is None else beside.with_suffix(".recipe.toml")


def _kept(path: Path, text: str) -> list[str]:
    """Write a file; what went wrong, if anything did: the report is still to be shown on the screen."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        return [f"{path} could not be written ({error.strerror})."]
    return []


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
    facts: dict[str, Any] = {
        "networks": total,
        "folds": forecast.folds,
        "workers": forecast.workers,
        "seconds": forecast.seconds,
    }
    facts |= {"engine": forecast.engine, "why": words.term(forecast.why_engine)}
    others = [f"{engine} ({words.term(why)})" for engine, why in forecast.not_taken.items()]
    rest = [words.label("plan_not_taken", engines=", ".join(others))] if others else []
    sys.stdout.write("\n".join([*lines, words.label("plan", **facts), *rest]) + "\n")


def _say_where(json: str | None, html: Path | None, language: Language, recipe: Path | None = None) -> None:
    from whyfit.text.words import words_in  # noqa: PLC0415

    for path in filter(None, (html, json, recipe)):
        sys.stderr.write(words_in(language).label("written", path=str(path)) + "\n")


def _check_places(json: str | None, html: Path | None, inputs: tuple[Any, ...] = ()) -> None:
    """Refuse a place that cannot be written to, or holds what is read, before anything is trained for it."""
    read = {Path(str(one).partition(":")[0]).resolve() for one in inputs if isinstance(one, str | Path)}
    recipe = recipe_place(json, html)
    named = (("--json", json if json != STANDARD_OUTPUT else None), ("--html", html))
    for option, place in (*named, ("--html" if html else "--json", recipe)):
        if place is None:
            continue
        path = Path(place).resolve()
        if path in read:
            raise ArgumentError(f"`{option}` would overwrite {place}, which is read.", advice="Give another file name.")
        if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
            raise ArgumentError(
                f"`{option}` cannot be written: the folder of {place} does not exist or is read-only, or it is one.",
                advice="Create the folder first, or give another file name.",
            )
