"""Reports made by hand, for every drawing to show: a rich one, an empty one, a hostile one."""

import math

import numpy as np

from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import DataFacts, Evidence, GapFacts, Run, ScoreFacts
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where, most_serious_first
from whyfit.evidence.outcome import Curves, Final
from whyfit.evidence.question import Question
from whyfit.evidence.report import Report
from whyfit.evidence.vitals import LayerVitals, Vitals

MEASURED = (Question.SPLITS, Question.OVERFITTING, Question.INITIALIZATION, Question.GRADIENTS, Question.RELU)

FINDINGS = (
    Finding("splits.copies", Severity.SERIOUS, {"copies": 133, "share": 0.0741, "expected_by_chance": 0.2}),
    Finding(
        "overfitting.overfits",
        Severity.WARNING,
        {
            "gap": 0.0242,
            "low": 0.0173,
            "high": 0.0311,
            "train": 0.0028,
            "score": 0.027,
            "lost": 0.027,
            "onset": 14.0,
            "rising": 23,
            "fits": 40,
        },
    ),
    Finding(
        "relu.dead",
        Severity.NOTE,
        {"dead": 3.4, "units": 128, "share": 3.4 / 128, "runs": 40},
        Where(layer="hidden 1"),
    ),
    Finding("initialization.sound", Severity.OK, {"loss": 2.41, "chance": math.log(10), "runs": 40}),
    Finding("gradients.sound", Severity.OK, {"smallest": 0.8, "largest": 2.6, "runs": 40}),
)


def run(seed=0, *, name="plain", epochs=30, layers=3, stopped=None):
    """A plausible run: training falls, stopping falls and rises again, gradients grow towards the input."""
    random = np.random.default_rng(seed)
    stopped = stopped or int(random.integers(22, epochs + 1))
    time = np.arange(1, stopped + 1)
    noise = 1 + 0.05 * random.standard_normal((4, stopped))
    train = (2.0 * np.exp(-time / 3) + 0.004) * noise[0]
    stop = (1.9 * np.exp(-time / 3) + 0.09 + 0.0015 * time) * noise[1]
    curves = Curves(train, 0.3 * train * noise[2], stop, 0.2 * stop * noise[3])
    final = Final(0.01, 0.003, 0.12, 0.03, 0.12, 0.027, 2.41)
    moments = tuple(
        Vitals(epoch, epoch * 36, tuple(layer(index, layers, epoch, random) for index in range(layers)))
        for epoch in range(0, stopped, 4)
    )
    return Run(name, "done", None, curves, final, moments, 17, stopped, epochs, math.log(10), "he_uniform")


def layer(index, layers, epoch, random):
    """One hidden layer, or the last one, which has no activation."""
    last = index == layers - 1
    fade = math.exp(-epoch / 12) * 1.4 ** (layers - index) * float(random.uniform(0.9, 1.1))
    return LayerVitals(
        name="output" if last else f"hidden {index + 1}",
        kind="dense",
        activation="identity" if last else "relu",
        units=10 if last else 128,
        std=1.0 + 0.1 * index,
        pre_std=1.1,
        zero_share=0.0 if last else 0.5,
        dead=0.0 if last else float(epoch // 8),
        gradient_norm=0.4 * fade,
        delta_std=0.02 * fade,
        weight_norm=8.0,
        update_ratio=1e-3 * fade,
        distinct_weights=10.0 if last else 128.0,
        distinct_gradients=10.0 if last else 128.0,
    )


def sample(findings=FINDINGS, *, runs=40, data=None, classes=tuple("0123456789"), **changes):
    """The report of a study that found something."""
    estimate = Estimate(0.027, 0.021, 0.034, method="row_and_refit", fits=40, rows=1797, training_rows=1149)
    gap = Estimate(0.0242, 0.0173, 0.0311, method="row_and_refit", fits=40, rows=1797, training_rows=1149)
    per_class = tuple((name, 180, 0.01 + 0.004 * index) for index, name in enumerate(classes))
    evidence = Evidence(
        data=DataFacts(1797, 64, "classification", classes),
        runs=tuple(run(seed) for seed in range(runs)),
        score=ScoreFacts("error", estimate, 0.9, per_class),
        gap=GapFacts(gap, gap, 0.01, 0.12, 0.003, 0.027, 14.0, 23, 40),
    )
    answers = {question: Answer("not measured", "not_in_this_version") for question in Question}
    answers |= {question: Answer("partly measured", "remedies_not_measured") for question in MEASURED}
    answers[Question.DROPOUT] = Answer("does not apply", "no_dropout")
    head = {"rows": 1797, "columns": 64, "task": "classification", "classes": 10, "fingerprint": "3f" * 16}
    facts = {
        "door": "checkup",
        "data": head | {"source": "digits"} | (data or {}),
        "answers": answers,
        "findings": most_serious_first(tuple(findings)),
        "evidence": evidence,
        "networks": 512,
        "seconds": 58.94,
        "provenance": {
            "command": "whyfit checkup --budget 512n",
            "python": "3.11.9",
            "machine": "x86_64, 2 cores",
            "started": "2026-01-31T12:00:00+00:00",
        },
    }
    return Report(**(facts | changes))


def empty():
    """The report of a study that was stopped before its first network was done."""
    answers = {question: Answer("not measured", "runs") for question in Question}
    return Report(
        door="checkup", data={}, answers=answers, findings=(), evidence=Evidence(), networks=0, interrupted=True
    )


HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=document.title='owned'>",
    "\"' onmouseover='document.title=1' x=\"",
    "{{ 7*7 }} {% raw %} ${7*7} {copies} %s %(x)s",
    "=1+1\t\r\n\x00\x1b[31mred\x1b]0;owned\x07",
    "\u202eright to left\u2066 \u200f",
    "datum['x'] @label &lt;b&gt; javascript:alert(1)",
    "长" * 5_000 + "x" * 10_000,
    "]]> --> */ <!-- </style></title>",
    "[bold red]rich[/] [link=file:///etc/passwd]x[/link]",
)


def hostile():
    """Strings that try to be something else, in every place where a string can come from outside."""
    findings = tuple(
        Finding(
            "splits.class_missing",
            Severity.WARNING,
            {"class": text, "part": text, text: text, "names": [text, {text: text}]},
            Where(layer=text, parameter=text, column=text, file=text, line=3, rows=(1, 2)),
            because=text,
        )
        for text in HOSTILE
    )
    everything = " ".join(HOSTILE)
    provenance = {text: text for text in HOSTILE} | {"command": everything}
    report = sample(
        findings,
        classes=HOSTILE,
        data={"source": everything, "fingerprint": everything},
        provenance=provenance,
    )
    runs = tuple(run(seed, name=name) for seed, name in enumerate(HOSTILE))
    evidence = Evidence(data=report.evidence.data, runs=runs, score=report.evidence.score, gap=report.evidence.gap)
    return sample(findings, data={"source": everything}, provenance=provenance, evidence=evidence)
