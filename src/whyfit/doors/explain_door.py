"""The door `explain`: compute the answer to a question, draw it, and say by the exit code whether its checks hold."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from whyfit.errors import ArgumentError
from whyfit.explain.answers import explained
from whyfit.explain.asked import Value
from whyfit.report.explained.html import explanation_html
from whyfit.report.explained.latex import explanation_latex
from whyfit.report.explained.terminal import render_explanation
from whyfit.report.screen import write_to
from whyfit.text.language import Language
from whyfit.text.words import words_in

FAILED = 1
"""A check of the explanation does not hold: a number on it is wrong."""


def run_explain(
    question: str, given: Mapping[str, Value], *, html: Path | None, latex: Path | None, language: Language
) -> int:
    """Answer on the screen, and into the files that were asked for; 1 where a check does not hold."""
    for option, path in (("--html", html), ("--latex", latex)):
        if path is not None and (path.is_dir() or not path.resolve().parent.is_dir()):
            raise ArgumentError(
                f"`{option}` cannot be written: {path} is a folder, or its folder does not exist.",
                advice="Create the folder first, or give another file name.",
            )
    explanation = explained(question, given)
    drawings = ((html, explanation_html), (latex, explanation_latex))
    for path, drawing in drawings:
        if path is not None:
            _write(path, drawing(explanation, language))
    write_to(sys.stdout, render_explanation(explanation, language, colour=sys.stdout.isatty()))
    for path, _ in drawings:
        if path is not None:
            sys.stderr.write(words_in(language).label("written", path=str(path)) + "\n")
    return 0 if explanation.holds else FAILED


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArgumentError(f"{path} could not be written ({error.strerror}).", advice="Give another file.") from None
