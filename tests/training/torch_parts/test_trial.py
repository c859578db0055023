"""What a user's network does only backwards, or only for some batches, is found before it is trained."""

import os
from functools import partial

import pytest
import torch
from torch import nn

from training.members import classes_table, context_of, member, split_of
from whyfit.errors import NetworkError
from whyfit.evidence.recipe import Recipe
from whyfit.nets.reference import network_file
from whyfit.nets.registry import register
from whyfit.training.torch_parts.trial import batch_sizes, try_member

DATA = classes_table()
TRAIN = split_of().train.size


class Backwards(torch.autograd.Function):
    """Passes forwards, raises backwards."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        raise ValueError("planted backwards")


class Planted(nn.Module):
    """One dense layer that raises for some number of rows, or backwards."""

    def __init__(self, refused=0, *, backwards=False):
        super().__init__()
        self.layer, self.refused, self.backwards = nn.Linear(6, 3), refused, backwards

    def forward(self, x):
        if len(x) == self.refused:
            raise ValueError(f"planted for {len(x)}")
        x = self.layer(x)
        return Backwards.apply(x) if self.backwards else x


def tried(make, **changes):
    one = member(Recipe.for_data("classification", register(make), **changes))
    with context_of(DATA) as context:
        try_member(one, DATA, context)


def test_a_healthy_network_passes():
    tried(Planted)


def test_what_raises_backwards_is_found():
    with pytest.raises(NetworkError, match="a training step on 32 rows raised ValueError: planted backwards"):
        tried(partial(Planted, backwards=True))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (32, "a training step on 32 rows raised ValueError: planted for 32"),
        (TRAIN % 32, f"a training step on {TRAIN % 32} rows"),
        (TRAIN, f"an evaluation of {TRAIN} rows raised ValueError"),
    ],
)
def test_what_raises_for_one_size_alone_is_found(rows, message):
    with pytest.raises(NetworkError, match=message):
        tried(partial(Planted, rows))


def test_a_place_in_the_user_s_file_is_said(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from torch import nn\n"
        "class Net(nn.Linear):\n"
        "    def forward(self, x):\n"
        "        if len(x) == 32: raise ValueError('planted')\n"
        "        return super().forward(x)\n"
        "def make(inputs, outputs): return Net(inputs, outputs)\n"
    )
    one = member(Recipe.for_data("classification", network_file(f"{path}:make")))
    with context_of(DATA) as context, pytest.raises(NetworkError) as caught:
        try_member(one, DATA, context)
    assert f"mine.py{os.path.sep}"[:-1] in str(caught.value)
    assert "mine.py:4" in str(caught.value)


def test_numbers_that_diverge_are_no_fault_of_the_code():
    tried(lambda: nn.Sequential(nn.Linear(6, 3), Huge()))


class Huge(nn.Module):
    """Finite forwards on small values, infinite as a loss."""

    def forward(self, x):
        return x * 1e38 if self.training else x


@pytest.mark.parametrize(("batch", "sizes"), [(32, (32, TRAIN % 32)), (TRAIN, (TRAIN,)), (None, (TRAIN,)), (1, (1,))])
def test_the_sizes_of_batches(batch, sizes):
    assert batch_sizes(member(Recipe(batch_size=batch))) == sizes
