"""Question 8, watched: do the last layer and the loss fit each other, and does anything bend between the layers?

Read from the graph between the last layer and the loss, so each sign is a mechanism, not a symptom: it is there or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from math import isfinite
from statistics import fmean

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import Head, Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import seen_in, why_hidden
from whyfit.exams.watched.fit import Fit, fit_of, main_heads, spread_of
from whyfit.exams.watched.loaded import label_without_output
from whyfit.exams.watched.reach import behind, bending_helps

MARGIN = 0.02
"""Targets this far outside the range of the last activation, as a part of that range, can never be reached."""
WIDENING = frozenset({"Expand", "Sub", "Add", "Mul", "Div", "MseLoss", "L1Loss", "SmoothL1Loss", "HuberLoss"})
BENDING = frozenset({"relu", "sigmoid", "tanh", "softmax", "elu", "gelu", "softplus", "hardtanh", "leaky_relu", "silu"})
RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "hardsigmoid": (0.0, 1.0)}
SPOKEN = {
    "mse": "squared_error",
    "l1": "absolute_error",
    "bce": "binary_cross_entropy",
    "bce_logits": "binary_cross_entropy",
}
"""Losses of torch by the names of the catalogue."""
OWN = "own"
"""A loss that was written out."""
DISTANCES = ("mse", "l1", "huber")
BENDS_LOGITS = ("relu", "tanh", "hardtanh")
"""Last activations after which a logit is never large of both signs."""
BENDING_NODES = frozenset({"Sigmoid", "Tanh", "Hardtanh"})
STRETCHING = frozenset({"Mul", "Div", "Add", "Sub"})
COMPUTING = STRETCHING | {"Sum", "Bmm", "Mm", "Mv", "Dot"}
"""Operations that give what had ends other ones, or none."""
NODES_OF = {
    "sigmoid": ("Sigmoid",), "softmax": ("Softmax", "SafeSoftmax"), "tanh": ("Tanh",), "hardsigmoid": ("Hardsigmoid",),
}  # fmt: skip
"""How autograd names what has ends."""
LOST_BELOW = 0.02
"""Of the targets' variance: noise around zero stays far under it, a half of standardised targets is 0.5."""
LEAST_TARGETS, FEWEST, MOST_CLASSES, EVEN = 100, 3, 20, 3.0
"""Targets that were read; distinct ones; the commonest over the rarest: counts differ by ten and more. Chosen."""
FOLLOWED = 0.3
"""Of the loss of a constant answer: a line through the numbers that leaves less follows them. Chosen."""
LEAST_SHARED = 8
"""Units that share one: a gate that weighs a few branches has fewer. Chosen."""
STUCK, FALLS = 0.1, 0.5
"""Of tries on one batch: a loss that falls less than this is stuck, one that falls so much is learned. Chosen."""


