"""The normal distribution for GELU, in forms that LLVM turns into vector instructions.

float32 takes one quotient of polynomials, half the time of a form with an exp, right to a few last places of 1.
float64, which serves tests alone, takes e^(−x²/2) times a polynomial, right far down the tail too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.rules.jit import by_precision, ordered
from whyfit.rules.vector_math import exp, polynomial

SHARE_32 = (
    (2.1312115e-08, 6.3877221e-06, 1.8234665e-04, 4.7588731e-03, 3.5238102e-02, 3.9894220e-01),
    (1.1580777e-06, 7.7675100e-05, 1.9614090e-03, 2.9430187e-02, 2.5499416e-01, 1.0),
)
"""(Φ(x) − ½)/x as a quotient of polynomials in x², fitted for |x| ≤ 5.75 by Lawson's weights; Φ to 1.3e-8."""
SLOPE_32 = (
    (
        -1.9942012e-11,
        3.5637988e-09,
        -1.7479213e-07,
        3.2618633e-05,
        -1.9348568e-04,
        1.4631182e-02,
        -4.4286862e-02,
        7.9788470e-01,
    ),
    (4.8140424e-06, 1.3979767e-04, 2.8106797e-03, 3.5943460e-02, 2.7782950e-01, 1.0),
)
"""The same of Φ(x) + x·φ(x), to 1.9e-8."""
EDGE_32 = 5.75
"""Beyond, Φ is within 5e-9 of 0 or 1, and its slope within 2e-7."""
TAIL_64 = (
    5.6771096747158838e-10,
    -6.8022733472729427e-10,
    -6.4327586532940356e-09,
    -1.8337228794601124e-09,
    5.0267805081998317e-08,
    1.3312472590685017e-07,
    -9.5399578217443614e-08,
    -1.5845376241910233e-06,
    -4.6063211707517458e-06,
    -1.3636420657761634e-06,
    4.5811963978528122e-05,
    2.5011710626249489e-04,
    8.7186200677875444e-04,
    2.3977687206252636e-03,
    5.5805062549241077e-03,
    1.1369871503668006e-02,
    2.0679739247058033e-02,
    3.3998505123343985e-02,
    5.0952064514861848e-02,
    7.0016349926895995e-02,
    8.8583585624338489e-02,
    1.0347432801308928e-01,
    1.1178696488108107e-01,
)
"""e^(y²/2)·Φ(−y)/t in 2t − 1, where t = 7/(7 + y), to 2.5e-18."""
TAIL_SCALE = 7.0
PEAK = 0.3989422804014327
"""1/√(2π), the normal density at 0."""


@ordered
def _quotient(x: Any, above: tuple[float, ...], below: tuple[float, ...]) -> Any:
    """½ + x·P(x²)/Q(x²) up to the edge, 0 and 1 beyond."""
    edge = np.float32(EDGE_32)
    inside = edge if x > edge else (-edge if x < -edge else x)
    u = inside * inside
    y = np.float32(0.5) + inside * (polynomial(u, above) / polynomial(u, below))
    return np.float32(1.0) if x > edge else (np.float32(0.0) if x < -edge else y)


@ordered
def _share32(x: Any) -> Any:
    return _quotient(x, SHARE_32[0], SHARE_32[1])


@ordered
def _slope32(x: Any) -> Any:
    return _quotient(x, SLOPE_32[0], SLOPE_32[1])


@ordered
def _normal64(x: Any) -> Any:
    """Φ(x) and φ(x), from one exp."""
    y = abs(x)
    bell = exp(y * y * -0.5)
    t = TAIL_SCALE / (TAIL_SCALE + y)
    s = t + t - 1.0
    s4 = (s * s) * (s * s)
    # In two parts, as LLVM does not unroll a loop of 23.
    tail = bell * t * (polynomial(s, TAIL_64[:11]) * (s4 * s4 * s4) + polynomial(s, TAIL_64[11:]))
    return (1.0 - tail if x > 0.0 else tail), PEAK * bell


@ordered
def _share64(x: Any) -> Any:
    return _normal64(x)[0]


@ordered
def _slope64(x: Any) -> Any:
    share, density = _normal64(x)
    return share + x * density


normal_share = by_precision(_share32, _share64)
"""Φ(x), the share of a standard normal below x; float32 to 3e-7."""
gelu_slope = by_precision(_slope32, _slope64)
"""Φ(x) + x·φ(x), the derivative of x·Φ(x); float32 to 4e-7. With an exp it would take twice the time."""
