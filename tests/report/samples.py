"""Reports made by hand, for every drawing to show: a rich one, an empty one, a hostile one."""

import math
from dataclasses import replace
from functools import cache

import numpy as np

from whyfit.evidence.activation import ActivationCurve
from whyfit.evidence.effects import (
    CandidateFacts,
    CapacityFacts,
    CaseFacts,
    DecompositionFacts,
    EnsembleFacts,
    LearningCurveFacts,
    ModeFacts,
    RaceFacts,
    RecommendedFacts,
    RemedyFacts,
    SizeError,
)
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import (
    DataFacts,
    Evidence,
    GapFacts,
    MetricFacts,
    Run,
    ScoreFacts,
    SeenGapFacts,
    SplitFacts,
)
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where, most_serious_first
from whyfit.evidence.leaks import AlikeFacts, ColumnShift
from whyfit.evidence.observation import (
    HeldOutLoss,
    LayerLook,
    LoadedPart,
    LookAt,
    NormLook,
    Observation,
    ParameterLook,
    Point,
)
from whyfit.evidence.outcome import Curves, Final
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.report import Report
from whyfit.evidence.vitals import LayerVitals, Vitals
from whyfit.report import document_of

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


def estimate(value, low, high, **changes):
    facts = {"method": "row_and_refit", "fits": 40, "rows": 1797, "training_rows": 1149}
    return Estimate(value, low, high, **(facts | changes))


def remedy(name, gain, half, verdict, strength=None, **changes):
    interval = estimate(gain, gain - half, gain + half, level=0.96)
    facts = {
        "question": Question.OVERFITTING,
        "chosen_share": 0.6,
        "metric": "error",
        "delta": 0.0005,
        "networks": 40,
        "seconds": 3.1,
    }
    return RemedyFacts(name=name, strength=strength, gain=interval, verdict=verdict, **(facts | changes))


