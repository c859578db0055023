import numpy as np
import pytest

from training.members import images, member, train
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.recipe import Recipe
from whyfit.nets.check import check_network
from whyfit.nets.reference import small_cnn_file
from whyfit.training.engines.single import SingleEngine


@pytest.mark.parametrize("shape", [(6, 6), (7, 5), (9, 9, 3)])
def test_it_takes_images_of_any_size_and_colour(shape):
    pixels, noise = int(np.prod(shape)), np.random.default_rng(0)
    data = Dataset(
        columns=tuple(Column(f"p{i}", "numeric") for i in range(pixels)),
        numeric=noise.standard_normal((12, pixels)),
        codes=np.empty((12, 0)),
        target=np.arange(12) % 3,
        task="classification",
        classes=("a", "b", "c"),
        shape=shape,
    )
    assert check_network(small_cnn_file(), data).takes == "images"


def test_it_learns():
    data = images(rows=90)
    recipe = Recipe.for_data("classification", small_cnn_file(), epochs=8, patience=None)
    (outcome,) = train(SingleEngine(), data, member(recipe, rows=90))
    assert outcome.final.score_error < 0.1
