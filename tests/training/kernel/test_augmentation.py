"""Augmented training in the kernel against autograd over the torch augmentations, and what it must leave alone."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch.nn import functional

from training.kernel.runs import parts_of, trained
from training.kernel.twin import Twin
from training.members import classes_table, images, labels_table, member, numbers_table, weighted
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.rules.augmentations import augmentations
from whyfit.training.streams import Stream, permutation, stream_key
from whyfit.training.torch_parts.augmenter import Alone
from whyfit.training.torch_parts.rows import Rows

CLASSES, NUMBERS, IMAGES, COLOURS = classes_table(), numbers_table(), images(), images(channels=3)
LABELS = labels_table()
EXACT = 1e-9
"""Of the norm of each layer's gradient (DESIGN.md, table of oracles)."""

PLAIN = Recipe(network=Perceptron((9, 7)), epochs=1, patience=None, batch_size=33, optimizer="sgd", learning_rate=1e-3)
MIXING = {"augmentation": "mixup", "augmentation_strength": 1.0}


@dataclass
class AugmentedTwin(Twin):
    """A twin that sees augmented rows; mixup by both rows of a pair, one loss each, where the loss allows it."""

    at: tuple[int, int] = (1, 0)

    def gradient(self, rows, key=None):
        """Gradients of the batch of the step at hand."""
        alone = Alone.of(self.member, self.data, Rows.of(self.data, self.member.split.train))
        known = alone.augmenter.known
        object.__setattr__(known, "spread", known.spread.double())
        plain = self.inputs
        x, mixed = alone.change(plain[torch.tensor(rows)], *self.at)
        self.inputs = x
        outputs = self.forward(np.arange(len(rows)), key, training=True)
        self.inputs = plain
        total, weight = self.losses(outputs, rows) if mixed is None else self._of_pairs(outputs, rows, mixed)
        divisor = self.class_weights(rows) if mixed is None else self._mixed_classes(rows, mixed)
        return list(torch.autograd.grad(total / divisor.sum(), self.parameters)), float(total.detach()), float(weight)

    def _mixed_classes(self, rows, mixed):
        own, other = self.class_weights(rows), self.class_weights(rows[mixed.partner.numpy()])
        return mixed.share * own + (1 - mixed.share) * other

    def _of_pairs(self, outputs, rows, mixed):
        partners, name = rows[mixed.partner.numpy()], self.member.recipe.loss
        share = mixed.share
        if name in {"cross_entropy", "binary_cross_entropy"}:
            sums, weights = zip(*(self._each(outputs, some) for some in (rows, partners)), strict=True)
            both = (share, 1 - share)
            total = sum((part * each * weight).sum() for part, each, weight in zip(both, sums, weights, strict=True))
            return total, sum((part * weight).sum() for part, weight in zip(both, weights, strict=True))
        every = np.ones(self.data.rows) if self.data.weights is None else self.data.weights
        one, two = share * torch.tensor(every[rows]), (1 - share) * torch.tensor(every[partners])
        wanted = one[:, None] * self.targets[torch.tensor(rows)] + two[:, None] * self.targets[torch.tensor(partners)]
        wanted = wanted / (one + two)[:, None]
        kinds = {"squared_error": functional.mse_loss, "absolute_error": functional.l1_loss,
                 "huber": functional.huber_loss}  # fmt: skip
        each = kinds[name](outputs, wanted, reduction="none").mean(dim=1)
        return (each * (one + two)).sum(), (one + two).sum()

    def _each(self, outputs, rows):
        """Losses and weights, row by row, by the plain twin."""
        one = [self.losses(outputs[i : i + 1], rows[i : i + 1]) for i in range(len(rows))]
        return torch.stack([total / weight for total, weight in one]), torch.stack([weight for _, weight in one])


GRID = {
    **{
        name: (PLAIN.but(augmentation=name, augmentation_strength=entry.strengths[-1]), None)
        for name, entry in augmentations.items()
    },
    "three colours": (PLAIN.but(augmentation="affine", augmentation_strength=0.3), COLOURS),
    "three colours cut out": (PLAIN.but(augmentation="cutout", augmentation_strength=0.5), COLOURS),
    "noise on a table": (PLAIN.but(augmentation="noise", augmentation_strength=0.5), CLASSES),
    "one row a batch": (PLAIN.but(augmentation="affine", augmentation_strength=0.2, batch_size=1), IMAGES),
    "one row, mixed with itself": (PLAIN.but(**MIXING, batch_size=1), CLASSES),
    "full batch": (PLAIN.but(**MIXING, batch_size=None), CLASSES),
    "with dropout and norm": (PLAIN.but(**MIXING, dropout=0.3, batch_norm="after"), CLASSES),
    "mixup, smoothed": (PLAIN.but(**MIXING, label_smoothing=0.2), CLASSES),
    "mixup, balanced": (PLAIN.but(**MIXING, class_weights="balanced"), CLASSES),
    "mixup, balanced and smoothed": (PLAIN.but(**MIXING, class_weights="balanced", label_smoothing=0.1), CLASSES),
    "mixup, binary": (PLAIN.but(**MIXING, loss="binary_cross_entropy"), CLASSES),
    "mixup, squared on classes": (PLAIN.but(**MIXING, loss="squared_error"), CLASSES),
    "mixup, squared": (PLAIN.but(**MIXING, loss="squared_error"), NUMBERS),
    "mixup, absolute": (PLAIN.but(**MIXING, loss="absolute_error"), NUMBERS),
    "mixup, huber": (PLAIN.but(**MIXING, loss="huber"), NUMBERS),
    "mixup, weighted rows": (PLAIN.but(**MIXING), weighted(CLASSES)),
    "mixup, weighted rows, balanced": (PLAIN.but(**MIXING, class_weights="balanced"), weighted(CLASSES)),
    "mixup, weighted rows, squared": (PLAIN.but(**MIXING, loss="squared_error"), weighted(NUMBERS)),
    "mixup, labels": (PLAIN.but(**MIXING, loss="binary_cross_entropy"), LABELS),
    "noise, weighted rows": (PLAIN.but(augmentation="noise", augmentation_strength=0.5), weighted(CLASSES)),
}