REMEDIES = (
    remedy("more_data", 0.0121, 0.0024, "helps"),
    remedy(
        "ensemble",
        0.0082,
        0.0017,
        "helps",
        8,
        variance_change=estimate(-0.0079, -0.011, -0.005),
        bias_change=estimate(-0.0003, -0.002, 0.001),
        seconds_a_network=0.4,
        plain_seconds=0.05,
        sensitivity=0.008,
        plain_sensitivity=0.01,
    ),
    remedy(
        "dropout",
        0.0041,
        0.0021,
        "helps",
        0.25,
        variance_change=Estimate(-0.006, why_none="too_few_repeats"),
        bias_change=Estimate(0.0019, why_none="too_few_repeats"),
        candidates=tuple(
            CandidateFacts(strength=rate, gain=gain, seconds=0.06)
            for rate, gain in ((0.1, 0.002), (0.25, 0.0041), (0.5, -0.003))
        ),
    ),
    remedy("l2", 0.0002, 0.0003, "no effect shown", 1e-4),
    remedy("weight_decay", 0.0009, 0.0022, "not decided", 0.1, missing="rows", needed=9100.0),
    remedy("early_stopping", -0.0007, 0.0019, "not decided", missing="networks", needed=160.0),
    remedy("smaller_network", -0.0068, 0.0025, "hurts", 0.5),
    remedy(
        "relative_of_relu",
        0.0011,
        0.0009,
        "helps",
        "elu",
        question=Question.RELU,
        candidates=(
            CandidateFacts(strength="elu", gain=0.0011, seconds=0.07, dead=0.0, saturated=0.2, steps_to_target=500.0),
            CandidateFacts(strength="maxout", gain=-0.0004, seconds=0.1, gradient_ratio=1.2, diverged=1),
        ),
        unchanged=CandidateFacts(strength=None, gain=0.0, seconds=0.05, dead=0.05, steps_to_target=630.0),
    ),
    remedy("clipping", 0.0001, 0.0002, "no effect shown", 1.0, question=Question.GRADIENTS),
)
MODES = (
    ModeFacts(name="dropout", strength=0.25, training=0.061, evaluation=0.021, unseen=0.104, fits=3),
    ModeFacts(name="batch_norm", strength="before", training=0.02, evaluation=0.024, unseen=0.11, fits=3),
)
CASES = tuple(
    CaseFacts(
        name="dropout_and_batch_norm", strength=None, layer=f"hidden.{place}.{kind}", kind=kind, mode=mode,
        dropped=share if kind == "dropout" else None,
        by_batch=None if kind == "dropout" else mode == "training",
        moved=None if kind == "dropout" else mode == "training",
        variance_ratio=None if kind == "dropout" else 1.9,
        stopped=share if kind == "dropout" else share / 10,
        learning=None if kind == "dropout" else 1.0,
    )
    for mode, share in (("training", 0.25), ("evaluation", 0.0))
    for place in (0, 1)
    for kind in ("batch_norm", "dropout")
)  # fmt: skip
OTHERS = (
    MetricFacts("auc", "higher", estimate(0.9991, 0.998, 0.9999)),
    MetricFacts("own <b>", None, Estimate(0.5, why_none="too_few_repeats")),
)
CAPACITY = tuple(
    CapacityFacts(
        hidden=(units, units),
        parameters=units * (64 + units + 12) + 10,
        metric="error",
        error=variance + rest,
        variance=variance,
        bias_plus_noise=rest,
        variance_change=None if units == 128 else estimate(variance - 0.0119, variance - 0.014, variance - 0.01),
        bias_change=None if units == 128 else estimate(rest - 0.0151, rest - 0.017, rest - 0.013),
        training_rows=1149,
    )
    for units, variance, rest in ((8, 0.004, 0.05), (32, 0.008, 0.022), (128, 0.0119, 0.0151), (256, 0.0135, 0.0145))
)
CURVE = LearningCurveFacts(
    "error",
    tuple(
        SizeError(rows, estimate(error, error - 0.006, error + 0.006))
        for rows, error in ((143, 0.08), (287, 0.053), (574, 0.037), (1149, 0.027))
    ),
    floor=0.004,
    scale=1.7,
    exponent=0.62,
    projection=(SizeError(2298, estimate(0.0195, 0.012, 0.027)), SizeError(4596, estimate(0.0144, 0.005, 0.024))),
)
RECOMMENDED = RecommendedFacts(
    recipe=Recipe(dropout=0.25),
    name="dropout",
    strength=0.25,
    changes=(("dropout", "0.25"),),
    metric="error",
    gain=estimate(0.0041, 0.002, 0.0062),
    share=0.6,
    candidates=21,
    toml="dropout = 0.25\n",
)
DECOMPOSITION = (
    DecompositionFacts(
        loss="zero_one",
        training_rows=1149,
        error=estimate(0.027, 0.021, 0.034),
        bias_plus_noise=estimate(0.0151, 0.011, 0.02),
        variance=estimate(0.0119, 0.009, 0.015),
        sample=estimate(0.0071, 0.005, 0.009),
        seed=estimate(0.0048, 0.003, 0.006),
        noise=estimate(0.0, 0.0, 0.019),
        noise_from="best_error",
        description={"domingos": {"bias": 0.018, "variance": 0.009}},
    ),
    DecompositionFacts(
        loss="cross_entropy",
        training_rows=1149,
        error=estimate(0.118, 0.1, 0.13),
        bias_plus_noise=estimate(0.061, 0.05, 0.07),
        variance=estimate(0.057, 0.05, 0.07),
        sample=estimate(0.04, 0.03, 0.05),
        seed=estimate(0.017, 0.01, 0.02),
    ),
)
SEEN = SeenGapFacts(estimate(-0.05, -0.09, -0.01), 0.03, -0.06, 0.0, 0.04, augmented=False, fits=40)
RACE = tuple(
    RaceFacts(
        name=name,
        best_rate=rate,
        error=estimate(error, error - 0.003, error + 0.003),
        steps_to_target=steps,
        stable=stable,
    )
    for name, rate, error, steps, stable in (
        ("adam", 0.003, 0.026, 210.0, (0.0003, 0.01)),
        ("sgd", 0.1, 0.031, 480.0, (0.03, 0.3)),
        ("momentum", 0.03, 0.027, 260.0, (0.003, 0.1)),
        ("adadelta", 1.0, 0.033, None, (0.3, 3.0)),
        ("rmsprop", 0.001, 0.029, 240.0, None),
    )
)
ALIKE = AlikeFacts(
    "data", "new", 0.83, 0.001, 999, 1797, 200,
    (ColumnShift("pixel 3", 0.52, 0.001), ColumnShift("pixel 7", 0.06, 0.8), ColumnShift("pixel 9", 0.04, 1.0)),
)  # fmt: skip
SPLITS = SplitFacts(
    "kfold", stratified=True, folds=5, repeats=8, train=1149, stop=288, score=359, times_scored=(1, 1), alike=(ALIKE,)
)
LINE = ActivationCurve("relu", (-6.0, 0.0, 1e-6, 6.0), (0.0, 0.0, 1e-6, 6.0), (0.0, 0.0, 1.0, 1.0))


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
        pre_mean=-0.2,
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
    gap = estimate(0.0242, 0.0173, 0.0311)
    per_class = tuple((name, 180, 0.01 + 0.004 * index) for index, name in enumerate(classes))
    evidence = Evidence(
        data=DataFacts(1797, 64, "classification", classes),
        runs=tuple(run(seed) for seed in range(runs)),
        splits=SPLITS,
        score=ScoreFacts("error", estimate(0.027, 0.021, 0.034), 0.9, per_class, others=OTHERS),
        decomposition=DECOMPOSITION,
        remedies=REMEDIES,
        recommended=RECOMMENDED,
        capacity=CAPACITY,
        ensemble=EnsembleFacts("error", (0.027, 0.022, 0.0205, 0.02)),
        learning_curve=CURVE,
        modes=MODES,
        cases=CASES,
        race=RACE,
        activation=LINE,
        gap=GapFacts(gap, gap, 0.01, 0.12, 0.003, 0.027, 14.0, 23, 40, SEEN),
    )
    answers = {question: Answer("not measured", "not_in_this_version") for question in Question}
    answers |= {question: Answer("partly measured", "gradient_remedies_not_measured") for question in MEASURED}
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


