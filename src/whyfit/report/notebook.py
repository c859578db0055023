"""How a finding, a recipe and an outcome show themselves in a notebook.

These types know nothing of words or HTML, so a notebook is told how to draw them: `show_in_notebooks` hands IPython a
drawing for each. Without IPython it does nothing, and it never imports IPython itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from whyfit.evidence.finding import Finding
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.report.templates import template
from whyfit.text import words_in
from whyfit.text.names import plain_name

FIELD = 200
"""Characters of a value: more than any field of a recipe has."""


def finding_html(finding: Finding) -> str:
    """Its summary, cause and remedy, then its numbers."""
    words = words_in("en")
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
    changes = recipe.differences(Recipe())
    return _table("Recipe", [(name, plain_name(value, FIELD)) for name, value in changes.items()] or [("", "default")])


def outcome_html(outcome: Outcome) -> str:
    """What became of the network, and how good it was at the end."""
    final = outcome.final
    facts: dict[str, Any] = {
        "status": outcome.status if outcome.reason is None else f"{outcome.status} ({outcome.reason})",
        "kept epoch": f"{outcome.best_epoch} of {outcome.stopped_epoch}",
        "training loss": final.train_loss,
        "unseen loss": final.score_loss,
        "unseen error": final.score_error,
        "engine": outcome.engine,
        "seconds": outcome.seconds,
    }
    words = words_in("en")
    return _table("Outcome", [(name, words.value(name, None, value)) for name, value in facts.items()])


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
