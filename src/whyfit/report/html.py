"""The report as one HTML file: nothing is loaded, nothing from outside is markup, nothing is evaluated.

The head carries a content security policy that allows the one style and the one script of ours by their digests, and
nothing else: no network, no evaluation, no attribute handlers. So even a string that escaped escaping could do nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from whyfit.report.document import Document
from whyfit.report.gauge import gauge_of
from whyfit.report.page import page_of
from whyfit.report.phrases import (
    bracket,
    effort,
    estimand_of,
    head_facts,
    others_of,
    recipe_lines,
    recipe_said,
    recipe_title,
    told,
)
from whyfit.report.provenance import provenance_of
from whyfit.report.templates import as_it_stands, asset, template
from whyfit.report.verdict import verdict
from whyfit.text import Language, Words, words_in
from whyfit.text.names import plain_name

if TYPE_CHECKING:
    from markupsafe import Markup

HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def to_html(document: Document, language: Language = "en") -> str:
    """The report as one self-contained HTML page."""
    words = words_in(language)
    page = page_of(document, words)
    style, script = asset("page.css"), asset("page.js")
    return template("report.html.jinja").render(
        document=document,
        page=page,
        label=words.label,
        html_lang=HTML_LANGUAGES[language],
        policy=as_it_stands(_policy(style, script)),
        style=as_it_stands(style),
        script=as_it_stands(script),
        charts=json_for_script(page.charts),
        licences=asset("page.licences.txt"),
        source=_source(document),
        facts=head_facts(document, words)[1 if document.data.source else 0 :],
        effort=effort(document, words),
        told=told(document, words),
        verdict=verdict(document, words),
        score=_score(document, words),
        gauge=gauge_of(document, words),
        provenance=provenance_of(document, words),
        recipe_title=recipe_title(document, words),
        recipe_said=recipe_said(document, words),
        others=others_of(document, words),
        recipe=recipe_lines(document),
    )


def json_for_script(value: Any) -> Markup:
    r"""JSON that cannot end the script element it stands in, whatever it holds.

    Examples
    --------
    >>> print(json_for_script("</script>"))
    "\u003c/script\u003e"
    """
    from markupsafe import Markup  # noqa: PLC0415

    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # nothing is left in it that HTML would read


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _score(document: Document, words: Words) -> dict[str, str] | None:
    score = document.score
    if score is None:
        return None
    return {
        "mean": words.metric(score.mean, score.metric),
        "metric": words.term(score.metric),
        "bracket": bracket(document, words),
        "baseline": words.label("baseline_line", baseline=words.metric(score.baseline, score.metric)),
        "estimand": estimand_of(document, words),
    }


def _source(document: Document) -> str:
    """What was examined: the data, or the script that was watched."""
    if document.data.source or document.door != "watch":
        return plain_name(document.data.source or "")
    command = str(document.provenance.get("command") or "")
    scripts = [word for word in command.split() if word.endswith(".py")]
    return plain_name(scripts[0] if scripts else command)