class WatchedActivationsExam:
    """Tells a last layer that contradicts the loss from one that learns slowly. Blind to a loss without a graph."""

    question = Question.ACTIVATIONS
    needs = frozenset({EvidenceKind.OBSERVATION})
    codes = frozenset(
        {
            "activations.head_sound", "activations.softmax_twice", "activations.sigmoid_twice",
            "activations.bent_logits", "activations.no_logarithm", "activations.softmax_on_one",
            "activations.softmax_over_batch", "activations.bounded_output", "activations.broadcast",
            "activations.none_between", "activations.log_of_zero", "activations.not_exclusive",
            "activations.explosive", "activations.label_without_output", "activations.other_head_learns",
            "activations.class_numbers", "activations.targets_outside", "activations.softmax_between",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """The head must have been read."""
        seen = seen_in(evidence)
        heads = main_heads(seen)
        if not heads and not [*label_without_output(seen)]:
            return Answer("not measured", why_hidden(seen))
        return Answer("partly measured", "own_loss" if _is_own(heads) else "one_run")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """All contradictions; the head is sound where there is none, and the loss is one that is known."""
        seen = seen_in(evidence)
        known = main_heads(seen)
        if not known:
            return tuple(label_without_output(seen))
        fit = fit_of(seen)
        of_data = label_without_output(seen)
        bends = [*_between(seen, fit), *_shares_between(seen, fit), *_explosive(seen, fit)]
        found = [*of_data, *_of_head(known, fit), *_broadcast(known), *bends]
        found = found or [*_other_head(seen, fit)]
        if found or _is_own(known):
            return tuple(found)
        return (Finding("activations.head_sound", Severity.OK, _named(known[0])),)


def _is_own(heads: tuple[Head, ...]) -> bool:
    return bool(heads) and heads[0].loss == OWN


def _named(head: Head) -> dict[str, str]:
    """Loss and last activation as a person calls them: a log-softmax right before the likelihood is cross-entropy."""
    if head.loss == "nll" and head.last == "log_softmax":
        return {"loss": "cross_entropy", "last": "identity"}
    return {"loss": SPOKEN.get(head.loss, head.loss), "last": head.last}


def _bare(head: Head) -> bool:
    """Whether nothing stretches what the last activation gave, as a cap on logits does; of a ReLU it cures nothing."""
    if head.last == "relu":
        return True
    behind = takewhile(lambda name: name not in BENDING_NODES, head.chain[1:-1])
    return STRETCHING.isdisjoint(behind)


def _of_head(known: tuple[Head, ...], fit: Fit) -> Iterator[Finding]:
    head = known[0]
    names = list(head.chain)
    if head.softmax_over == 1:
        yield Finding("activations.softmax_on_one", Severity.SERIOUS, {"loss": head.loss})
    elif _over_batch(head):
        yield Finding("activations.softmax_over_batch", Severity.SERIOUS, {"rows": head.softmax_shape[0]})
    elif head.loss == "nll" and "LogSoftmax" in names:
        yield from _before_cross_entropy(known)
    elif head.loss == "nll":
        yield from _likelihood(known, names)
    elif head.loss == "bce_logits" and _outside(known):
        lows, highs = min(one.target_low for one in known), max(one.target_high for one in known)
        yield Finding("activations.targets_outside", Severity.SERIOUS, {"low": lows, "high": highs})
    elif head.loss == "bce_logits" and head.last in ("sigmoid", "softmax"):
        yield Finding("activations.sigmoid_twice", Severity.SERIOUS, _range(known) | {"last": head.last})
    elif head.loss == "bce_logits" and head.last in BENDS_LOGITS and _bare(head):
        yield Finding("activations.bent_logits", Severity.WARNING, _range(known) | {"last": head.last})
    elif head.loss in DISTANCES:
        yield from _bounded(known) or _class_numbers(known, fit)
    if "Log" in names and head.last in ("relu", "hardtanh") and head.loss in ("own", "nll"):
        yield Finding("activations.log_of_zero", Severity.SERIOUS, {"last": head.last})


def _outside(known: tuple[Head, ...]) -> bool:
    """Targets of a yes or no below 0 or above 1: the loss then has no lowest value."""
    return any(one.target_low < -MARGIN or one.target_high > 1 + MARGIN for one in known)


def _over_batch(head: Head) -> bool:
    """A softmax along the rows of a two-dimensional output, as many as the target has."""
    if head.softmax_axis != 0 or len(head.softmax_shape) != 2 or head.softmax_shape[1] == 1:
        return False
    return head.target_shape is None or head.target_shape[:1] == head.softmax_shape[:1]


def _range(known: tuple[Head, ...]) -> dict[str, float]:
    lows = [head.last_low for head in known if isfinite(head.last_low)]
    highs = [head.last_high for head in known if isfinite(head.last_high)]
    return {"low": min(lows), "high": max(highs)} if lows and highs else {}


def _before_cross_entropy(known: tuple[Head, ...]) -> Iterator[Finding]:
    """Something between the last layer and cross-entropy's own softmax."""
    head = known[0]
    inner = head.chain[head.chain.index("LogSoftmax") + 1 :]
    if "Softmax" in inner:
        yield Finding("activations.softmax_twice", Severity.SERIOUS, {"classes": head.outputs})
    elif head.last in ("sigmoid", *BENDS_LOGITS) and "LogSoftmax" not in inner and _bare(head):
        yield Finding("activations.bent_logits", Severity.WARNING, _range(known) | {"last": head.last})


def _likelihood(known: tuple[Head, ...], names: list[str]) -> Iterator[Finding]:
    head = known[0]
    if "Log" not in names and "LogSigmoid" not in names:
        yield Finding("activations.no_logarithm", Severity.SERIOUS, {"last": head.last})
    elif head.last == "sigmoid" and head.outputs > 2:
        yield Finding("activations.not_exclusive", Severity.WARNING, {"last": head.last, "classes": head.outputs})


def _bounded(known: tuple[Head, ...]) -> list[Finding]:
    """Targets outside the range of the last activation."""
    return list(_out_of_range(known))


def _ends_there(head: Head) -> bool:
    """Whether nothing is computed with what the last activation gave: what a gate weighs has no ends."""
    behind_it = list(takewhile(lambda name: name not in NODES_OF.get(head.last, ()), head.chain[1:-1]))
    return head.last not in NODES_OF or COMPUTING.isdisjoint(behind_it)


def _out_of_range(known: tuple[Head, ...]) -> Iterator[Finding]:
    head = known[0]
    low, high = min(head.target_low for head in known), max(head.target_high for head in known)
    if not _ends_there(head):
        return
    if head.last in RANGES and isfinite(low):
        floor, ceiling = RANGES[head.last]
        margin = MARGIN * (ceiling - floor)
        if low < floor - margin or high > ceiling + margin:
            numbers = {"last": head.last, "low": low, "high": high, "floor": floor, "ceiling": ceiling}
            yield Finding("activations.bounded_output", Severity.SERIOUS, numbers)
        elif head.last == "softmax" and max(head.target_row_high for head in known) > 1 + MARGIN:
            yield Finding(
                "activations.not_exclusive", Severity.WARNING, {"last": head.last, "classes": head.output[-1]}
            )
    elif head.last == "relu" and isfinite(low) and _below(known) > LOST_BELOW:
        numbers = {"last": head.last, "low": low, "high": high, "floor": 0.0, "ceiling": None}
        yield Finding("activations.bounded_output", Severity.SERIOUS, numbers)
    elif head.limit and isfinite(low) and _lost(known) > LOST_BELOW:
        ends = {"floor": _or_none(head.floor), "ceiling": _or_none(head.ceiling)}
        yield Finding(
            "activations.bounded_output", Severity.SERIOUS, {"last": head.limit, "low": low, "high": high} | ends
        )


def _or_none(end: float) -> float | None:
    return end if isfinite(end) else None


def _lost(known: tuple[Head, ...]) -> float:
    """The part of the targets' spread that lies beyond what the last operation lets through."""
    spread = spread_of(known)
    return min(head.target_lost for head in known) / spread if spread > 0 else 0.0


def _below(known: tuple[Head, ...]) -> float:
    """The part of the targets' spread that lies below zero, where a ReLU never answers."""
    spread = spread_of(known)
    return fmean(head.target_below for head in known) / spread if spread > 0 else 0.0


def _class_numbers(known: tuple[Head, ...], fit: Fit) -> Iterator[Finding]:
    """Whole numbers from 0 on, each about as common: numbers of classes, fitted as if they lay along a line.

    Told from counts, which thin out; and where the line fits well the classes do have that order.
    """
    totals: Counter[int] = Counter()
    for head in known:
        totals.update(dict(zip(head.levels, head.level_counts, strict=True)))
    levels = sorted(totals)
    if any(not head.levels for head in known) or totals.total() < LEAST_TARGETS:
        return
    if not (FEWEST <= len(levels) <= MOST_CLASSES and levels == list(range(len(levels)))):
        return
    even = max(totals.values()) <= EVEN * min(totals.values())
    if even and known[0].output[-1:] == (1,) and fit.last > FOLLOWED * fit.chance:
        numbers = {"classes": len(levels), "last": fit.last, "chance": fit.chance}
        yield Finding("activations.class_numbers", Severity.WARNING, numbers)


def _broadcast(known: tuple[Head, ...]) -> Iterator[Finding]:
    """Between the last layer and the loss an operation became larger than what it works on: (n, 1) against (n)."""
    for head in known:
        if "Unsqueeze" in head.chain:
            continue
        for name, shape, below in zip(head.chain, head.shapes, head.shapes[1:], strict=False):
            rows = below[0] if below else 0
            if (
                name in WIDENING
                and rows > 1
                and len(shape) == 2
                and shape == (rows, rows)
                and below in ((rows, 1), (rows,))
            ):
                yield Finding("activations.broadcast", Severity.SERIOUS, {"output": list(below), "became": list(shape)})
                return


def _between(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """Layers upon layers, and nothing that bends between them: one layer would do."""
    looks = [look for look in seen.looks if look.bends is not None]
    if not looks or any(look.bends is None or look.bends["bending"] for look in looks):
        return
    stacks = [[layer for layer in look.layers if layer.kind in ("dense", "conv")] for look in looks]
    for layers in stacks:
        hidden = [layer.units for layer in layers[:-1]]
        if len(layers) < 2 or any(layer.activation != "identity" for layer in layers[:-1]):
            return
        if len({layer.name for layer in layers}) < len(layers):
            return  # one matrix, used both ways
        if min(hidden) < layers[-1].units:
            return  # a bottleneck: the product of the layers is of low rank, which one layer would not be
    helps = bending_helps(seen)
    severity = Severity.WARNING if helps or (helps is None and not fit.learned) else Severity.NOTE
    yield Finding("activations.none_between", severity, {"layers": len(stacks[0])})


def _shares_between(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """A softmax as hidden activation, in a network that falls short: its units share one, each passes little on."""
    for look in seen.looks[:1]:
        hidden = [layer for layer in look.layers[:-1] if layer.activation == "softmax" and layer.units >= LEAST_SHARED]
        if hidden and (not fit.learned or behind(seen) is not None):
            numbers = {"layers": len(hidden), "units": hidden[0].units, "last": fit.last}
            yield Finding("activations.softmax_between", Severity.WARNING, numbers, Where(layer=hidden[0].name))


def _explosive(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """An exponential as hidden activation, in a network that does not learn."""
    for look in seen.looks[:1]:
        hidden = [layer for layer in look.layers[:-1] if layer.activation == "exp"]
        if hidden and not fit.learned:
            numbers = {"layers": len(hidden), "largest": max(layer.input_largest for layer in look.layers)}
            yield Finding("activations.explosive", Severity.WARNING, numbers, Where(layer=hidden[0].name))


def _other_head(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """A run that did not learn, where the first batch is learned from the same start once loss and target fit."""
    tried = next((found["heads"] for found in seen.probes.values() if "fitting" in found.get("heads", {})), None)
    if tried is None or fit.learned or fit.unknown or tried["as_is"] >= STUCK or tried["fitting"] < FALLS:
        return
    names = {"loss": SPOKEN.get(tried["loss"], tried["loss"]), "last": tried["last"], "better": tried["better"]}
    numbers = {name: tried[name] for name in ("as_is", "fitting", "gradient", "steps")}
    yield Finding("activations.other_head_learns", Severity.WARNING, names | numbers)
