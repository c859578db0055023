import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.members import classes_table, images, numbers_table
from whyfit.errors import RecipeError
from whyfit.evidence.network import NetworkFile, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.rules.optimizers import optimizers
from whyfit.training.bounds import bounds_of_setting
from whyfit.training.check import check_recipe, problems_of

CLASSES, NUMBERS = classes_table(), numbers_table()
OWN_NETWORK = NetworkFile("net.py", "make", "0")

HEALTHY = {
    "default": (Recipe(), CLASSES),
    "regression": (Recipe.for_data("regression"), NUMBERS),
    "user's network": (Recipe.for_data("classification", OWN_NETWORK), CLASSES),
    "full batch, all epochs": (Recipe(batch_size=None, patience=None), CLASSES),
    "everything at once": (
        Recipe(
            dropout=0.5, batch_norm="before", label_smoothing=0.1, class_weights="balanced", optimizer="adamw",
            settings={"beta1": 0.8}, schedule="cosine", warmup=0.1, l1=1e-4, l2=1e-4, decay_biases=True, clip_norm=1.0,
            clip_value=0.5, augmentation="noise", augmentation_strength=0.1,
        ),
        CLASSES,
    ),
}  # fmt: skip

SICK = {
    "rate zero": ({"learning_rate": 0.0}, r"`learning_rate` must be a number above 0, got 0\.0"),
    "rate negative": ({"learning_rate": -1e-3}, r"`learning_rate` must be a number above 0, got -0\.001"),
    "rate not a number": ({"learning_rate": math.nan}, r"`learning_rate` must be a number above 0, got nan"),
    "rate infinite": ({"learning_rate": math.inf}, r"`learning_rate` must be a number above 0, got inf"),
    "dropout of all": ({"dropout": 1.0}, r"`dropout` must be a number of at least 0 and under 1, got 1\.0"),
    "smoothing": ({"label_smoothing": 1.5}, r"`label_smoothing` must be a number of at least 0 and under 1, got 1\.5"),
    "half a batch": ({"batch_size": 0.5}, r"`batch_size` must be a whole number of at least 1, or None, got 0\.5"),
    "true epochs": ({"epochs": True}, r"`epochs` must be a whole number of at least 1, got True"),
    "patience": ({"patience": 0}, r"`patience` must be a whole number of at least 1, or None, got 0"),
    "penalty": ({"l2": -1.0}, r"`l2` must be a number of at least 0, or None, got -1\.0"),
    "clipping": ({"clip_norm": 0.0}, r"`clip_norm` must be a number above 0, or None, got 0\.0"),
    "place of norm": ({"batch_norm": "behind"}, r"`batch_norm` must be one of 'none', 'before', 'after', 'own', got"),
    "activation": ({"activation": "rellu"}, r"`activation` must be a name in .* got 'rellu'\. Did you mean .*'relu'"),
    "optimiser": ({"optimizer": "adma"}, r"got 'adma'\. Did you mean .*'adam'"),
    "setting": ({"settings": {"beta3": 0.9}}, r"`settings` of 'adam' must be among its own, got 'beta3'"),
    "setting not finite": ({"settings": {"beta1": math.inf}}, r"`settings` must be finite, got beta1=inf"),
    "setting out of range": (
        {"settings": {"beta1": 1.5}},
        r"`settings` must have beta1 as a number of at least 0 and under 1, got 1\.5",
    ),
    "power is no share": ({"optimizer": "asgd", "settings": {"alpha": -1}}, r"alpha as a number of at least 0, got -1"),
    "setting of words": ({"settings": {"beta1": "much"}}, r"`settings` must be numbers, got beta1='much'"),
    "no network": ({"network": "mlp"}, r"`network` must be the units of hidden layers.* got 'mlp'"),
    "half a unit": ({"network": (3.7,)}, r"a whole number of at least 1 unit in each hidden layer, got \[3\.7\]"),
    "norm of one row": ({"batch_norm": "after", "batch_size": 1}, r"`batch_norm` takes every unit to zero"),
    "nothing to norm": ({"network": (), "batch_norm": "before"}, r"`batch_norm` has no effect without a hidden layer"),
    "units": ({"network": Perceptron((8, 0))}, r"at least 1 unit in each hidden layer, got \[8, 0\]"),
    "embedding": (
        {"network": Perceptron((8,), embedding="halve")},
        r"`embedding` must be 'none', 'half', 'power' or",
    ),
    "embedding of nothing": ({"network": Perceptron((8,), embedding=0)}, r"`embedding` must be .* got 0"),
    "places mixed": (
        {"network": Perceptron((8,), embedding=4), "augmentation": "mixup", "augmentation_strength": 0.2},
        r"`augmentation` 'mixup' mixes rows; embedded categories cannot be mixed",
    ),
    "nothing to embed": (
        {"network": Perceptron((8,), embedding=4)},
        r"`embedding` has no effect without a cat",
    ),
    "units without a list": ({"network": Perceptron(32)}, r"`network` must be a Perceptron of the units .* got 32"),
    "list of names": ({"activation": ["relu"]}, r"`activation` must be one value, got \['relu'\]"),
    "rates of dropout": ({"dropout": np.array([0.1, 0.2])}, r"`dropout` must be a number of .* got array"),
    "word for yes": ({"decay_biases": "yes", "l2": 0.1}, r"`decay_biases` must be one of True, False, got 'yes'"),
    "settings of no kind": ({"settings": 3}, r"`settings` must be names and numbers, such as .* got 3"),
    "settings in threes": ({"settings": [(1, 2, 3)]}, r"`settings` must be names and numbers, .* got \[\(1, 2, 3\)\]"),
    "setting twice": (
        {"settings": (("beta1", 0.5), ("beta1", 0.6))},
        r"`settings` must name each setting once, got beta1",
    ),
    "own": ({"activation": "own"}, r"`activation` must not be 'own' for a perceptron"),
    "no decay": ({"decay_biases": True}, r"`decay_biases` has no effect without"),
    "strength alone": ({"augmentation_strength": 0.1}, r"`augmentation_strength` has no effect without"),
    "unknown augmentation": (
        {"augmentation": "rotat", "augmentation_strength": 0.1},
        r"got 'rotat'\. Did you mean 'rotate'",
    ),
    "too strong": (
        {"augmentation": "noise", "augmentation_strength": 1.5},
        r"`augmentation_strength` must be a number of at least 0 and at most 1, got 1\.5",
    ),
    "augmentation alone": ({"augmentation": "noise"}, r"`augmentation` 'noise' has no effect at strength 0"),
    "nothing to drop": ({"network": Perceptron(()), "dropout": 0.5}, r"`dropout` has no effect without a hidden layer"),
}


