"""One network of a study, trained once more while it is observed: for what outcomes cannot tell.

Outcomes hold curves, predictions and vitals. Whether gradients are right and arrive everywhere, and whether the last
layer fits the loss, is seen on the network itself: so one member of the plain arm is trained for a few hundred steps by
the plain torch loop under the observer of `watch`, with its probes on a private copy. Same rows, seed and streams, so
two studies see the same.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Collect, Member
from whyfit.evidence.observation import Observation
from whyfit.study.crew import itself
from whyfit.training.contract import CancelFlag, Context, Cost

STEPS = 300
"""Steps that are observed, of which the observer looks at a third. Chosen: a fraction of a second for the default
network."""
SECONDS = 15.0
"""After which a network of very slow steps is let go with what was seen. Chosen: a quarter of the usual budget."""
SHARE = math.inf
"""Part of the time that the observer may take: which steps it looks at is no matter of the clock, so that two studies
see the same."""


def observed(member: Member, data: Dataset) -> Observation | None:
    """What training one member shows; None where torch is not there or cannot train it.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> from whyfit.data.splits import holdout
    >>> from whyfit.evidence.member import BlockId
    >>> from whyfit.evidence.recipe import Recipe
    >>> digits = load(None)
    >>> seen = observed(Member(recipe=Recipe(), split=holdout(digits), seed=1, block=BlockId(0, 0)), digits)
    >>> seen.steps <= STEPS
    True
    """
    from whyfit.training.engines.single import SingleEngine  # noqa: PLC0415

    engine = SingleEngine()
    if find_spec("torch") is None or not engine.fits(member):
        return None
    import torch  # noqa: F401, PLC0415  # its import is no part of the seconds

    short = shortened(member)
    with tempfile.TemporaryDirectory(prefix="whyfit-observed-") as place, _for_seconds(SECONDS) as cancel:
        with _observer(Path(place)):
            for shard in engine.shards([short], data.fingerprint, Cost(0.0, 0)):
                for _ in engine.train(shard, Context(partial(itself, data), cancel)):
                    pass
        return _read(Path(place))


@contextmanager
def loading_ahead() -> Iterator[None]:
    """Load torch, which takes seconds, beside the training and not after it; done when the context is left."""
    thread = Thread(target=_load_torch, name="whyfit-loading", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()  # a process that ends in the middle of this import may crash


def _load_torch() -> None:
    with suppress(Exception):  # what is wrong with it is said where it is needed
        import_module("torch._dynamo")  # what the first optimiser loads; it takes longer than torch itself


def shortened(member: Member) -> Member:
    """The member with as many epochs, or training rows, as `STEPS` steps take; nothing is collected."""
    rows, batch = member.split.train.size, member.recipe.batch_size or member.split.train.size
    most_rows = STEPS * batch
    kept = member.split.train[:: -(-rows // most_rows)] if rows > most_rows else member.split.train
    steps = -(-kept.size // batch)
    recipe = member.recipe.but(epochs=max(1, min(member.recipe.epochs, STEPS // steps)))
    split = replace(member.split, train=np.ascontiguousarray(kept))
    return replace(member, recipe=recipe, split=split, collect=Collect(predictions=False))


@contextmanager
def _for_seconds(seconds: float) -> Iterator[CancelFlag]:
    """A cancel flag that sets itself."""
    with CancelFlag.create() as cancel:
        timer = Timer(seconds, cancel.set)
        timer.daemon = True
        timer.start()
        try:
            yield cancel
        finally:
            timer.cancel()


@contextmanager
def _observer(folder: Path) -> Iterator[None]:
    from whyfit.vitals.journal import Journal  # noqa: PLC0415  # torch
    from whyfit.vitals.observer import Observer  # noqa: PLC0415

    observer = Observer(Journal(folder), SHARE, _probes)
    observer.install()
    try:
        yield
    finally:
        observer.end()


def _probes(
    network: Any,
    batch: Sequence[Any],
    named: Mapping[str, Any] | None = None,
    *,
    own_functions: bool,
    task: Any = None,
    examples: Any = None,
) -> dict[str, Any]:
    """All probes: the derivative is checked whether or not somebody wrote one by hand.

    The study itself tries rates, and measures networks beside each other.
    """
    from whyfit.probes.all import run_probes  # noqa: PLC0415  # torch

    del own_functions, task, examples
    return run_probes(network, batch, named, own_functions=True)


def _read(folder: Path) -> Observation | None:
    from whyfit.vitals.read import read_folder  # noqa: PLC0415

    with suppress(OSError, KeyError, TypeError, ValueError):
        return next(iter(read_folder(folder)), None)
    return None
