"""Under which processor, versions and sources the bits of the kernel hold.

A member's bits depend on recipe, rows and seed alone as long as all of this is the same. BLAS chooses its code by the
processor when it is loaded: the paths for SkylakeX and Haswell gave different last bits.
"""

from __future__ import annotations

import platform
from functools import cache
from importlib import import_module
from importlib.metadata import version

PACKAGES = ("numba", "llvmlite", "numpy", "scipy")
"""Scipy holds the BLAS that compiled code calls."""


@cache
def platform_facts() -> dict[str, str]:
    """What the bits depend on, by name.

    Keys: `processor` (as LLVM names it), `blas` (library, version and its code path), the packages, `kernel` (digest
    of the sources), `machine`, `python`.
    """
    from whyfit.training.kernel.sources import whole_digest  # noqa: PLC0415  # most who import this never ask

    return {
        "processor": _processor(),
        "blas": _blas(),
        **{name: version(name) for name in PACKAGES},
        "kernel": whole_digest(),
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def platform_key() -> str:
    """The platform key of an outcome of the kernel: equal keys, equal bits. Python itself has no part in them.

    Examples
    --------
    >>> platform_key() == platform_key()
    True
    """
    return ", ".join(f"{name} {fact}" for name, fact in platform_facts().items() if name != "python")


def _processor() -> str:
    from llvmlite import binding  # noqa: PLC0415  # comes with Numba

    return str(binding.get_host_cpu_name())


def _blas() -> str:
    """The BLAS of SciPy: Numba calls it through `scipy.linalg.cython_blas`."""
    from threadpoolctl import threadpool_info  # noqa: PLC0415  # only needed once

    import_module("scipy.linalg.cython_blas")  # loads the library that is asked for
    found = [one for one in threadpool_info() if one["user_api"] == "blas"]
    ours = [one for one in found if "scipy" in one["filepath"].rsplit("/", 2)[-2]] or found
    names = sorted({f"{one['internal_api']} {one['version']} {one.get('architecture', '')}".strip() for one in ours})
    return " or ".join(names) if names else "unknown"
