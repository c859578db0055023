"""Fingerprints know a row again whatever batch it is in, and a sample of them holds a share of rows without bound."""

import numpy as np
import pytest
import torch

from whyfit.vitals.prints import MOST_ENTRIES, Sample, prints_of

KINDS = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("shape", [(3,), (64,), (3, 20, 20)], ids=str)
def test_a_row_has_one_print_in_every_batch_and_other_rows_have_others(kind, shape):
    draw = torch.Generator().manual_seed(0)
    x = torch.randint(0, 2 if kind == torch.bool else 200, (8, *shape), generator=draw).to(kind)
    order = torch.randperm(8, generator=draw)
    np.testing.assert_array_equal(prints_of(x[order]), prints_of(x)[order.numpy()])
    assert len(set(prints_of(x).tolist())) == len(torch.unique(x.reshape(8, -1).double(), dim=0))


def test_prints_do_not_depend_on_how_a_tensor_lies_in_memory():
    x = torch.arange(60.0).reshape(3, 4, 5)
    np.testing.assert_array_equal(prints_of(x.permute(1, 0, 2)), prints_of(x.permute(1, 0, 2).contiguous()))


def test_zero_is_zero_whatever_its_sign():
    assert (prints_of(torch.tensor([[0.0], [-0.0]])) == prints_of(torch.tensor([[0.0], [0.0]]))).all()


def test_at_most_64_entries_are_looked_at_and_none_of_two_borders():
    x = torch.zeros(1, 28, 28)
    seen = 0
    for place in range(28 * 28):
        other = x.clone()
        other.view(-1)[place] = 1
        seen += int((prints_of(other) != prints_of(x)).item())
    assert seen == MOST_ENTRIES


@pytest.mark.parametrize("value", [torch.tensor(1.0), torch.empty(0, 3), torch.zeros(2, dtype=torch.complex64), "text"])
def test_what_has_no_rows_has_no_prints(value):
    assert prints_of(value) is None


def test_a_sample_of_ten_million_rows_stays_small_and_holds_the_share_it_says():
    sample, noise = Sample(most=1000), np.random.default_rng(0)
    for _ in range(100):
        sample.add(noise.integers(0, 1 << 63, size=100_000, dtype=np.uint64))
    assert len(sample.kept) <= 1000
    expected = 1e7 * sample.share
    assert abs(len(sample.kept) - expected) < 4 * expected**0.5


def test_a_sample_estimates_an_overlap_without_bias():
    """Of the compared rows 30 % were kept before: whichever rows the sample holds, it finds that share."""
    noise = np.random.default_rng(1)
    trained, fresh = (noise.integers(0, 1 << 63, size=200_000, dtype=np.uint64) for _ in range(2))
    sample = Sample(most=2000)
    sample.add(trained)
    compared, known = sample.known(np.concatenate([trained[:30_000], fresh[:70_000]]))
    assert abs(known / compared - 0.3) < 4 * (0.21 / compared) ** 0.5


def test_rows_that_come_again_are_counted():
    sample, prints = Sample(), prints_of(torch.arange(10.0)[:, None])
    assert sample.add(prints) == (10, 0)
    assert sample.add(prints[:4]) == (4, 4)
    assert sample.add(prints[[0, 0]]) == (2, 2)
