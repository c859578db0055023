"""The report in a notebook's cell: verdict and findings, without a script, so that it shows in untrusted ones too."""

from __future__ import annotations

from whyfit.report.document import Document
from whyfit.report.phrases import effort, head_facts, words_of
from whyfit.report.templates import template
from whyfit.report.verdict import verdict
from whyfit.text import Language, words_in
from whyfit.text.names import plain_name


def fragment_of(document: Document, language: Language = "en") -> str:
    """A few lines of HTML, every outside string escaped."""
    words = words_in(language)
    findings = [
        (
            finding.severity.value,
            words.label(f"severity_{finding.severity.value}"),
            words_of(finding, document, words).summary,
            plain_name(finding.code),
        )
        for finding in document.findings
    ]
    return template("fragment.html.jinja").render(
        document=document,
        label=words.label,
        facts=head_facts(document, words),
        effort=effort(document, words),
        verdict=verdict(document, words),
        findings=findings,
    )