@cache
def stored(make):
    """The document of a report, made once: making one takes a hundred times as long as drawing it."""
    return document_of(make())


def look(step, layers=6):
    """One close look at a stack of sigmoid layers: each passes on a tenth of the gradient."""
    sizes = [0.01 * 0.1 ** (layers - index) for index in range(layers + 1)]
    return LookAt(
        backward=step,
        step=step,
        loss=2.31,
        rate=0.1 if step < 64 else 0.01,
        norms=(NormLook(name="1", values=32, rows=32, lag=1 / (1 + step), ratio=0.9),),
        layers=tuple(
            LayerLook(
                name=str(2 * index),
                kind="Linear",
                activation="sigmoid" if index < layers else "identity",
                units=64,
                rows=32,
                std=0.1,
                saturated_share=0.02 * index if index < layers else math.nan,
                delta_std=size,
            )
            for index, size in enumerate(sizes)
        ),
        parameters=tuple(
            ParameterLook(
                name=f"{2 * index}.weight",
                values=4096,
                weight=4.6,
                gradient=40 * size,
                update=3.7e-5,
                units=64,
                distinct=64,
                distinct_gradients=64,
            )
            for index, size in enumerate(sizes)
        ),
    )


WATCHED = Observation(
    looks=tuple(look(step) for step in (0, 1, 2, 4, 8, 16, 32, 64, 128, 200)),
    curves={
        "train.py:12": tuple(Point(step, 5, 2.3 + 0.01 * (step % 3), 2.25, 2.4) for step in range(0, 235, 5)),
        "train.py:40": (Point(0, 1, 9.0, 9.0, 9.0),),
    },
    backwards=235,
    steps=235,
    probes={
        "Sequential": {
            "modes": {"twice": 0.0, "norm": 0.12, "dropout": 0.41},
            "arrival": {"cut": ["1.bias"], "unused": [], "order": ["0.weight", "1.bias", "2.weight", "12.weight"]},
            "derivative": {"errors": {"0.weight": 3e-9, "2.weight": None, "12.weight": 0.3}},
        }
    },
    loaded=(LoadedPart(name="TensorDataset", trained=900), LoadedPart(name="Rows", compared=400, known=80)),
    held_out=(HeldOutLoss(47, 100, 2.30), HeldOutLoss(47, 300, 2.34), HeldOutLoss(94, 400, 2.31)),
    ended="whole",
)


