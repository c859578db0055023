"""Random streams: the published sequence, independence of the streams, and the moments of what is drawn."""

import numpy as np
import pytest
from numba import njit

from whyfit.training import streams
from whyfit.training.streams import Stream, stream_key

PUBLISHED = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
"""SplitMix64 from seed 1234567, the vector that implementations in many languages are checked against."""


def test_bits_are_the_published_splitmix64_sequence():
    assert streams.bits(np.uint64(1234567), 5).tolist() == PUBLISHED
    assert int(streams.bits(np.uint64(0), 1)[0]) == 0xE220A8397B1DCDAF


def test_any_number_can_be_had_alone():
    key = stream_key(3, Stream.INIT)
    whole = streams.normal(key, 11)
    assert streams.bits(key, 9)[4:].tolist() == streams.bits(key, 5, start=4).tolist()
    assert [streams.normal_at(key, i) for i in range(11)] == whole.tolist()
    assert streams.normal(key, 6, start=5).tolist() == whole[5:].tolist()


def test_compiled_code_and_python_get_the_same_bits():
    @njit
    def inside(seed, out):
        key = streams.key_of(np.uint64(seed), np.uint64(1), np.uint64(2), np.uint64(0))
        streams.fill_permutation(key, out)
        return key

    out = np.empty(50, np.int64)
    key = inside(9, out)
    assert key == stream_key(9, Stream.ORDER, epoch=2)
    assert streams.permutation(key, 50).tolist() == out.tolist()


def test_keys_differ_in_every_argument():
    keys = {
        int(stream_key(seed, stream, epoch, step))
        for seed in range(-2, 6)
        for stream in Stream
        for epoch in range(8)
        for step in range(8)
    }
    assert len(keys) == 8 * len(Stream) * 8 * 8


@pytest.mark.parametrize("seed", [-1, 0, 2**63, 2**64 - 1])
def test_every_integer_is_a_seed(seed):
    assert stream_key(seed, Stream.ORDER).dtype == np.uint64


def test_uniform_numbers_fill_the_unit_interval_evenly():
    draws = streams.uniform(stream_key(0, Stream.INIT), 100_000)
    counts = np.histogram(draws, bins=20, range=(0, 1))[0]
    chi2 = ((counts - 5000) ** 2 / 5000).sum()
    assert chi2 < 43.8  # 0.999 quantile, 19 degrees of freedom
    assert draws.min() >= 0
    assert draws.max() < 1


def test_float32_uniforms_are_the_float64_ones_cut_and_never_one():
    key = stream_key(1, Stream.AUGMENTATION)
    short, long = streams.uniform(key, 10_000, np.float32), streams.uniform(key, 10_000)
    assert short.dtype == np.float32
    assert short.max() < 1
    assert np.all((long - short >= 0) & (long - short < 2.0**-24))


def test_normal_numbers_have_the_moments_of_a_normal():
    draws = streams.normal(stream_key(5, Stream.INIT), 200_000)
    assert abs(draws.mean()) < 4 / np.sqrt(draws.size)
    assert abs(draws.var() - 1) < 4 * np.sqrt(2 / draws.size)
    assert abs((draws**4).mean() - 3) < 4 * np.sqrt(96 / draws.size)


def test_permutations_of_four_are_equally_likely():
    seen = [tuple(streams.permutation(stream_key(seed, Stream.ORDER, 1), 4)) for seed in range(24_000)]
    counts = np.unique(seen, axis=0, return_counts=True)[1]
    assert counts.size == 24
    assert ((counts - 1000) ** 2 / 1000).sum() < 49.7  # 0.999 quantile, 23 degrees of freedom


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_units_are_dropped_at_their_rate_and_layers_differ(rate):
    key = stream_key(2, Stream.DROPOUT, epoch=1, step=3)
    mask = streams.kept(key, 0, 333, 301, rate)
    assert abs((~mask).mean() - rate) <= 4 * np.sqrt(rate * (1 - rate) / mask.size)
    assert rate == 0 or not np.array_equal(mask, streams.kept(key, 1, 333, 301, rate))


def test_halves_of_one_number_are_dropped_independently():
    mask = streams.kept(stream_key(2, Stream.DROPOUT, 1, 0), 0, 200_000, 1, 0.5)[:, 0].reshape(-1, 2)
    assert abs(np.corrcoef(mask.T)[0, 1]) < 4 / np.sqrt(len(mask))