def data_of(recipe, data):
    if data is None:
        data = CLASSES if augmentations[recipe.augmentation].fits == "tables" else IMAGES
    if recipe.class_weights == "balanced":  # classes of unequal size, or all weights would be 1
        keep = np.flatnonzero((data.target != 0) | (np.arange(data.rows) % 4 == 0))
        return type(data)(
            data.columns, data.numeric[keep], data.codes[keep], data.target[keep], data.task, data.classes,
            weights=None if data.weights is None else data.weights[keep],
        )  # fmt: skip
    return data


@pytest.mark.parametrize("name", GRID)
def test_gradients_equal_autograd_over_the_torch_augmentations(name):
    """All steps of an epoch, the short last one too."""
    recipe, data = GRID[name][0], data_of(*GRID[name])
    one = member(recipe, rows=data.rows)
    packed, twin = trained(one, data, np.float64), AugmentedTwin(one, data)
    rows, batch = one.split.train, packed.numbers.batch
    order = rows[permutation(stream_key(one.seed, Stream.ORDER, 1), len(rows))]
    loss = np.zeros(2)
    steps = -(-len(rows) // batch)
    for step in range(steps):
        twin.at, key = (1, step), stream_key(one.seed, Stream.DROPOUT, 1, step)
        expected, total, weight = twin.gradient(order[step * batch : (step + 1) * batch], key)
        loss += total, weight
        if step < steps - 1:
            with torch.no_grad():
                for parameter, gradient in zip(twin.parameters, expected, strict=True):
                    parameter.sub_(one.recipe.learning_rate * gradient)
    for got, wanted in zip(parts_of(packed, packed.vectors.gradients), expected, strict=True):
        assert np.linalg.norm(got - wanted.numpy()) < EXACT * max(np.linalg.norm(wanted.numpy()), 1e-3)
    assert packed.written.curves[0, 0] == pytest.approx(loss[0] / loss[1], rel=1e-9)


def test_strength_zero_is_plain_training_bit_for_bit():
    plain = trained(member(PLAIN, rows=60), IMAGES, np.float32)
    for name in augmentations:
        still = trained(member(PLAIN, rows=60, augmentation=name), IMAGES, np.float32)
        assert still.vectors.parameters.tobytes() == plain.vectors.parameters.tobytes()
        assert still.written.curves.tobytes() == plain.written.curves.tobytes()


@pytest.mark.parametrize("name", ["flip", "noise", "mixup", "affine"])
def test_augmentation_leaves_start_order_and_dropout_untouched(name):
    """At this strength every draw is made and next to nothing is changed: only another stream could move far."""
    recipe = PLAIN.but(dropout=0.4, epochs=3)
    plain, near = (
        trained(member(recipe, rows=60, **changes), IMAGES)
        for changes in ({}, {"augmentation": name, "augmentation_strength": 1e-12})
    )
    assert np.array_equal(plain.written.order, near.written.order)
    assert near.vectors.parameters == pytest.approx(plain.vectors.parameters, abs=1e-7)


def test_nothing_is_augmented_in_assessment():
    """Without a step worth the name the network stays what it was: full passes see plain rows, batches others."""
    recipe = PLAIN.but(learning_rate=1e-30)
    plain, noisy = (
        trained(member(recipe, rows=60, **changes), IMAGES)
        for changes in ({}, {"augmentation": "noise", "augmentation_strength": 1.0})
    )
    assert noisy.written.final == pytest.approx(plain.written.final, rel=1e-9)
    assert noisy.written.curves[0, 2:] == pytest.approx(plain.written.curves[0, 2:], rel=1e-9)
    assert noisy.written.predictions == pytest.approx(plain.written.predictions, rel=1e-9)
    assert noisy.written.curves[0, 0] != pytest.approx(plain.written.curves[0, 0], rel=1e-2)


def test_every_epoch_sees_other_rows():
    recipe = PLAIN.but(learning_rate=1e-30, epochs=2, batch_size=None, augmentation="noise", augmentation_strength=1.0)
    first, second = trained(member(recipe, rows=60), IMAGES).written.curves[:, 0]
    assert first != pytest.approx(second, rel=1e-3)


def test_mixed_numbers_are_compared_with_mixed_numbers():
    """Outputs that are exactly linear in the inputs are as right for mixed rows as for plain ones."""
    recipe = Recipe(network=Perceptron(()), loss="squared_error", epochs=60, patience=None, learning_rate=0.05)
    mixed = trained(member(recipe, **MIXING), NUMBERS)
    assert mixed.written.curves[-1, 1] < 1e-3 * NUMBERS.target.var(axis=0).mean()