def watched():
    """The report of a script that was watched: gradients vanish behind sigmoids."""
    vanishes = Finding(
        "gradients.vanish_with_depth",
        Severity.WARNING,
        {"ratio": 5.89e-5, "layers": 6, "looks": 108},
        Where(layer="0"),
    )
    answers = {question: Answer("partly measured", "one_run") for question in Question}
    answers[Question.RELU] = Answer("does not apply", "no_relu")
    return Report(
        door="watch",
        data={},
        answers=answers,
        findings=(vanishes,),
        evidence=Evidence(observation=WATCHED),
        networks=1,
        seconds=12.3,
        provenance={"command": "whyfit watch --html r.html train.py --lr 0.1", "exit_code": 0, "steps": 235},
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
    told = [{"code": "data.target_last", "facts": {"column": text, text: text}} for text in HOSTILE]
    data = {"source": everything, "fingerprint": everything, "told": told}
    report = sample(findings, classes=HOSTILE, data=data, provenance=provenance)
    runs = tuple(_renamed(run(seed, layers=len(HOSTILE)), name) for seed, name in enumerate(HOSTILE))
    splits = replace(SPLITS, alike=(replace(ALIKE, columns=tuple(ColumnShift(name, 0.5, 0.001) for name in HOSTILE)),))
    score = replace(
        report.evidence.score, others=tuple(MetricFacts(name, None, estimate(0.5, 0.4, 0.6)) for name in HOSTILE)
    )
    evidence = replace(
        report.evidence,
        runs=runs,
        splits=splits,
        score=score,
        decomposition=(),
        remedies=tuple(remedy(name, 0.001, 0.002, "helps", name) for name in HOSTILE),
        race=tuple(replace(RACE[0], name=name) for name in HOSTILE),
        recommended=replace(RECOMMENDED, changes=tuple((name, name) for name in HOSTILE), toml=everything),
        modes=tuple(replace(MODES[0], name=name, strength=name) for name in HOSTILE),
        cases=tuple(replace(CASES[0], name=name, strength=name, layer=name) for name in HOSTILE),
        activation=replace(LINE, name=HOSTILE[0]),
    )
    return sample(findings, data=data, provenance=provenance, evidence=evidence)


def _renamed(one, name):
    """The run under another name, its layers and their activations under hostile ones."""
    moments = tuple(
        replace(
            moment,
            layers=tuple(
                replace(layer, name=text, kind=text, activation="relu" if index % 2 else text)
                for index, (layer, text) in enumerate(zip(moment.layers, HOSTILE, strict=True))
            ),
        )
        for moment in one.vitals
    )
    return replace(one, name=name, vitals=moments)


def hostile_script():
    """A watched script whose layers, parameters, classes and files have such names."""
    looks = tuple(
        replace(
            one,
            layers=tuple(replace(layer, name=text) for layer, text in zip(one.layers, HOSTILE, strict=False)),
            parameters=tuple(
                replace(part, name=f"{text}.weight") for part, text in zip(one.parameters, HOSTILE, strict=False)
            ),
        )
        for one in WATCHED.looks
    )
    probes = {text: {"modes": {"twice": 0.1, "norm": 0.2, "dropout": 0.3, text: text}} for text in HOSTILE}
    curves = dict(zip(HOSTILE, WATCHED.curves.values(), strict=False))
    seen = replace(WATCHED, looks=looks, probes=probes, curves=curves, died=HOSTILE[0])
    findings = tuple(replace(one, code="gradients.vanish_with_depth") for one in hostile().findings)
    report = watched()
    provenance = dict(report.provenance) | {"command": " ".join(HOSTILE)}
    return replace(report, evidence=Evidence(observation=seen), findings=findings, provenance=provenance)
