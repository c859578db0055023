"""What a study tries of augmentation: it helps where images move, and no flip is tried that nobody declared."""

from dataclasses import replace

import numpy as np
import pytest

from training.members import classes_table, images, numbers_table
from whyfit.data.digits import digits
from whyfit.doors.study_door import Wishes, gather, prepared
from whyfit.doors.voice import Silence
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.augmentations import augmentation_changes, check_declared
from whyfit.study.plan import PLAIN, PLAIN_SEEDS, Arm
from whyfit.study.remedies import families
from whyfit.text.words import words_in
from whyfit.training.check import problems_of


def family_of(data, label_preserving=()):
    recipe = Recipe.for_data(data.task)
    return next((one for one in families(data, recipe, label_preserving) if one.name == "augmentation"), None)


def kinds(family):
    return {arm.recipe.augmentation for arm in family.candidates}


def test_images_are_moved_made_noisy_and_cut_out_and_never_flipped():
    assert kinds(family_of(images())) == {"affine", "noise", "cutout"}


def test_tables_get_noise_mixup_and_swapped_columns():
    for data in (classes_table(), numbers_table()):
        assert kinds(family_of(data)) == {"noise", "mixup", "column_swap"}


def test_a_flip_is_tried_once_it_is_declared():
    assert kinds(family_of(images(), ("flip",))) - kinds(family_of(images())) == {"flip"}


def test_a_table_of_levels_alone_gets_no_noise():
    columns = (Column("a", "categorical", ("x", "y")),)
    codes = np.arange(20)[:, None] % 2
    data = Dataset(columns, np.empty((20, 0)), codes, codes[:, 0], "classification", ("n", "y"))
    assert kinds(family_of(data)) == {"mixup", "column_swap"}


def test_rows_with_embedded_categories_are_not_mixed():
    columns = (Column("a", "categorical", ("x", "y")), Column("b", "numeric"))
    codes = np.arange(20)[:, None] % 2
    data = Dataset(columns, np.arange(20.0)[:, None], codes, codes[:, 0], "classification", ("n", "y"))
    recipe = Recipe(network=Perceptron((8,), embedding="half"))
    changes = [change for _, change in augmentation_changes(data, recipe)]
    assert {change["augmentation"] for change in changes} == {"noise", "column_swap"}
    assert [problems_of(recipe.but(**change), data) for change in changes] == [()] * 4


def test_what_the_recipe_does_anyway_is_no_remedy():
    recipe = Recipe(augmentation="noise", augmentation_strength=0.3)
    labels = [label for label, _ in augmentation_changes(classes_table(), recipe)]
    assert "noise 0.1" in labels
    assert "noise 0.3" not in labels


@pytest.mark.parametrize(
    ("names", "data", "message"),
    [
        (("flop",), images(), r"must be among 'flip', 'flip_vertical', got 'flop'"),
        (("rotate",), images(), r"got 'rotate'\. Other augmentations need no declaration"),
        (("flip",), classes_table(), r"is for images, and 'arrays' is a table"),
    ],
)
def test_a_declaration_that_means_nothing_is_refused(names, data, message):
    with pytest.raises(ArgumentError, match=message):
        check_declared(names, data)


def test_a_strength_is_said_in_words_of_both_languages():
    assert words_in("en").term("affine 0.1") == "rotation, shifts and scaling 0.1"
    assert words_in("zh").term("column_swap 0.05") == "列值交换 0.05"


def wandering_digits(rows=400, side=12):
    """Digits anywhere on a larger ground: where they stand says nothing, and few rows show each of them everywhere."""
    rng, source = np.random.default_rng(0), digits()
    chosen = rng.permutation(source.rows)[:rows]
    pictures = np.zeros((rows, side, side), np.float32)
    for picture, row in zip(pictures, chosen, strict=True):
        top, left = rng.integers(0, side - 8 + 1, 2)
        picture[top : top + 8, left : left + 8] = source.numeric[row].reshape(8, 8)
    return pictures, source.target[chosen]


def facing(rows=240, size=8):
    """A face turned to its left, or to its right: that side is brighter. A flip makes the other class of it."""
    rng = np.random.default_rng(1)
    target = np.arange(rows) % 2
    pictures = rng.normal(size=(rows, size, size)).astype(np.float32)
    pictures[target == 0, :, : size // 2] += 0.5
    pictures[target == 1, :, size // 2 :] += 0.5
    return pictures, target


def measured(source, budget, label_preserving=(), only=lambda arm: True):
    """The augmentation family alone, measured by a study; its verdict and gain."""
    wishes = Wishes(budget=budget, label_preserving=label_preserving)
    with prepared(source, wishes, Silence()) as study:
        recipe = Recipe.for_data("classification", Perceptron((64,)), learning_rate=3e-3)
        family = next(f for f in families(study.data, recipe, label_preserving) if f.name == "augmentation")
        family = replace(family, candidates=tuple(arm for arm in family.candidates if only(arm)))
        study.plan = replace(study.plan, plain=Arm(PLAIN, recipe, seeds=PLAIN_SEEDS), families=(family,))
        study.run()
        return gather(study).remedies[0]


def test_augmentation_helps_where_digits_stand_anywhere():
    found = measured(wandering_digits(), "120n")
    assert found.verdict == "helps"
    assert found.gain.low > 0.02
    assert str(found.strength).startswith("affine")


def test_a_flip_that_changes_the_class_hurts_where_it_is_wrongly_declared():
    """And is not tried where it is not declared, see above."""
    found = measured(facing(), "60n", ("flip",), lambda arm: arm.recipe.augmentation == "flip")
    assert found.verdict == "hurts"
    assert found.gain.high < -0.1
