"""How a finding, a recipe and an outcome show themselves in a notebook.

These types know nothing of words or HTML, so a notebook is told how to draw them: `show_in_notebooks` hands IPython a
drawing for each. Without IPython it does nothing, and it never imports IPython itself. A notebook has no `--lang`, so
the words are those of the locale.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from whyfit.evidence.finding import Finding
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.report.templates import template
from whyfit.text import Words, preferred_language, words_in
from whyfit.text.names import plain_name

FIELD = 200
"""Characters of a value: more than any field of a recipe has."""


def words_here() -> Words:
    """The words of the locale that the notebook runs in."""
    return words_in(preferred_language(os.environ))


def finding_html(finding: Finding) -> str:
    """Its summary, cause and remedy, then its numbers."""
    words = words_here()
    where = finding.where.plain() if finding.where else {}
    said = words.finding(finding.code, {**where, **finding.numbers})
    title = f"{words.label(f'severity_{finding.severity.value}')}: {said.summary if said else finding.code}"
    prose = [(words.label("cause"), said.cause), (words.label("remedy"), said.remedy)] if said else []
    numbers = [
        (words.number_name(name), words.value(name, None, value, finding.numbers))
        for name, value in finding.numbers.items()
    ]
    return _table(title, [*((name, text) for name, text in prose if text), *numbers])


def recipe_html(recipe: Recipe) -> str:
    """What it changes against the default recipe, or that it changes nothing."""
    words = words_here()
    changes = recipe.differences(Recipe())
    rows = [(name, plain_name(value, FIELD)) for name, value in changes.items()]
    return _table(words.label("shown_recipe"), rows or [("", words.label("shown_default"))])


def outcome_html(outcome: Outcome) -> str:
    """What became of the network, and how good it was at the end."""
    final, words = outcome.final, words_here()
    ended = outcome.status if outcome.reason is None else f"{outcome.status} ({outcome.reason})"
    facts: dict[str, Any] = {
        words.label("shown_status"): ended,
        words.label("shown_kept_epoch"): words.label(
            "shown_epoch_of", kept=outcome.best_epoch, stopped=outcome.stopped_epoch
        ),
        words.label("shown_training_loss"): final.train_loss,
        words.label("shown_unseen_loss"): final.score_loss,
        words.label("shown_unseen_error"): final.score_error,
        words.label("shown_engine"): outcome.engine,
        words.label("shown_seconds"): outcome.seconds,
    }
    return _table(
        words.label("shown_outcome"), [(name, words.value(name, None, value)) for name, value in facts.items()]
    )


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    return template("table.html.jinja").render(title=title, rows=rows)


DRAWINGS: dict[type, Callable[[Any], str]] = {Finding: finding_html, Recipe: recipe_html, Outcome: outcome_html}


def show_in_notebooks() -> bool:
    """Tell a running notebook how to draw our types; whether there was one to tell."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return False
    formatter = shell.display_formatter.formatters["text/html"]
    for kind, drawing in DRAWINGS.items():
        formatter.for_type(kind, drawing)
    return True
