import pytest
import torch
from torch import nn

from training.members import classes_table, images, numbers_table
from whyfit.errors import NetworkError
from whyfit.nets.check import check_network, fresh_module, read_network
from whyfit.nets.reference import network_file
from whyfit.nets.registry import register

TWO, THREE, NUMBERS, IMAGES = classes_table(classes=2), classes_table(), numbers_table(), images()


def check(make, data=THREE):
    return check_network(register(make), data)


def test_a_healthy_network_is_accepted_with_its_facts():
    facts = check(lambda inputs, outputs: nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, outputs)))
    assert (facts.takes, facts.one_logit, facts.fixed_start) == ("rows", False, False)
    assert (facts.parameters, facts.layers) == (6 * 8 + 8 + 8 * 3 + 3, 4)


def test_images_are_offered_as_images_first():
    facts = check(lambda: nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(32, 2)), IMAGES)
    assert facts.takes == "images"


def test_a_network_of_dense_layers_gets_images_as_rows():
    """A newcomer's first network on digits begins with `Linear(64, …)`."""
    assert check(lambda: nn.Linear(36, 2), IMAGES).takes == "rows"


def test_pixels_come_in_their_places():
    """The bright half is on top for the first class: a mean over the top half separates them."""
    network = read_network(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(32, 2)), IMAGES)
    laid_out = network.laid_out(torch.from_numpy(IMAGES.numeric.copy()))
    assert laid_out.shape == (60, 1, 6, 6)
    assert laid_out[0, 0, :3].mean() > laid_out[0, 0, 3:].mean() + 1


def test_colours_come_last_in_the_data_and_first_in_the_network():
    data = images(size=6)
    coloured = type(data)(
        columns=data.columns, numeric=data.numeric, codes=data.codes, target=data.target, task=data.task,
        classes=data.classes, shape=(3, 4, 3),
    )  # fmt: skip
    network = read_network(nn.Sequential(nn.Conv2d(3, 2, 3), nn.Flatten(), nn.Linear(4, 2)), coloured)
    rows = torch.arange(36.0).view(1, 36)
    assert network.laid_out(rows)[0, :, 0, 0].tolist() == [0.0, 1.0, 2.0]
    assert network.laid_out(rows)[0, 0, 1].tolist() == [12.0, 15.0, 18.0, 21.0]


@pytest.mark.parametrize("shape", ["(rows, 1)", "(rows,)"])
def test_one_number_for_two_classes_is_read_as_a_logit(shape):
    """softmax(0, z) gives the second class the probability sigmoid(z)."""
    make = (
        (lambda: nn.Linear(6, 1)) if shape == "(rows, 1)" else (lambda: nn.Sequential(nn.Linear(6, 1), nn.Flatten(0)))
    )
    assert check(make, TWO).one_logit
    network = read_network(make(), TWO)
    rows = torch.randn(5, 6)
    logits = network(rows)
    assert logits.shape == (5, 2)
    assert torch.allclose(logits.softmax(1)[:, 1], torch.sigmoid(network.module(rows).flatten()))


def test_one_target_column_may_come_without_its_axis():
    data = numbers_table(outputs=1)
    assert check(lambda: nn.Sequential(nn.Linear(5, 1), nn.Flatten(0)), data).takes == "rows"


WRONG = {
    "outputs": (
        lambda: nn.Linear(6, 4),
        THREE,
        r"output has the shape \(4, 4\), and must have \(4, 3\): one number a class",
    ),
    "one for three": (lambda: nn.Linear(6, 1), THREE, r"shape \(4, 1\), and must have \(4, 3\)"),
    "targets": (lambda: nn.Linear(5, 1), NUMBERS, r"must have \(4, 2\): one number a target column"),
    "inputs": (
        lambda: nn.Linear(7, 3),
        THREE,
        r"given \(4, 6\) it raised RuntimeError: mat1 [^(]*\([^(]*\)\. It receives",
    ),
    "no module": (lambda: 3, THREE, r"the function returned int\. Return a torch\.nn\.Module"),
    "class": (lambda: nn.Linear, THREE, r"returned the class Linear, not an object of it"),
    "nothing to train": (nn.Identity, classes_table(classes=6), r"it has no parameter that could be trained"),
}


