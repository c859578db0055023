import pytest

from study.fakes import table
from training.members import classes_table
from whyfit.errors import RecipeError
from whyfit.evidence.network import NetworkInProcess, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training import memory
from whyfit.training.check import check_recipe, problems_of
from whyfit.training.memory import least_bytes, machine_bytes

DATA = classes_table()


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(network=Perceptron((10**6, 10**6))),
        Recipe(network=Perceptron((10**12,))),
        Recipe(epochs=10**15),
    ],
    ids=["wide", "absurd", "epochs without end"],
)
def test_what_cannot_fit_is_said_before_memory_is_asked_for(recipe):
    with pytest.raises(RecipeError, match=r"needs at least .* GB, and this machine has .* GB\. Give fewer units"):
        check_recipe(recipe, DATA)


def test_the_default_fits():
    assert problems_of(Recipe(), DATA) == ()


def test_the_least_is_a_count_by_hand(monkeypatch):
    """6 inputs, 4 units, 3 classes: 36 weights, five times for Adam; 7 values a row, twice, 32 rows; 30 epochs."""
    recipe = Recipe(network=Perceptron((4,)))
    least = (36 * 5 + 7 * 2 * 32) * 4 + 30 * 4 * 8
    assert least_bytes(recipe, DATA) == least
    monkeypatch.setattr(memory, "machine_bytes", lambda: least)
    assert problems_of(recipe, DATA) == ()
    monkeypatch.setattr(memory, "machine_bytes", lambda: least - 1)
    assert len(problems_of(recipe, DATA)) == 1


def test_a_full_batch_counts_all_rows():
    small, full = Recipe(network=Perceptron((4,))), Recipe(network=Perceptron((4,)), batch_size=None)
    data = table(rows=1000, classes=2)
    assert least_bytes(full, data) - least_bytes(small, data) == (1000 - 32) * 6 * 2 * 4


def test_the_kernel_takes_no_less_than_the_least():
    """Else a network that fits could be refused."""
    from training.members import context_of, member
    from whyfit.training.engines.kernel import KernelEngine

    recipe = Recipe(network=Perceptron((300, 200)), epochs=1)
    with context_of(DATA) as context:
        taken = KernelEngine().cost([member(recipe)], context).bytes
    assert taken >= least_bytes(recipe, DATA)


def test_a_network_of_the_user_s_is_not_counted():
    assert problems_of(Recipe.for_data("classification", NetworkInProcess("mine")), DATA) == ()


def test_where_the_machine_does_not_say_nothing_is_refused(monkeypatch):
    monkeypatch.setattr(memory, "machine_bytes", lambda: None)
    assert problems_of(Recipe(network=Perceptron((10**6, 10**6))), DATA) == ()


def test_a_container_s_limit_counts(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "LIMITS", (limit, tmp_path / "absent"))
    without = machine_bytes()
    limit.write_text("1000\n")
    assert machine_bytes() == 1000
    limit.write_text("max\n")
    assert machine_bytes() == without
