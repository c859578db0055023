"""Question 7, watched: do gradients vanish, explode, or stop being numbers? Are inputs and targets of a workable size?

A small gradient is no fault by itself: it counts where the loss stayed up. The scale of inputs or targets counts where
it did harm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import LayerLook, LookAt, Observation, OptimizerFacts
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import ENOUGH_LOOKS, NEEDS, hidden, known, matrices, middle, one_run, seen_in
from whyfit.exams.watched.fit import Fit, fit_of, main_heads

VANISHING = 1e-3
"""First hidden layer over last: 0.25⁵, what five sigmoid layers pass on at their very best."""
EXPLODING = 1e3
"""The reciprocal."""
LARGE_INPUT = 8.0
"""Root mean square of the inputs that counts as unscaled where it does harm: standardised inputs have 1."""
LARGE_TARGET = 30.0
"""The same of targets: weights at their start answer with values of about 1, and must grow this much first."""
CLIPPED = 0.03
"""A step of plain gradient descent this much shorter than rate times gradient was cut by something between."""
MOST_CLIPPED = 0.9


class WatchedGradientsExam:
    """Tells gradients that shrink or grow with depth from a loss that is small or large; names what made them."""

    question = Question.GRADIENTS
    needs = NEEDS
    codes = frozenset(
        {
            "gradients.flow", "gradients.became_infinite", "gradients.data_not_finite", "gradients.vanish_with_depth",
            "gradients.explode_with_depth", "gradients.unscaled_inputs", "gradients.unscaled_targets",
            "gradients.clipped_away", "gradients.diverges", "gradients.fade_over_time",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """A graph must have been seen."""
        return one_run(evidence)

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Scale, depth, finiteness, clipping."""
        seen = seen_in(evidence)
        fit = fit_of(seen)
        on_the_way = [*_depth(seen, fit), *_over_time(seen, fit)]
        found = [*_not_finite(seen), *_scale(seen, fit), *on_the_way, *_clipped(seen, fit)]
        found = found or [*_diverges(seen, fit)]
        if found or not any(row.gradient > 0 for look in seen.looks for row in look.parameters):
            return tuple(found)
        ratio = middle(pair[1] for look in seen.looks if (pair := flow(look)) is not None)
        numbers = {"looks": len(seen.looks)} | ({"ratio": ratio} if math.isfinite(ratio) else {})
        return (Finding("gradients.flow", Severity.OK, numbers),)


def _not_finite(seen: Observation) -> Iterator[Finding]:
    bad = seen.bad
    if bad is None:
        return
    where = Where(layer=bad.get("layer"), step=bad.get("step"))
    if bad["what"] == "data":
        yield Finding("gradients.data_not_finite", Severity.SERIOUS, {"backward": bad["backward"]}, where)
        return
    numbers = {"what": bad["what"], "operation": bad.get("operation"), "backward": bad["backward"]}
    yield Finding("gradients.became_infinite", Severity.SERIOUS, numbers, where)


def input_size(seen: Observation) -> tuple[float, str]:
    """Root mean square of what comes into the first layer, over the first looks; and that layer's name."""
    firsts = [look.layers[0] for look in seen.looks[:5] if look.layers and look.layers[0].kind in ("dense", "conv")]
    sizes = [math.hypot(layer.input_mean, layer.input_std) for layer in firsts]
    return middle(sizes), firsts[0].name if firsts else ""


def harmed(seen: Observation, fit: Fit) -> bool:
    """Whether training failed in a way that scale can explain: diverged, at chance, rose, or hardly fell."""
    return seen.bad is not None or fit.rose or not fit.learned


def _scale(seen: Observation, fit: Fit) -> Iterator[Finding]:
    size, layer = input_size(seen)
    if size > LARGE_INPUT and harmed(seen, fit):
        severity = Severity.SERIOUS if seen.bad is not None or fit.at_chance else Severity.WARNING
        yield Finding("gradients.unscaled_inputs", severity, {"size": size, "last": fit.last}, Where(layer=layer))
    sizes = known(
        math.hypot(head.target_mean, head.target_std)
        for head in main_heads(seen)
        if head.loss in ("mse", "l1", "huber")
    )
    if sizes and middle(sizes) > LARGE_TARGET and harmed(seen, fit):
        yield Finding("gradients.unscaled_targets", Severity.SERIOUS, {"size": middle(sizes), "last": fit.last})


def flow(look: LookAt) -> tuple[LayerLook, float] | None:
    """The gradient at the first hidden layer over that at the last hidden one.

    A layer that is used again and again (a recurrent cell, step by step) counts once: time is no depth.
    """
    every = {layer.name: layer for layer in hidden(look) if layer.delta_std == layer.delta_std}
    layers = list(every.values())
    if len(layers) < 3 or not layers[-1].delta_std > 0:
        return None
    return layers[0], layers[0].delta_std / layers[-1].delta_std


def _depth(seen: Observation, fit: Fit) -> Iterator[Finding]:
    flows = [pair for look in seen.looks if (pair := flow(look)) is not None]
    ratio = middle(ratio for _, ratio in flows)
    if not flows or fit.learned:
        return
    depth = len(hidden(seen.looks[0]))
    numbers = {"ratio": ratio, "layers": depth, "looks": len(flows)}
    where = Where(layer=flows[0][0].name)
    if ratio < VANISHING:
        yield Finding("gradients.vanish_with_depth", Severity.WARNING, numbers, where)
    elif ratio > EXPLODING:
        yield Finding("gradients.explode_with_depth", Severity.WARNING, numbers, where)


def _over_time(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """Hardly any gradient at the first time step of a recurrent network that does not learn."""
    for found in seen.probes.values():
        probed = found.get("recurrence", {})
        if probed.get("first", 1.0) < VANISHING and not fit.learned:
            numbers = {"first": probed["first"], "moments": probed["moments"]}
            yield Finding("gradients.fade_over_time", Severity.WARNING, numbers)
            return


def _clipped(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """Steps of gradient descent far shorter than rate times gradient."""
    owner = max(seen.optimizers, key=lambda one: one.steps, default=OptimizerFacts())
    if owner.name != "SGD" or fit.learned:
        return
    ratios = [ratio for look in seen.looks for ratio in _shortened(look)]
    if len(ratios) >= ENOUGH_LOOKS and sum(ratio < CLIPPED for ratio in ratios) > MOST_CLIPPED * len(ratios):
        yield Finding("gradients.clipped_away", Severity.WARNING, {"ratio": middle(ratios), "rate": owner.rate_high})


def _shortened(look: LookAt) -> Iterator[float]:
    for row in matrices(look):
        expected = look.rate * row.gradient / row.weight if row.weight > 0 else 0.0
        if expected > 0 and math.isfinite(row.update):
            yield row.update / expected


def _diverges(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """The loss rose far above where it began, with nothing more direct to say."""
    if (
        fit.rose
        and fit.points >= ENOUGH_LOOKS
        and fit.last > 3 * abs(fit.first)
        and main_heads(seen)
        and main_heads(seen)[0].loss != "own"
    ):
        yield Finding("gradients.diverges", Severity.WARNING, {"first": fit.first, "last": fit.last})