@pytest.mark.parametrize(("recipe", "data"), HEALTHY.values(), ids=HEALTHY)
def test_a_sound_recipe_is_silent(recipe, data):
    assert problems_of(recipe, data) == ()


@pytest.mark.parametrize(("changes", "message"), SICK.values(), ids=SICK)
def test_each_problem_is_said_with_argument_and_value(changes, message):
    with pytest.raises(RecipeError, match=message):
        check_recipe(Recipe(**changes), CLASSES)


FIELDS = tuple(field.name for field in fields(Recipe))
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.complex_numbers(), st.binary(),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=3), st.floats(), max_size=2),
    st.tuples(st.integers(), st.text(max_size=3)), st.just(np.zeros(2)), st.just(object()), st.just(len),
    st.builds(Perceptron, st.one_of(st.none(), st.integers(), st.text(max_size=3), st.floats())),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=4))
def test_whatever_stands_in_a_field_is_refused_in_words_or_can_be_stored(changes):
    recipe = Recipe(**changes)
    assert problems_of(recipe, CLASSES) or Recipe.from_plain(recipe.plain()).digest == recipe.digest


def test_every_setting_of_every_rule_has_bounds_that_hold_its_default_and_its_paper():
    for entry in optimizers.values():
        for one in entry.settings:
            bounds = bounds_of_setting(entry.name, one.name)
            assert bounds.hold(one.default), (entry.name, one.name)
            assert one.paper is None or bounds.hold(one.paper), (entry.name, one.name)


def test_numbers_of_numpy_are_numbers():
    assert (
        problems_of(Recipe(epochs=np.int64(3), learning_rate=np.float32(0.01), network=np.array([8, 4]).tolist())) == ()
    )


def test_all_problems_are_said_together():
    """Nobody should mend them one run at a time."""
    with pytest.raises(RecipeError) as caught:
        check_recipe(Recipe(epochs=0, learning_rate=-1.0, loss="hubber", dropout=2.0), CLASSES)
    assert "recipe: 4 problems:" in str(caught.value)


@pytest.mark.parametrize(
    ("recipe", "data", "message"),
    [
        (Recipe(loss="huber"), CLASSES, r"`loss` must fit classification \(.*cross_entropy.*\), got 'huber'"),
        (Recipe(), NUMBERS, r"`loss` must fit regression \(.*squared_error.*\), got 'cross_entropy'"),
        (Recipe(loss="huber", label_smoothing=0.1), NUMBERS, "`label_smoothing` needs classes"),
        (Recipe(loss="huber", class_weights="balanced"), NUMBERS, "`class_weights` needs classes"),
        (
            Recipe(augmentation="rotate", augmentation_strength=0.1),
            CLASSES,
            r"`augmentation` must fit the data \(noise, mixup, column_swap\), got 'rotate', which needs images",
        ),
        (
            Recipe(augmentation="column_swap", augmentation_strength=0.1),
            images(),
            r"`augmentation` must fit the data \(rotate, .*\), got 'column_swap', which needs tables",
        ),
    ],
)
def test_what_contradicts_the_data_is_said(recipe, data, message):
    with pytest.raises(RecipeError, match=message):
        check_recipe(recipe, data)


def test_the_decay_of_adamw_counts_as_decay():
    assert problems_of(Recipe(optimizer="adamw", decay_biases=True)) == ()


ALONE = {
    "a strength that cannot be": {"augmentation": "noise", "augmentation_strength": 1.5},
    "a penalty that cannot be": {"l1": -1.0, "decay_biases": True},
    "an augmentation that is no name": {"augmentation": ["noise"], "augmentation_strength": 0.5},
    "a batch that cannot be": {"batch_norm": "before", "batch_size": 0},
    "a dropout that cannot be": {"dropout": 2.0, "network": Perceptron(())},
}


@pytest.mark.parametrize("changes", ALONE.values(), ids=ALONE)
def test_what_hangs_on_a_value_that_cannot_be_is_not_judged(changes):
    """Neither that it has no effect, nor that it does not fit."""
    (problem,) = problems_of(Recipe(**changes), CLASSES)
    assert " must be " in problem


def test_a_loss_that_is_no_name_is_not_said_to_misfit_the_task():
    (problem,) = problems_of(Recipe(loss=["mse"]), NUMBERS)
    assert problem == "`loss` must be one value, got ['mse']."
