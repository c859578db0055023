"""The parts of a page: each function gives one, in one language. Cells ask for them by `handbook.page`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from handbook.case import Case, Found, worked
from handbook.shown import HTML, Markdown
from whyfit.evidence.explanation import Explanation, Said
from whyfit.evidence.question import Question
from whyfit.explain.answers import explained
from whyfit.report.explained.html import explanation_body
from whyfit.text import Language, words_in
from whyfit.text.catalogue import entries, finding_codes, finding_entry
from whyfit.text.explained import ExplainWords

MARKS = "*_<>[]|$~#"
"""What Markdown would read."""
SAYS: dict[str, dict[str, str]] = {
    "en": {
        "found": "What whyfit says of the faulty run",
        "quiet": "The repaired run is silent on this.",
        "loud": "The repaired run still has this finding.",
        "head": "| | faulty | repaired | gain | 95 % interval | networks |",
        "row": "| {metric} | {faulty} | {repaired} | {gain} | {interval} | {networks} |",
        "nadeau_bengio": "On rows never seen; 5-fold, twice, the same folds for both; Nadeau and Bengio's interval.",
        "seeds": "On held-out rows; five seeds, the same for both; Student's t over seeds, one division of the rows.",
        "row_and_refit": "From one study; the interval is over rows and refits.",
        "none": "The score with copies on both sides, and with equal rows kept in one part, by two studies.",
        "code": "code",
        "says": "what it says",
        "remedy": "remedy",
    },
    "zh": {
        "found": "whyfit 对有问题的那次运行的说法",
        "quiet": "修复之后不再有这项发现。",
        "loud": "修复之后仍有这项发现。",
        "head": "| | 有问题 | 修复后 | 收益 | 95% 区间 | 网络数 |",
        "row": "| {metric} | {faulty} | {repaired} | {gain} | {interval} | {networks} |",
        "nadeau_bengio": "在训练中从未见过的行上；5 折做两遍，两者用相同的折；Nadeau 与 Bengio 的区间。",
        "seeds": "在留出的行上；五个种子，两者相同；对种子的学生 t 区间，行只划分一次。",
        "row_and_refit": "来自同一项研究；区间针对行与重训。",
        "none": "两项研究分别给出副本分在两边时与相同的行留在同一部分时的分数。",
        "code": "代码",
        "says": "含义",
        "remedy": "对策",
    },
}
"""The words around a case; all others are those of the package."""


@lru_cache(maxsize=12)
def _explained(question: str) -> Explanation:
    return explained(question, {})


def asks(question: str, lang: Language) -> Markdown:
    """The question, as the report asks it."""
    return Markdown(f"**{words_in(lang).asks(Question(question))}**")


def short(question: str, lang: Language) -> Markdown:
    """The short answer: the first paragraph of the explanation, with its live numbers."""
    said = next(part for part in _explained(question).parts if isinstance(part, Said))
    return Markdown(ExplainWords(lang, Question(question)).say("said", said.name, said.numbers))


def mathematics(question: str, lang: Language) -> HTML:
    """The explanation behind its short answer, computed now; a check that does not hold fails the build."""
    explanation = _explained(question)
    assert explanation.holds, [check for check in explanation.checks if not check.holds]
    first = next(place for place, part in enumerate(explanation.parts) if isinstance(part, Said))
    rest = (*explanation.parts[:first], *explanation.parts[first + 1 :])
    return HTML(explanation_body(replace(explanation, parts=rest), lang))


def case(name: str, lang: Language) -> Markdown:
    """What was found in the faulty run, and what the remedy gained."""
    one, says = worked(name), SAYS[lang]
    parts = [f"**{says['found']}**", *(_finding(found, one, lang) for found in _distinct(one.found))]
    if one.method != "row_and_refit":
        parts.append(says["quiet"] if one.quiet else says["loud"])
    parts += [f"**{words_in(lang).label('remedy')}: {words_in(lang).term(one.remedy)}**"] if one.remedy else []
    parts += [_numbers(one, lang), f"*{says[one.method]}*"]
    return Markdown("\n\n".join(parts))


def pictures(name: str, lang: Language) -> HTML:
    """The charts of the case."""
    from handbook.pictures import of_case

    return of_case(name, worked(name), lang)


def _distinct(found: Iterable[Found]) -> list[Found]:
    """One finding a code: where a fault is in every layer, the first is shown."""
    return list({one.code: one for one in reversed(list(found))}.values())[::-1]


def _finding(found: Found, one: Case, lang: Language) -> str:
    words = words_in(lang)
    said = words.finding(found.code, {"metric": one.metric, **found.facts})
    assert said is not None, found.code
    title = f"{words.label(f'severity_{found.severity}')} · `{found.code}`"
    body = [escaped(said.summary)]
    body += [
        f"*{words.label(name)}*: {escaped(text)}"
        for name, text in (("cause", said.cause), ("remedy", said.remedy))
        if text
    ]
    kind = {"serious": "danger", "warning": "warning"}.get(found.severity, "note")
    return f":::{{admonition}} {title}\n:class: {kind}\n" + "\n\n".join(body) + "\n:::"


def _numbers(one: Case, lang: Language) -> str:
    words = words_in(lang)
    beside = {"metric": one.metric}

    def points(value: float) -> str:
        return "–" if value != value else words.value("gain", "points", value, beside)  # noqa: PLR0124  # NaN

    low, high = (words.value("low", "bare", end, beside) for end in (one.low, one.high))
    facts = {
        "metric": words.term(one.metric),
        "faulty": words.metric(one.faulty, one.metric),
        "repaired": words.metric(one.repaired, one.metric),
        "gain": points(one.gain),
        "interval": "–" if one.method == "none" else words.label("interval", low=low, high=high),
        "networks": one.networks,
    }
    return "\n".join([SAYS[lang]["head"], "|" + "---|" * 6, SAYS[lang]["row"].format(**facts)])


def codes(question: str, lang: Language) -> Markdown:
    """Every finding code of a question, with what it says."""
    says = SAYS[lang]
    rows = [f"| {says['code']} | {says['says']} |", "|---|---|"]
    for code in sorted(finding_codes(lang)):
        if code.startswith(f"{question}."):
            entry = finding_entry(lang, code)
            assert entry is not None
            rows.append(f"| [`{code}`](../reference/codes.md) | {escaped(_bare(entry['summary']))} |")
    return Markdown("\n".join(rows))


def _bare(template: str) -> str:
    """A sentence with … where its numbers stand."""
    plain = re.sub(r"\{\w+:plural\|([^|}]*)[^}]*\}", r"\1", template.replace("[[", "").replace("]]", ""))
    return re.sub(r"\{[^}]*\}", "…", plain)


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands; code in backticks stays code."""
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(
        piece if piece.startswith("`") else "".join(f"\\{c}" if c in MARKS else c for c in piece) for piece in pieces
    )


def all_codes(lang: Language) -> Markdown:
    """The reference of all finding codes: summary, cause and remedy of each."""
    words, parts = words_in(lang), []
    for question in Question:
        parts.append(f"## {words.title(question)}")
        for code in sorted(finding_codes(lang)):
            if not code.startswith(f"{question.value}."):
                continue
            entry = finding_entry(lang, code)
            assert entry is not None
            lines = [f"### `{code}`", escaped(_bare(entry["summary"]))]
            lines += [
                f"*{words.label(name)}*: {escaped(_bare(entry[name]))}"
                for name in ("cause", "remedy")
                if entry.get(name)
            ]
            parts.append("\n\n".join(lines))
    return Markdown("\n\n".join(parts))


def reasons(lang: Language) -> Markdown:
    """Why a question may have no answer."""
    rows = [
        "| | |",
        "|---|---|",
        *(f"| `{code}` | {escaped(text)} |" for code, text in entries(lang, "reasons").items()),
    ]
    return Markdown("\n".join(rows))
