"""The calls of the whole network: in which mode it trains, in which it is evaluated, and on which rows.

A root's *class* is given a `__call__` that counts, so that nothing stands on the instance: a copy, a pickle or a saved
file of the network holds nothing of ours, and attention's fast path sees no hook.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import nn

from whyfit.vitals.examples import Library
from whyfit.vitals.governor import clock
from whyfit.vitals.graph import Graph
from whyfit.vitals.loaders import Loaders
from whyfit.vitals.patches import Patches
from whyfit.vitals.places import script_line
from whyfit.vitals.prints import prints_of
from whyfit.vitals.pulse import Pulse
from whyfit.vitals.rows import Rows

Batch: TypeAlias = tuple[tuple[Any, ...], dict[str, Any]]
"""Arguments without and with names."""
CALLED = "call "
"""What the place of a network's first call in training is kept under, with the name of its class."""
ANSWERS = ("label", "target")
"""What names of arguments that are no inputs begin with."""
MOST_PROBE_ROWS = 64
"""Rows kept of a batch for the probes."""

KINDS = ("training_grad", "training_no_grad", "eval_grad", "eval_no_grad")
"""Calls by whether the module is training and gradients are on."""


class Calls:
    """Counts calls of the roots by mode; keeps one batch for the probes; compares evaluated rows with trained ones."""

    def __init__(
        self, pay: Callable[[float], None], affordable: Callable[[], bool], share: float, pulse: Pulse
    ) -> None:
        self._patches, self._pay, self._affordable = Patches(), pay, affordable
        self._roots: dict[int, weakref.ref[nn.Module]] = {}
        self._classes: set[type] = set()
        self._pulse = pulse
        self.rows = Rows()
        self.loaders = Loaders(self.rows, share, pulse)
        self.library = Library()
        self.batches: dict[int, Batch | None] = {}
        self.fresh = 0
        self.counts = dict.fromkeys(KINDS, 0)
        self.blocks = {"training": 0, "eval": 0}
        self.places: dict[str, str] = {}
        self._block_open = {"training": False, "eval": False}
        self.overlaps: list[tuple[int, int, int, float, int, int]] = []

    def follow(self, root: nn.Module) -> None:
        """Count the calls of one more root."""
        self._roots[id(root)] = weakref.ref(root)
        kind = type(root)
        if kind not in self._classes:
            self._classes.add(kind)
            self._patches.wrap(kind, "__call__", self._counting)

    def _counting(self, call: Any) -> Any:
        """Few words: this is asked at every call of every module of the network's class."""
        pulse, roots, grad_enabled, saw = self._pulse, self._roots, torch.is_grad_enabled, self._saw

        def __call__(module: nn.Module, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
            if pulse.deep or id(module) not in roots:
                return call(module, *args, **kwargs)
            pulse.deep = True
            try:
                output = call(module, *args, **kwargs)
            finally:
                pulse.deep = False
            if pulse.wanted or pulse.pending is not None or module.training is not pulse.training or not grad_enabled():
                saw(module, args, kwargs, output)
            else:
                pulse.calls += 1
            return output

        return __call__

    def _saw(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        known = self._roots.get(id(module))
        if known is None or known() is not module:  # another one that has its place
            return
        training, pulse = module.training, self._pulse
        if not torch.is_grad_enabled():
            self.counts["training_no_grad" if training else "eval_no_grad"] += 1
            self._evaluated("training" if training else "eval", args or _inputs(kwargs), module)
            return
        if training is not pulse.training:
            self.count()
            pulse.training, pulse.turned = training, True
        pulse.calls += 1
        self.loaders.called(grad=True, network=module)
        answers, self.loaders.answers = self.loaders.answers, None
        if pulse.wanted:
            self._keep(module, args, kwargs)
            self.library.trained.note(module, () if kwargs else args, answers, output)
            key = CALLED + type(module).__name__
            if key not in self.places:
                self.places[key] = script_line()

    def count(self) -> None:
        """Put the calls that nobody has counted to their mode."""
        self.counts["training_grad" if self._pulse.training else "eval_grad"] += self._pulse.calls
        self._pulse.calls = 0

    def _keep(self, network: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """One training batch: its rows are fingerprinted, a copy of a few of them stays for the probes."""
        self._pulse.wanted, root = False, id(network)
        self.fresh = root
        try:
            inputs = args or _inputs(kwargs)
            prints = None if self.loaders.any or not inputs else prints_of(inputs[0])
            if inputs:
                self.rows.trained.add(inputs[0])
            if prints is not None:
                self.rows.note_values(inputs[0])
                self.rows.note_alike(prints)
                self.rows.train(prints, network)
            self.batches[root] = tuple(map(_few, args)), {name: _few(value) for name, value in kwargs.items()}
        except Exception:  # noqa: BLE001  # rows that cannot be read are not compared
            self.batches[root] = None

    def _evaluated(self, mode: str, args: tuple[Any, ...], network: nn.Module) -> None:
        if not self._block_open[mode]:
            self.blocks[mode] += 1
            if mode not in self.places:
                self.places[mode] = script_line()
            self._block_open[mode] = self._pulse.evaluating = True
        loaded = self._pulse.pending is not None
        if self.loaders.any:
            self._note(self.loaders.called(grad=False, network=network))
        answers, self.loaders.answers = self.loaders.answers, None
        if not self._affordable():
            return
        start = clock()
        try:
            if args:
                self.rows.scored.add(args[0])
            prints = prints_of(args[0]) if args and not loaded else None
            self._note(None if prints is None else self.rows.evaluate(prints, network))
            self.library.scored.note(network, args, answers)  # forgotten when training goes on
            if answers is not None:
                self.library.score(network)
        except Exception:  # noqa: BLE001, S110  # see above
            pass
        self._pay(clock() - start)

    def _note(self, compared: tuple[int, int] | None) -> None:
        """One evaluated batch: rows compared with those trained on, and how many of them were known."""
        if compared is not None:
            known = self.rows.latest
            self.overlaps.append((*compared, len(known.trained.kept), known.covered, known.taken, self.rows.fresh))
            del self.overlaps[:-400]

    def keep_examples(self, graph: Graph, stage: int) -> None:
        """At a look: rows of the batch, with what its loss was given."""
        known = self._roots.get(self.fresh)
        network = None if known is None else known()
        if network is None:
            return
        self.library.train(network, graph, stage)

    def keep_scored(self, target: Any) -> None:
        """A loss was computed without gradients, of what the network answered last."""
        known = self._roots.get(self.library.scored.network)
        network = None if known is None else known()
        if network is not None and isinstance(target, torch.Tensor):
            self.library.score(network, target)

    def close_blocks(self) -> None:
        """Training goes on: what follows is another evaluation."""
        self._block_open = {"training": False, "eval": False}
        self._pulse.evaluating = False
        self.library.scored.forget()

    def undo(self) -> None:
        """Give the classes back their own `__call__`."""
        self.loaders.undo()
        self._patches.undo()
        self._classes.clear()


def _inputs(named: dict[str, Any]) -> tuple[Any, ...]:
    """The tensors among named arguments that are not the answers."""
    return tuple(v for name, v in named.items() if isinstance(v, torch.Tensor) and not name.startswith(ANSWERS))


def _few(value: Any) -> Any:
    """A private copy of the first rows."""
    if not isinstance(value, torch.Tensor):
        return value
    return value.detach()[:MOST_PROBE_ROWS].clone() if value.ndim else value.detach().clone()
