"""The augmentations in torch against the compiled ones, from the same draws."""

import numpy as np
import pytest
import torch

from whyfit.rules.augmentations import Seen, augmentations
from whyfit.training.torch_parts.augmented import CHANGES, Known
from whyfit.training.torch_parts.mixed import Mixed

SHAPES = {"square": (6, 6, 1), "wide, three colours": (5, 9, 3), "tall": (9, 4, 2), "one pixel": (1, 1, 1)}
MEMBERS = 2


def both(name, shape, rows, strength, dtype, seed=0):
    """Rows after, by compiled code member by member and by torch side by side; and both sides' partners."""
    entry, rng = augmentations[name], np.random.default_rng(seed)
    features = int(np.prod(shape))
    x = rng.normal(size=(MEMBERS, rows, features)).astype(dtype)
    spread = (rng.random((MEMBERS, 1, features)) < 0.8).astype(dtype)
    columns = np.arange(features) // 2
    draws_shape = (MEMBERS, rows, entry.count(features=features, columns=features))
    draws = rng.normal(size=draws_shape) if entry.normal else rng.random(draws_shape)
    out, seen = np.empty_like(x), []
    for m in range(MEMBERS):
        seen.append(Seen(*shape, columns, spread[m, 0], np.zeros(rows, int), np.zeros(rows)))
        entry.apply(x[m], out[m], draws[m], strength * (1 + m) / MEMBERS, seen[m])
    strengths = torch.tensor([[strength * (1 + m) / MEMBERS] for m in range(MEMBERS)], dtype=torch.float64)
    known = Known(shape, torch.tensor(columns), torch.tensor(spread))
    peer, mixed = CHANGES[name](torch.tensor(x), torch.tensor(draws), strengths, known)
    return out, peer.numpy(), seen, mixed


def test_every_entry_of_the_catalogue_is_there():
    assert list(CHANGES) == list(augmentations)


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("name", augmentations)
def test_torch_and_compiled_code_give_the_same_rows(name, shape, dtype):
    for rows in (1, 8):
        for strength in (augmentations[name].strengths[-1], 1.0):
            out, peer, seen, mixed = both(name, shape, rows, strength, dtype)
            assert peer.dtype == dtype
            assert peer == pytest.approx(out, abs=1e-11 if dtype is np.float64 else 3e-5)
            if mixed is not None:
                assert np.array_equal(mixed.partner, np.stack([one.partner for one in seen]))
                assert mixed.share.numpy() == pytest.approx(np.stack([one.share for one in seen]), abs=1e-12)


def test_a_mixed_row_weighs_as_both_its_rows_would():
    """Cross-entropy is linear in the target, so both rows by their shares must give the same sum."""
    rng = np.random.default_rng(0)
    outputs = torch.tensor(rng.normal(size=(6, 3))).log_softmax(dim=1)
    shares = torch.eye(3, dtype=torch.float64)[torch.tensor([0, 1, 2, 0, 1, 0])]
    weights = torch.tensor([0.5, 1.0, 3.0, 0.5, 1.0, 0.5], dtype=torch.float64)
    mixed = Mixed(torch.tensor([3, 2, 0, 1, 1, 5]), torch.tensor(0.5 + 0.5 * rng.random(6)))
    wanted, total = mixed.weighed(shares, weights)
    each = -(outputs * wanted).sum(dim=1) * total
    own = -(outputs * shares).sum(dim=1) * weights * mixed.share
    other = -(outputs * shares[mixed.partner]).sum(dim=1) * weights[mixed.partner] * (1 - mixed.share)
    assert each.numpy() == pytest.approx((own + other).numpy(), abs=1e-12)
    assert wanted.sum(dim=1).numpy() == pytest.approx(np.ones(6))
    assert total.numpy() == pytest.approx(
        (weights * mixed.share + weights[mixed.partner] * (1 - mixed.share)).numpy(), abs=1e-12
    )