@pytest.mark.parametrize(("make", "data", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_said(make, data, message):
    with pytest.raises(NetworkError, match=message):
        check(make, data)


def test_a_layer_of_the_users_that_raises_is_named_by_its_line():
    class Halves(nn.Module):
        def forward(self, x):
            return x / (1 // (x.shape[1] - 6))

    with pytest.raises(NetworkError, match=r"it raised ZeroDivisionError: [a-z ]* \(.*test_check\.py:\d+\)\."):
        check(lambda: nn.Sequential(nn.Linear(6, 6), Halves(), nn.Linear(6, 3)))


def test_a_tuple_as_output_is_said():
    class Pair(nn.Module):
        def __init__(self):
            super().__init__()
            self.last = nn.Linear(6, 3)

        def forward(self, x):
            return self.last(x), x

    with pytest.raises(NetworkError, match="its forward gives a tuple, not a tensor"):
        check(Pair)


def test_outputs_that_are_not_finite_are_said():
    class Broken(nn.Linear):
        def forward(self, x):
            return super().forward(x) / 0

    with pytest.raises(NetworkError, match="its outputs for the first 4 rows are not finite before any training"):
        check(lambda: Broken(6, 3))


def test_outputs_without_gradient_are_said():
    class Hard(nn.Linear):
        def forward(self, x):
            return super().forward(x).argmax(1, keepdim=True).expand(-1, 3)

    with pytest.raises(NetworkError, match=r"its outputs are torch\.int64, so no gradient can pass"):
        check(lambda: Hard(6, 3))


def test_one_network_handed_out_again_and_again_is_refused():
    """Every fold would go on where the last one ended: the scores would rise fold after fold."""
    kept = nn.Linear(6, 3)

    def make():
        return kept

    with pytest.raises(NetworkError, match="two calls share their weights"):
        check(make)


def test_shared_weights_in_new_modules_are_refused():
    body = nn.Linear(6, 3)
    with pytest.raises(NetworkError, match="two calls share their weights"):
        check(lambda: nn.Sequential(body, nn.ReLU()))


def test_a_function_that_sets_its_own_seed_is_noticed():
    """All members would start alike, whatever their seeds: the seed's share of the variance would read zero."""

    def make():
        torch.manual_seed(0)
        return nn.Linear(6, 3)

    assert check(make).fixed_start


def test_lazy_layers_get_their_sizes_before_anything_else():
    facts = check(lambda: nn.Sequential(nn.LazyLinear(5), nn.ReLU(), nn.LazyLinear(3)))
    assert facts.parameters == 6 * 5 + 5 + 5 * 3 + 3


def test_an_error_of_the_training_mode_alone_is_found(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\n"
        "class make(torch.nn.Linear):\n"
        "    def __init__(self):\n"
        "        super().__init__(6, 3)\n"
        "    def forward(self, x):\n"
        "        if self.training:\n"
        "            raise ValueError('only while training')\n"
        "        return super().forward(x)\n"
    )
    with pytest.raises(NetworkError, match=r"net\.py:7: the first batch raised ValueError: only while training"):
        check_network(network_file(f"{path}:make"), THREE)


def test_checking_leaves_the_random_state_alone():
    before = torch.get_rng_state()
    check(lambda: nn.Sequential(nn.Linear(6, 3), nn.Dropout(0.5)))
    assert torch.equal(before, torch.get_rng_state())


def test_equal_seeds_start_alike_and_others_do_not():
    reference = register(lambda: nn.Linear(6, 3))
    one, same, other = (fresh_module(reference, THREE, seed).weight for seed in (5, 5, 6))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
