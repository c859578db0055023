import numpy as np

from training.members import classes_table, images
from whyfit.data.encode import features_of, fit_scaling
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.recipe import Recipe
from whyfit.rules.augmentations import augmentations
from whyfit.training.augmenting import augmentation_of, misfit, spread_of

MIXED = Dataset(
    columns=(
        Column("a", "numeric"), Column("b", "numeric"), Column("still", "numeric"),
        Column("c", "categorical", ("x", "y")),
    ),
    numeric=np.array([[0.0, 1.0, 3.0], [np.nan, 2.0, 3.0], [2.0, 4.0, 3.0], [3.0, 5.0, 3.0]]),
    codes=np.array([[0], [1], [0], [1]]),
    target=np.array([0, 1, 0, 1]),
    task="classification",
    classes=("n", "y"),
)  # fmt: skip


def test_a_recipe_without_a_name_or_without_a_strength_has_none():
    assert augmentation_of(Recipe()) is None
    assert augmentation_of(Recipe(augmentation="noise")) is None
    assert augmentation_of(Recipe(augmentation="noise", augmentation_strength=0.1)) is augmentations["noise"]


def test_noise_may_go_where_a_quantity_varies_and_nowhere_else():
    """Features: a, b, the constant one, the mark of a missing a, two levels."""
    features = features_of(MIXED)
    assert spread_of(features, fit_scaling(features, np.arange(4))).tolist() == [1, 1, 0, 0, 0, 0]


def test_a_feature_knows_its_column():
    assert features_of(MIXED).columns.tolist() == [0, 1, 2, 0, 3, 3]


def test_what_fits_images_fits_no_table_and_the_other_way_round():
    tables = {name for name, entry in augmentations.items() if misfit(entry, classes_table()) is None}
    pictures = {name for name, entry in augmentations.items() if misfit(entry, images()) is None}
    assert tables == {"noise", "mixup", "column_swap"}
    assert pictures == set(augmentations) - {"column_swap"}
