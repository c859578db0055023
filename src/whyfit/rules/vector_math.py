r"""exp, tanh, sigmoid, log and softplus in forms that LLVM turns into vector instructions.

The C library's functions are called one element at a time: 2.2 ns an exp and 10 ns a tanh, measured, which made a tanh
network three times as slow as a ReLU one. These have no branch and no call, so that a loop over them runs eight or
sixteen elements at once. NaN stays NaN; infinity gives the limit.

All rest on one range reduction: x = k·ln 2 + r with an integer k and |r| ≤ ln(2)/2, so that e^x = 2^k·e^r
(Muller 2016, *Elementary Functions*, 3rd ed., chapter 11). k is rounded by adding a number so large that its last bit
counts ones, and stands in that bit pattern ready to become the exponent of 2^k. Results under the smallest normal
number are 0. The polynomials interpolate at Chebyshev nodes, computed with 60 digits; their errors are in the tests.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.rules.jit import by_precision, ordered

LOG2_E = 1.4426950408889634
LN2_32 = (0.693359375, -2.1219444005469058e-4)
"""ln 2 in two parts, the first so short that its product with k is exact; so for the next."""
LN2_64 = (0.6931471803691238, 1.9082149292705877e-10)
ONES_32 = 12582912.0
"""1.5·2^23: a float32 this large counts ones in its last bit."""
ONES_64 = 6755399441055744.0
"""1.5·2^52, for float64."""
ROOT_HALF_32, ROOT_HALF_64 = 0x3F3504F3, 0x3FE6A09E667F3BCD
"""√½ as bits."""
LARGEST_32, SMALLEST_32 = 88.7228394, -86.98
"""Above, e^x is infinite in float32; below, it is 0 here (the smallest normal number is e^−87.3)."""
LARGEST_64, SMALLEST_64 = 709.782712893384, -707.7
ALL_GONE = 60.0
"""e^−60 is under half a last place of 1 in both precisions, so expm1 is −1 from −60 down."""
TANH_FLAT = 20.0
"""tanh(20) is 1 in both precisions."""
SOFTPLUS_LINEAR = 20.0
"""From here up softplus is taken as x, 2e-9 too low, as torch does (threshold=20)."""

EXP_32 = (0.0013926250831497612, 0.0083632328836826182, 0.041666554212984150, 0.16666576666119928, 0.5)
"""(e^r − 1 − r)/r², highest power first, to 7.9e-9 of e^r."""
EXP_64 = (
    2.0914755325893202e-09,
    2.5105312729621802e-08,
    2.7557273478718580e-07,
    2.7557255170000887e-06,
    2.4801587325677462e-05,
    1.9841269875002279e-04,
    1.3888888888883711e-03,
    8.3333333333260831e-03,
    4.1666666666666670e-02,
    1.6666666666666671e-01,
    0.5,
)
"""The same to 1.7e-19."""
LOG_32 = (0.11612164612011674, 0.10853287900440186, 0.14296178997151419, 0.19999853165964859, 0.33333333660263706)
"""(artanh(s)/s − 1)/s² in s² ≤ 1/9, to 4.0e-10."""
LOG_64 = (
    0.078152889046142611,
    0.037460718977753837,
    0.054225891974400074,
    0.058671395306515987,
    0.066675893157246279,
    0.076922719824302746,
    0.090909099489813572,
    0.111111110991183853,
    0.142857142858000497,
    0.199999999999997613,
    0.333333333333333334,
)
"""The same to 1.4e-19."""


@ordered
def polynomial(x: Any, coefficients: tuple[float, ...]) -> Any:
    """Horner's rule, highest power first; the loop is unrolled before the caller's is vectorised."""
    number = type(x)
    y = number(coefficients[0])
    for c in coefficients[1:]:
        y = y * x + number(c)
    return y


@ordered
def _split32(x: Any) -> Any:
    """2^(k−1) and e^r − 1."""
    shifted = x * np.float32(LOG2_E) + np.float32(ONES_32)
    k = shifted - np.float32(ONES_32)
    r = (x - k * np.float32(LN2_32[0])) - k * np.float32(LN2_32[1])
    scale = np.int32((np.float32(shifted).view(np.int32) + np.int32(126)) << np.int32(23)).view(np.float32)
    return scale, polynomial(r, EXP_32) * (r * r) + r


@ordered
def _split64(x: Any) -> Any:
    """2^(k−1) and e^r − 1."""
    shifted = x * LOG2_E + ONES_64
    k = shifted - ONES_64
    r = (x - k * LN2_64[0]) - k * LN2_64[1]
    scale = np.int64((np.float64(shifted).view(np.int64) + np.int64(1022)) << np.int64(52)).view(np.float64)
    return scale, polynomial(r, EXP_64) * (r * r) + r


@ordered
def _exp32(x: Any) -> Any:
    scale, q = _split32(x)
    y = np.float32(2.0) * (scale * q + scale)
    y = np.float32(np.inf) if x > np.float32(LARGEST_32) else y
    return np.float32(0.0) if x < np.float32(SMALLEST_32) else y


@ordered
def _exp64(x: Any) -> Any:
    scale, q = _split64(x)
    y = 2.0 * (scale * q + scale)
    y = np.inf if x > LARGEST_64 else y
    return 0.0 if x < SMALLEST_64 else y


@ordered
def _expm1_32(x: Any) -> Any:
    scale, q = _split32(x)
    y = np.float32(2.0) * (scale * q + (scale - np.float32(0.5)))
    y = np.float32(np.inf) if x > np.float32(LARGEST_32) else y
    return np.float32(-1.0) if x < np.float32(-ALL_GONE) else y


@ordered
def _expm1_64(x: Any) -> Any:
    scale, q = _split64(x)
    y = 2.0 * (scale * q + (scale - 0.5))
    y = np.inf if x > LARGEST_64 else y
    return -1.0 if x < -ALL_GONE else y


exp = by_precision(_exp32, _exp64)
"""e^x."""
expm1 = by_precision(_expm1_32, _expm1_64)
"""e^x − 1, right near 0 too."""


@ordered
def sigmoid(x: Any) -> Any:
    """1/(1 + e^(−x))."""
    one = type(x)(1.0)
    return one / (one + exp(-x))


@ordered
def tanh(x: Any) -> Any:
    """(e^(2x) − 1)/(e^(2x) + 1) by expm1: as (1 − e)/(1 + e) it would be 1.6e-3 off near 0."""
    number = type(x)
    flat = number(TANH_FLAT)
    inside = flat if x > flat else x
    u = expm1(inside + inside)
    return u / (u + number(2.0))


@ordered
def _log1p32(u: Any) -> Any:
    s = u / (u + np.float32(2.0))
    v = s * s
    return (s + s) + (s + s) * (v * polynomial(v, LOG_32))


@ordered
def _log1p64(u: Any) -> Any:
    s = u / (u + 2.0)
    v = s * s
    return (s + s) + (s + s) * (v * polynomial(v, LOG_64))


log1p = by_precision(_log1p32, _log1p64)
"""ln(1 + u) for 0 ≤ u ≤ 1, as 2·artanh(u/(u + 2))."""


@ordered
def _log32(x: Any) -> Any:
    bits = np.float32(x).view(np.int32)
    k = (bits - np.int32(ROOT_HALF_32)) >> np.int32(23)
    m = np.int32(bits - (k << np.int32(23))).view(np.float32)  # √½ ≤ m < √2
    s = (m - np.float32(1.0)) / (m + np.float32(1.0))
    v = s * s
    y = (s + s) + (s + s) * (v * polynomial(v, LOG_32))
    y = np.float32(k) * np.float32(LN2_32[0]) + (y + np.float32(k) * np.float32(LN2_32[1]))
    return y if x < np.float32(np.inf) else x


@ordered
def _log64(x: Any) -> Any:
    bits = np.float64(x).view(np.int64)
    k = (bits - np.int64(ROOT_HALF_64)) >> np.int64(52)
    m = np.int64(bits - (k << np.int64(52))).view(np.float64)  # √½ ≤ m < √2
    s = (m - 1.0) / (m + 1.0)
    v = s * s
    y = (s + s) + (s + s) * (v * polynomial(v, LOG_64))
    y = np.float64(k) * LN2_64[0] + (y + np.float64(k) * LN2_64[1])
    return y if x < np.inf else x


log = by_precision(_log32, _log64)
"""ln x for x from the smallest normal number up."""


@ordered
def softplus(x: Any) -> Any:
    """ln(1 + e^x), as max(x, 0) + ln(1 + e^(−|x|)); x from 20 up, as in torch."""
    number = type(x)
    y = (x if x > number(0.0) else number(0.0)) + log1p(exp(-abs(x)))
    return x if x > number(SOFTPLUS_LINEAR) else y
