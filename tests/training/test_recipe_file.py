import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.members import classes_table
from whyfit.errors import RecipeError
from whyfit.evidence.network import NetworkInProcess, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.nets.reference import network_file
from whyfit.training.recipe_file import read_recipe, recipe_from_toml, recipe_to_toml, write_recipe

EVERYTHING = Recipe(
    network=Perceptron((7, 5)), activation="tanh", batch_norm="after", dropout=0.25, initializer="orthogonal",
    loss="binary_cross_entropy", label_smoothing=0.1, class_weights="balanced", optimizer="rmsprop", learning_rate=3e-4,
    settings={"alpha": 0.9, "momentum": 0.5}, schedule="cosine", warmup=0.05, batch_size=None, epochs=7, patience=None,
    l1=1e-5, l2=1e-4, weight_decay=0.01, decay_biases=True, clip_norm=1.5, clip_value=0.25, augmentation="noise",
    augmentation_strength=0.1,
)  # fmt: skip


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        EVERYTHING,
        Recipe(network=Perceptron(())),
        Recipe(optimizer="adamw", weight_decay=0.0),
        Recipe(optimizer="adam_l2", l2=0.0),
        Recipe(network=Perceptron((4,), embedding="half")),
        Recipe(network=Perceptron((4,), embedding=5)),
    ],
    ids=["plain", "all", "linear", "adamw without decay", "adam_l2 without l2", "embedded by a rule", "embedded"],
)
def test_a_recipe_comes_back_as_it_was(recipe):
    again = recipe_from_toml(recipe_to_toml(recipe))
    assert again == recipe
    assert again.digest == recipe.digest


@settings(max_examples=50, deadline=None)
@given(
    rate=st.floats(1e-12, 1e12), dropout=st.floats(0, 0.99), epochs=st.integers(1, 10**6),
    clip=st.none() | st.floats(1e-6, 1e6), hidden=st.lists(st.integers(1, 4096), min_size=1, max_size=5),
)  # fmt: skip
def test_every_number_comes_back_to_the_last_digit(rate, dropout, epochs, clip, hidden):
    recipe = Recipe(
        learning_rate=rate, dropout=dropout, epochs=epochs, clip_norm=clip, network=Perceptron(tuple(hidden))
    )
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe


def test_what_is_left_out_keeps_its_default_and_the_loss_follows_the_task():
    assert recipe_from_toml("dropout = 0.5") == Recipe(dropout=0.5)
    assert recipe_from_toml("epochs = 3", task="regression") == Recipe.for_data("regression", epochs=3)
    assert recipe_from_toml("learning_rate = 1") == Recipe(learning_rate=1.0)


def test_no_penalty_and_the_one_of_the_optimiser_s_name_are_two_words():
    assert 'weight_decay = "default"' in recipe_to_toml(Recipe(optimizer="adamw"))
    assert recipe_from_toml('optimizer = "adamw"\nweight_decay = "none"\nl2 = "default"') == Recipe(
        optimizer="adamw", weight_decay=0.0
    )


def test_a_network_file_is_found_from_the_recipe_s_folder_and_keeps_its_own_layers(tmp_path):
    (tmp_path / "net.py").write_text("def make(): ...")
    (tmp_path / "r.toml").write_text('[network]\nkind = "file"\npath = "net.py"\nfunction = "make"\n')
    recipe = read_recipe(tmp_path / "r.toml")
    assert recipe == Recipe.for_data("classification", network_file(f"{tmp_path / 'net.py'}:make"))
    assert recipe.activation == "own"
    write_recipe(recipe, tmp_path / "again.toml")
    assert read_recipe(tmp_path / "again.toml") == recipe


def test_a_network_file_that_changed_is_refused(tmp_path):
    (tmp_path / "net.py").write_text("def make(): ...")
    write_recipe(Recipe.for_data("classification", network_file(f"{tmp_path / 'net.py'}:make")), tmp_path / "r.toml")
    (tmp_path / "net.py").write_text("def make(): return 1")
    with pytest.raises(RecipeError, match=r"r\.toml: the content of .* is not what it was"):
        read_recipe(tmp_path / "r.toml")


def test_a_function_of_this_process_cannot_be_written():
    with pytest.raises(RecipeError, match="a function of this process, which no file can name"):
        recipe_to_toml(Recipe(network=NetworkInProcess("make#1")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dropout = = 1", r"it is not TOML: .*line 1"),
        ("droput = 0.5", r"a recipe has no field `droput`\. Did you mean `dropout`\?"),
        ("dropout = [0.5]", r"`dropout` must be one value, got \[0\.5\]"),
        ("network = 3", r"`network` must be a table"),
        ('[network]\nkind = "rnn"', r"`kind` of \[network\] must be 'mlp', 'cnn' or 'file', got 'rnn'"),
        ('[network]\nkind = "mlp"\nhidden = [8.5]', r"must be a list of whole numbers, got \[8\.5\]"),
        ('[network]\nkind = "mlp"\nhidden = [8]\nembedding = [2]', r"`embedding` of \[network\] must be a name or a"),
        ('[network]\nkind = "file"\npath = "n.py"', r"`function` of \[network\] must be a text, got None"),
        ('[network]\nkind = "file"\npath = "absent.py"\nfunction = "make"', "there is no file 'absent.py'"),
        ("[settings]\nbeta1 = true", r"`settings` must be numbers, got beta1 = True"),
        ("epochs = 2.5", r"`epochs` must be a whole number of at least 1, got 2\.5"),
        ('learning_rate = "fast"', r"`learning_rate` must be a number above 0, got 'fast'"),
        ('epochs = "none"', r"`epochs` must be a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, message):
    with pytest.raises(RecipeError, match=message):
        recipe_from_toml(text)


def test_all_problems_are_said_together():
    with pytest.raises(RecipeError, match="3 problems"):
        recipe_from_toml("droput = 1\nl3 = 2\n[network]\nkind = 'x'")


def test_problems_of_form_of_value_and_against_the_data_are_said_together():
    text = "droput = 1\nepochs = 0\nloss = 'huber'\n[network]\nkind = 'file'\npath = 'no.py'\nfunction = 'f'"
    with pytest.raises(RecipeError) as caught:
        recipe_from_toml(text, data=classes_table())
    said = str(caught.value)
    assert "4 problems" in said
    for part in ("no field `droput`", "`epochs` must be", "`loss` must fit classification", "there is no file 'no.py'"):
        assert part in said


def test_a_network_that_cannot_be_read_gives_no_other_problem():
    """Its own layers are no contradiction while nobody knows what it is."""
    with pytest.raises(RecipeError, match=r"there is no file 'no\.py'") as caught:
        recipe_from_toml("activation = 'own'\n[network]\nkind = 'file'\npath = 'no.py'\nfunction = 'f'")
    assert "problems" not in str(caught.value)


def test_whyfit_s_own_convolutional_network_is_named_by_a_word():
    recipe = Recipe.for_data("classification", network_file("cnn"))
    text = recipe_to_toml(recipe)
    assert 'kind = "cnn"' in text
    assert "path" not in text
    assert recipe_from_toml(text) == recipe


def test_an_absent_file_is_said(tmp_path):
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(tmp_path / "absent.toml")


def test_infinity_is_no_setting():
    with pytest.raises(RecipeError, match="finite"):
        recipe_from_toml(f"[settings]\nbeta1 = {math.inf}")
