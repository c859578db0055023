"""Follows torch's DataLoaders: each batch is fingerprinted as it comes, and is of the call of the network that follows.

Whether a batch is trained on or evaluated shows at that call. What a script does to a batch in between (to a device,
scaled, cut) does not matter then. Costs some 15 µs a batch; where that is more than its part of the time allows,
training batches are left out at random moments, and how many is kept.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.data import dataloader

from whyfit.evidence.types import AnyArray
from whyfit.vitals.governor import clock
from whyfit.vitals.loaded import Loaded, columns_of
from whyfit.vitals.numbers import quietly
from whyfit.vitals.patches import Patches
from whyfit.vitals.prints import Prints, prints_of
from whyfit.vitals.pulse import Pulse
from whyfit.vitals.rows import Rows

FIRST_SECONDS, PART = 0.1, 0.2
"""Free of the share, and the part of the share that fingerprints may take; looks have theirs. Chosen."""
MOST_DATASETS = 50


@dataclass(frozen=True, slots=True)
class Pending:
    """A batch that came out of a loader and has not been used yet."""

    part: Loaded
    begins: bool
    rows: int
    prints: Prints | None
    labels: AnyArray | None
    columns: AnyArray | None
    answers: weakref.ref[Any] | None = None


class Loaders:
    """Notes what comes out of every DataLoader.

    Parameters
    ----------
    rows
        Where fingerprints are kept.
    share
        Of the time, that watching may take in all.

    pulse
        Holds the batch that no call of the network has followed yet.

    `answers` is the last tensor of the batch that was called last, where it had several, until its caller takes it.
    """

    def __init__(self, rows: Rows, share: float, pulse: Pulse) -> None:
        self._patches, self._rows, self._share = Patches(), rows, share * PART
        self._parts: list[Loaded] = []
        self._known: dict[int, tuple[weakref.ref[Any] | None, Loaded]] = {}
        self._pulse = pulse
        self._start, self._trained_batches = clock(), 0
        self.answers: Any = None
        self.spent = 0.0

    def install(self, guard: Any) -> None:
        """Stand behind the `__next__` of what iterates over a loader; `guard` keeps errors from the script."""
        saw = guard(self._saw)

        def make(following: Any) -> Any:
            def __next__(iterator: Any) -> Any:  # noqa: N807
                batch = following(iterator)
                saw(iterator, batch)
                return batch

            return __next__

        self._patches.wrap(dataloader._BaseDataLoaderIter, "__next__", make)  # noqa: SLF001  # both iterators' base

    def undo(self) -> None:
        """Give torch its own back."""
        self._patches.undo()

    @property
    def any(self) -> bool:
        """Whether any loader was met."""
        return bool(self._parts)

    def plain(self) -> list[dict[str, Any]]:
        """Every dataset as it stands in the journal."""
        return [part.plain() for part in self._parts]

    def called(self, *, grad: bool, network: Any = None) -> tuple[int, int] | None:
        """The network was called: the waiting batch is trained on, or evaluated; of the latter, (compared, known)."""
        pending, self._pulse.pending = self._pulse.pending, None
        self.answers = None if pending is None or pending.answers is None else pending.answers()
        if pending is None:
            return None
        start = clock()
        try:
            return self._trained(pending, network) if grad else self._evaluated(pending, network)
        except Exception:  # noqa: BLE001  # rows that cannot be read are not compared
            return None
        finally:
            self.spent += clock() - start

    def _saw(self, iterator: Any, batch: Any, _: Any = None) -> None:
        if self._pulse.pending is not None and not torch.is_grad_enabled():
            self.called(grad=False)  # the call could not be seen, as in a compiled network
        self._pulse.pending = None
        tensors = list(_tensors(batch))
        if not tensors or len(self._parts) > MOST_DATASETS:
            return
        start = clock()
        inputs, part = tensors[0], self._part(iterator._dataset)  # noqa: SLF001  # torch's own name for it
        within = self.spent <= FIRST_SECONDS + self._share * (start - self._start)
        self._rows.note_values(inputs)
        prints = prints_of(inputs) if within or part.trained == 0 else None
        reads = within and part.wants_reading()
        labels, columns = (_labels(tensors), columns_of(inputs)) if reads else (None, None)
        begins = iterator._num_yielded <= 1  # noqa: SLF001  # the same
        answers = weakref.ref(tensors[-1]) if len(tensors) > 1 else None
        self._pulse.pending = Pending(part, begins, int(inputs.shape[0]), prints, labels, columns, answers)
        self.spent += clock() - start

    def _part(self, dataset: Any) -> Loaded:
        """Of this very dataset: one that is gone keeps what was seen of it when another takes its place in memory."""
        reference, part = self._known.get(id(dataset), (None, None))
        if part is not None and (reference is None or reference() is dataset):
            return part
        part = Loaded(type(dataset).__name__, _length(dataset))
        self._parts.append(part)
        self._known[id(dataset)] = (_reference(dataset), part)
        return part

    @quietly
    def _trained(self, pending: Pending, network: Any) -> None:
        part, prints = pending.part, pending.prints
        self._trained_batches += 1
        known, compared, again = self._rows.train(prints, network)
        if part.network is not known and network is not None:
            part.begin_anew(known, fresh=len(known.trained.kept) <= compared)
        part.epochs += pending.begins
        part.note_trained(pending.rows, compared, again, printed=prints is not None)
        if pending.labels is not None:
            part.note_labels(pending.labels)
        if pending.columns is not None:
            part.note_columns(pending.columns)

    def _evaluated(self, pending: Pending, network: Any) -> tuple[int, int] | None:
        if pending.prints is None:
            return None
        before = self._rows.repeats
        found = self._rows.evaluate(pending.prints, network)
        if found is not None:
            pending.part.repeats += self._rows.repeats - before
            pending.part.note_evaluated(pending.rows, *found, moment=self._trained_batches)
        return found


def _tensors(batch: Any) -> Iterator[torch.Tensor]:
    """The tensors of a batch in order: a tensor, or a list, tuple or mapping of some."""
    if isinstance(batch, torch.Tensor):
        batch = (batch,)
    if isinstance(batch, dict):
        batch = tuple(batch.values())
    if isinstance(batch, (tuple, list)):
        yield from (one for one in batch if isinstance(one, torch.Tensor) and one.ndim and one.shape[0])


def _labels(tensors: list[torch.Tensor]) -> AnyArray | None:
    """Whole numbers, one a row, after the inputs; the last such tensor."""
    rows = tensors[0].shape[0]
    for one in reversed(tensors[1:]):
        whole = not one.dtype.is_floating_point and not one.is_complex()
        if whole and one.is_cpu and one.shape in ((rows,), (rows, 1)):
            return one.detach().numpy().reshape(-1)
    return None


def _length(dataset: Any) -> int | None:
    try:
        return len(dataset)
    except Exception:  # noqa: BLE001  # a stream has none, and a dataset's own `__len__` may raise anything
        return None


def _reference(dataset: Any) -> weakref.ref[Any] | None:
    """Weak where that is possible, as its number may come to belong to another object; lists cannot be referred to."""
    try:
        return weakref.ref(dataset)
    except TypeError:
        return None
