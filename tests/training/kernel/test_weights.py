"""Rows with weights of their own, and several labels a row, in the kernel: what is trained on and what is counted."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import hamming_loss, log_loss, mean_squared_error, zero_one_loss

from training.kernel.runs import trained
from training.members import classes_table, labels_table, member, numbers_table, weighted
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe

SMALL = Recipe(network=Perceptron((12,)), epochs=4, patience=2, batch_size=32, learning_rate=1e-2)
TRAIN, STOP, SCORE = 0, 2, 4
"""Places in `Written.final`, losses; errors stand beside them."""


def final_of(data, **changes):
    one = member(SMALL.but(**changes))
    packed = trained(one, data)
    rows = one.split.score
    return packed.written.final, packed.written.predictions, rows, None if data.weights is None else data.weights[rows]


def softmax(z):
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def test_weighted_classes_are_scored_as_scikit_learn_scores_them():
    data = weighted(classes_table())
    final, z, rows, own = final_of(data)
    loss = log_loss(data.target[rows], softmax(z), sample_weight=own, labels=range(3))
    assert final[SCORE] == pytest.approx(loss, rel=1e-9)
    assert final[SCORE + 1] == pytest.approx(zero_one_loss(data.target[rows], z.argmax(axis=1), sample_weight=own))


def test_weighted_numbers_are_scored_as_scikit_learn_scores_them():
    data = weighted(numbers_table())
    final, scaled, rows, own = final_of(data, loss="squared_error")
    train = data.target[member(SMALL).split.train]
    outputs = scaled * train.std(axis=0) + train.mean(axis=0)
    assert final[SCORE + 1] == pytest.approx(mean_squared_error(data.target[rows], outputs, sample_weight=own))


@pytest.mark.parametrize("weigh", [lambda data: data, weighted])
def test_labels_are_scored_by_their_hamming_loss(weigh):
    data = weigh(labels_table())
    final, z, rows, own = final_of(data, loss="binary_cross_entropy")
    assert final[SCORE + 1] == pytest.approx(hamming_loss(data.target[rows], z > 0, sample_weight=own))
    each = np.mean([np.logaddexp(0, z[:, k]) - data.target[rows, k] * z[:, k] for k in range(3)], axis=0)
    assert final[SCORE] == pytest.approx(np.average(each, weights=own), rel=1e-9)


@pytest.mark.parametrize("make", [classes_table, numbers_table, labels_table])
def test_equal_weights_train_the_network_without_weights(make):
    data = make()
    losses = {classes_table: "cross_entropy", numbers_table: "squared_error", labels_table: "binary_cross_entropy"}
    one = member(SMALL.but(loss=losses[make]))
    plain, even = (trained(one, some, np.float32) for some in (data, replace(data, weights=np.full(data.rows, 3.0))))
    assert even.vectors.parameters.tobytes() == plain.vectors.parameters.tobytes()
    assert even.written.final.tobytes() == plain.written.final.tobytes()


@pytest.mark.parametrize("batch_size", [1, 32])
def test_heavy_rows_decide_between_rows_that_contradict_each_other(batch_size):
    """Planted: every input stands there with both classes; whichever weighs more is what is learned, in batches of one
    row too, where a mean over the batch would forget the weight.
    """
    data = classes_table(classes=2)
    numeric = np.repeat(data.numeric[:120], 2, axis=0)
    target = np.arange(240) % 2
    for heavy in (0, 1):
        weights = np.where(target == heavy, 9.0, 1.0)
        twisted = replace(data, numeric=numeric, target=target, weights=weights)
        rate = 1e-3 if batch_size == 1 else 1e-2
        packed = trained(member(SMALL, batch_size=batch_size, learning_rate=rate, epochs=12, patience=None), twisted)
        assert (packed.written.predictions.argmax(axis=1) == heavy).mean() > 0.95
