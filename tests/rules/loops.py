"""Functions of one number, run over arrays."""

import numpy as np

from whyfit.rules.jit import jit


def looped(function):
    @jit
    def loop(x, y):
        for i in range(x.size):
            y[i] = function(x[i])

    return loop


def points(low, high, dtype):
    """Near zero on all scales, and evenly over the range."""
    rng = np.random.default_rng(0)
    near = np.concatenate([rng.normal(0, scale, 20_000) for scale in (1e-6, 1e-3, 0.1, 1.0)])
    x = np.concatenate([near, np.linspace(low, high, 100_001)]).astype(dtype)
    return x[(x >= low) & (x <= high)]


def runs_on_vectors(loop):
    """Look at the machine's own code: a vector instruction on float32 is there, a call of libm is not."""
    loop(np.ones(8, np.float32), np.ones(8, np.float32))
    compiled = loop.dispatcher
    code = compiled.inspect_asm(next(s for s in compiled.signatures if "float32" in str(s[0])))
    vectors = any(word in code for word in ("vmulps", "mulps", "vfmadd", "fmla", "fmul\tv"))
    return vectors and not any(call in code for call in ("expf", "tanhf", "logf", "erff", "log1pf"))
