"""The engines, one contract; none is loaded before it is needed."""

from __future__ import annotations

from collections.abc import Callable

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.recipe import Recipe
from whyfit.training.contract import Engine


def engines() -> tuple[Engine, ...]:
    """One of each, the one to prefer first."""
    from whyfit.training.engines.kernel import KernelEngine  # noqa: PLC0415  # see the head of this file
    from whyfit.training.engines.single import SingleEngine  # noqa: PLC0415  # see the head of this file
    from whyfit.training.engines.stacked import StackedEngine  # noqa: PLC0415  # see the head of this file

    return KernelEngine(), StackedEngine(), SingleEngine()


def engine_for(recipe: Recipe, data: Dataset, compiling: Callable[[], None]) -> Engine:  # noqa: ARG001  # the choice by cost will ask the data
    """The engine for a study of one recipe, ready to train; `compiling` is called where that takes long."""
    from whyfit.training.engines.kernel import KernelEngine  # noqa: PLC0415  # see the head of this file

    kernel = KernelEngine()
    if kernel.why_not(recipe) is None:
        kernel.prepare(compiling)
        return kernel
    from whyfit.training.engines.single import SingleEngine  # noqa: PLC0415  # see the head of this file

    return SingleEngine()
