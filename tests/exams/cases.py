"""Evidence by hand: a healthy network, and what to change in it to plant a fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whyfit.evidence.effects import DecompositionFacts, RaceFacts, RemedyFacts
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import DataFacts, Evidence, GapFacts, Run, ScoreFacts, SplitFacts
from whyfit.evidence.observation import Head, LayerLook, LookAt, Observation, ParameterLook
from whyfit.evidence.outcome import Curves, Final
from whyfit.evidence.question import Question
from whyfit.evidence.vitals import LayerVitals, Vitals

UNITS = 64


def layer(name: str = "1", **numbers: object) -> LayerVitals:
    """A healthy hidden layer of 64 ReLUs."""
    healthy = {
        "pre_mean": 0.0,
        "pre_std": 1.0,
        "mean": 0.4,
        "std": 0.6,
        "zero_share": 0.5,
        "dead": 0.0,
        "saturated_share": 0.0,
        "gradient_norm": 0.1,
        "delta_std": 0.01,
        "weight_norm": 8.0,
        "update_ratio": 1e-3,
        "distinct_weights": float(UNITS),
        "distinct_gradients": float(UNITS),
    }
    what = {"kind": "dense", "activation": "relu", "units": UNITS}
    return LayerVitals(name=name, **(what | healthy | numbers))


def last(name: str = "3", **numbers: object) -> LayerVitals:
    """A healthy output layer."""
    return layer(name, **({"activation": "identity", "units": 10, "zero_share": 0.0} | numbers))


def run(*moments: tuple[LayerVitals, ...], **changes: object) -> Run:
    """A healthy run: 10 classes, a falling loss that flattens."""
    moments = moments or ((layer("1"), layer("2"), last()),) * 2
    epochs = np.arange(1, 31)
    loss = 0.1 + 2.0 * np.exp(-epochs / 3)
    healthy = Run(
        name="plain",
        status="done",
        reason=None,
        curves=Curves(loss, loss / 4, loss + 0.05, loss / 4 + 0.01),
        final=Final(0.1, 0.02, 0.15, 0.03, 0.16, 0.03, first_loss=2.6),
        vitals=tuple(Vitals(epoch=10 * i, step=100 * i, layers=layers) for i, layers in enumerate(moments)),
        best_epoch=28,
        stopped_epoch=30,
        epochs=30,
        chance_loss=2.3,
        initializer="he_uniform",
    )
    return replace(healthy, **changes)


def gap(value: float = 0.001, low: float | None = -0.004, high: float | None = 0.006, **changes: object) -> GapFacts:
    """No gap: the interval holds 0."""
    estimate = Estimate(value, low, high, method="nadeau_bengio", fits=10, rows=1000, training_rows=640)
    healthy = GapFacts(
        loss=estimate,
        error=estimate,
        train_loss=0.1,
        score_loss=0.11,
        train_error=0.029,
        score_error=0.03,
        onset_epoch=None,
        rising=0,
        fits=10,
    )
    return replace(healthy, **changes)


def score(
    value: float = 0.03, low: float | None = 0.02, high: float | None = 0.04, baseline: float = 0.9
) -> ScoreFacts:
    """A network far better than a constant."""
    estimate = Estimate(value, low, high, method="wilson", fits=10, rows=1000, training_rows=640)
    return ScoreFacts("error", estimate, baseline)


def estimate(value: float, half: float = 0.005) -> Estimate:
    """A number with an interval of some width."""
    return Estimate(value, value - half, value + half, method="row_and_refit", fits=10, rows=1000, training_rows=640)


def terms(variance: float = 0.015, rest: float = 0.015, **changes: object) -> DecompositionFacts:
    """Variance and bias plus noise of the same size."""
    healthy = DecompositionFacts(
        loss="zero_one",
        training_rows=640,
        error=estimate(variance + rest),
        bias_plus_noise=estimate(rest),
        variance=estimate(variance),
        sample=estimate(variance / 2),
        seed=estimate(variance / 2),
    )
    return replace(healthy, **changes)


def remedy(
    name: str = "dropout", question: Question = Question.OVERFITTING, gain: float = 0.0, **changes: object
) -> RemedyFacts:
    """A remedy of which nothing was shown."""
    healthy = RemedyFacts(
        name=name,
        question=question,
        strength=0.25,
        chosen_share=0.6,
        metric="error",
        gain=estimate(gain),
        verdict="not decided",
        missing="rows",
        needed=30000,
        delta=0.0006,
        networks=30,
    )
    return replace(healthy, **changes)


def racer(name: str = "adam", error: float = 0.03, half: float = 0.005, steps: float | None = 200.0) -> RaceFacts:
    """An optimiser at its best rate."""
    return RaceFacts(name=name, best_rate=1e-3, error=estimate(error, half), steps_to_target=steps)


HEAD = Head(loss="nll", chain=("NllLoss", "LogSoftmax", "Addmm"), last="log_softmax", outputs=10, plain=True)
PROBES = {
    "modes": {"twice": 0.0},
    "mixing": {"others": 0.0, "own": 1.0, "share": 0.0},
    "arrival": {"cut": [], "unused": [], "wanting": 6},
    "derivative": {"worst": "last.bias", "error": 1e-8, "checked": 6, "kinks": 0},
}


def observation(head: Head = HEAD, **probes: dict[str, object]) -> Observation:
    """One healthy network, observed; with what its probes are to have found instead."""
    names = ("1.weight", "1.bias", "2.weight", "2.bias", "last.weight", "last.bias")
    look = LookAt(
        backward=1, step=1, loss=2.3, rate=1e-3, head=head, bends={"bending": 2},
        layers=tuple(LayerLook(name=name, kind="dense", activation="relu", units=UNITS) for name in ("1", "2", "last")),
        parameters=tuple(ParameterLook(name=name, gradient=0.1) for name in names),
    )  # fmt: skip
    found = {name: {**values, **probes.get(name, {})} for name, values in PROBES.items()}
    return Observation(looks=(look,), backwards=100, steps=100, owned=names, probes={"Net": found}, ended="whole")


def evidence(*runs: Run, **parts: object) -> Evidence:
    """All kinds of evidence of a healthy network, with what is to be changed."""
    healthy = {
        "data": DataFacts(
            rows=1000, columns=64, task="classification", classes=tuple("0123456789"), class_counts=(100,) * 10
        ),
        "splits": SplitFacts(
            kind="kfold", stratified=True, folds=5, repeats=2, train=640, stop=160, score=200, times_scored=(1, 1)
        ),
        "runs": runs or (run(), run()),
        "score": score(),
        "gap": gap(),
        "decomposition": (terms(),),
        "race": (racer("adam"), racer("sgd", 0.032), racer("adamw", 0.03), racer("adam_l2", 0.031)),
    }
    return Evidence(**(healthy | parts))


def whole_study(**parts: object) -> Evidence:
    """The same, with a remedy or swap trained for every question that has them; none was shown to help."""
    swaps = {"clipping": Question.GRADIENTS, "batch_norm": Question.BATCHNORM, "initializer": Question.INITIALIZATION}
    swaps |= {"relative_of_relu": Question.RELU, "saturating_activation": Question.SATURATION}
    trained = (remedy(), *(remedy(name, question) for name, question in swaps.items()))
    return evidence(**({"remedies": trained, "observation": observation()} | parts))
