"""The observer: follows backward passes and optimiser steps, looks closely at some, and writes what it sees."""

from __future__ import annotations

import copy
import math
import os
import sys
from collections.abc import Callable
from functools import cache
from threading import get_ident
from typing import Any, ClassVar, TypeAlias

import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as torch_optimizer

from whyfit.evidence.types import BoolArray
from whyfit.vitals.calls import Calls
from whyfit.vitals.governor import Governor, clock
from whyfit.vitals.heldout import HeldOut
from whyfit.vitals.journal import Journal
from whyfit.vitals.keras_steps import KerasSteps
from whyfit.vitals.look import Look
from whyfit.vitals.losses import Losses
from whyfit.vitals.names import Names
from whyfit.vitals.patches import Patches
from whyfit.vitals.scaling import Scaling
from whyfit.vitals.steps import Steps

MOST_WORDS = 200
MOST_PROBED = 3
"""Networks of one script that are probed."""
SNAPSHOTS = frozenset({5, 40, 150, 600})
"""Looks at which a private copy for the probes is offered, for scripts whose network is gone at their end."""


Probe: TypeAlias = Callable[..., dict[str, Any]]
"""Takes a network, its arguments without and with names, and whether somebody wrote derivatives by hand; gives what
each probe found."""
SMALL = 2_000_000
"""Parameters up to which a private copy is kept for a network that may be gone at the end: 8 MB."""


class Observer:
    """Attached to a process, it follows everything that calls autograd's engine or an optimiser's step.

    Parameters
    ----------
    journal
        Where it writes.
    share
        The part of the wall time that it may take.
    probe
        What is done with a private copy of the network at the end; None for nothing.

    An error of its own detaches it: the script goes on as if nobody watched, and the journal says so.
    """

    present: ClassVar[Observer | None] = None
    """The one that follows this process now."""

    def __init__(self, journal: Journal, share: float, probe: Probe | None = None) -> None:
        self.journal, self.governor = journal, Governor(share)
        self._inside, self._thread, self._pid = False, get_ident(), os.getpid()
        self.names, self._probe = Names(), probe
        self._snapshot: tuple[Any, Any] | None = None
        self.own_functions = False
        self._owned_names: set[str] = set()
        self.steps, self.scaling = Steps(), Scaling()
        self.losses = Losses(journal, self._found_later)
        self.calls = Calls(lambda s: self.governor.paid(s, look=False), self.governor.affordable, share)
        self.held_out = HeldOut(lambda: self.steps.count)
        before, after = self._guarded(self._before_step), self._guarded(self._after_step)
        self._step_hooks = (before, after)
        self.keras = KerasSteps(before, after, lambda: self.look is not None)
        self.silence: dict[str, list[BoolArray]] = {}
        self.backwards = 0
        self.turned_at: int | None = None
        self.trained = {"training": 0, "eval": 0}
        self.look: Look | None = None
        self.bad: dict[str, Any] | None = None
        self.compiled = self.own_saving = False
        self._patches, self._handles = Patches(), list[Any]()

    # -- attaching and detaching ------------------------------------------------------------------------------------

    def install(self) -> None:
        """Begin to follow."""
        self._patches.wrap(torch.autograd, "_engine_run_backward", self._around_engine)
        self._patches.wrap(torch.autograd.graph.saved_tensors_hooks, "__enter__", self._noting_saving)
        before, after = self._step_hooks
        self._handles = [
            torch_optimizer.register_optimizer_step_pre_hook(before),
            torch_optimizer.register_optimizer_step_post_hook(after),
            module_hooks.register_module_parameter_registration_hook(self.names.note),
            module_hooks.register_module_module_registration_hook(self.names.note),
        ]
        self.held_out.install()
        self.calls.loaders.install(self._guarded)
        self.scaling.install()
        Observer.present = self
        _leave_copies_alone()

    def uninstall(self) -> None:
        """Take back everything that was put anywhere."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        for part in (self.scaling, self.keras, self.held_out, self.calls, self._patches):
            part.undo()
        if Observer.present is self:
            Observer.present = None

    def _fail(self, part: str, problem: BaseException) -> None:
        self.uninstall()
        self.journal.write("failed", {"part": part, "problem": f"{type(problem).__name__}: {problem}"[:500]})

    def _guarded(self, act: Callable[..., None]) -> Callable[..., None]:
        thread = self._thread

        def guarded(*args: Any) -> None:
            if get_ident() != thread:
                return
            try:
                act(*args)
            except Exception as problem:  # noqa: BLE001  # never into the script
                self._fail(act.__name__, problem)

        return guarded

    # -- backward passes --------------------------------------------------------------------------------------------

    def _around_engine(self, run: Any) -> Any:
        """Few calls: what stands here runs at every step of the script."""
        thread = self._thread

        def _engine_run_backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            accumulates = kwargs.get("accumulate_grad")
            if self._inside or get_ident() != thread or not (accumulates or self._by_hand(args)):
                return run(tensors, *args, **kwargs)
            self._inside = True
            try:
                try:
                    self._before_backward(tensors)
                except Exception as problem:  # noqa: BLE001  # never into the script
                    self._fail("_before_backward", problem)
                result = run(tensors, *args, **kwargs)
                if self._handles:  # else it has taken itself off
                    try:
                        self._after_backward(None if accumulates else (args[3], result))
                    except Exception as problem:  # noqa: BLE001  # see above
                        self._fail("_after_backward", problem)
            finally:
                self._inside = False
            return result

        return _engine_run_backward

    def _by_hand(self, args: tuple[Any, ...]) -> bool:
        """Whether `autograd.grad` was asked for the gradients of several leaves: an update by hand follows."""
        wanted = args[3] if len(args) > 3 else ()
        return len(wanted) > 1 and all(getattr(one, "is_leaf", False) and one.requires_grad for one in wanted)

    def _noting_saving(self, enter: Any) -> Any:
        def __enter__(hooks: Any) -> Any:  # noqa: N807
            self.own_saving = True
            return enter(hooks)

        return __enter__

    def _before_backward(self, tensors: Any) -> None:
        held = self.look is not None and self.steps.inside  # a closure is called again: the look waits for its step
        if self.look is not None and not held:
            self._finish_look()
        self.calls.loaders.called(grad=True)  # of a network whose calls are not followed yet
        self.steps.before_backward()
        self.calls.close_blocks()
        self._note_mode()
        plain = self.scaling.plain(tensors)
        value = self.losses.note(plain, self.backwards)
        bad = self.bad is None and value is not None and not math.isfinite(value)
        if bad or (not held and self.governor.wants(self.backwards)):
            self._begin_look(plain, self.scaling.factor(tensors), value, bad=bad)

    def _begin_look(self, tensors: Any, factor: float, value: float | None, *, bad: bool) -> None:
        start = clock()
        self.losses.fetch()
        self.keras.install()
        look = Look(self, tensors, value, factor)
        look.read()
        if bad:
            self.bad = look.where_not_finite()
        if self.look is None:
            self.look = look
        else:
            look.leave()
        self.governor.paid(clock() - start)

    def _after_backward(self, by_hand: Any) -> None:
        if self.look is not None and not self.look.arrived:
            start = clock()
            self.look.arrive(by_hand)
            self.governor.paid(clock() - start, look=False)
        self.scaling.forget()
        self.steps.after_backward()
        self.backwards += 1
        self.calls.wanted = self.governor.likely(self.backwards)

    def _note_mode(self) -> None:
        training = self.calls.last_training
        if training is None:
            return
        self.trained["training" if training else "eval"] += 1
        if not training and self.trained["training"] and self.turned_at is None:
            self.turned_at = self.steps.count

    def _found_later(self, backward: int) -> None:
        """A loss on a device was not finite, which is seen only when it is fetched."""
        if self.bad is None:
            self.bad = {"what": "loss", "layer": None, "backward": backward, "step": self.steps.count}

    # -- steps ------------------------------------------------------------------------------------------------------

    def _before_step(self, optimizer: Any, args: Any = (), kwargs: Any = None) -> None:
        owner = self.steps.owner_of(optimizer)
        if owner is None:
            self._meet(optimizer)
            owner = self.steps.meet(optimizer)
        closure = (len(args) > 1 and args[1] is not None) or bool(kwargs and kwargs.get("closure"))
        if closure and self.look is not None and self.look.arrived:
            self._finish_look()  # of the step before
        looking = self.look is not None or (closure and self.governor.likely(self.backwards))
        self.steps.about_to(optimizer, owner, looking=looking, closure=closure)

    def _after_step(self, optimizer: Any, *_: Any) -> None:
        self.steps.done(optimizer, looking=self.look is not None)

    def _meet(self, optimizer: Any) -> None:
        owned = [p for group in optimizer.param_groups for p in group["params"]]
        self.know(owned)
        self._owned_names |= {self.names.full(p) for p in owned}

    def know(self, parameters: list[Any]) -> None:
        """Find the modules that hold these parameters, and follow their calls."""
        if self.names.knows(parameters):
            return
        start = clock()
        self.names.look_for(parameters)
        self.compiled = _compiled_anything()
        if not self.compiled:
            for holder in self.names.live_holders():
                self.calls.follow(holder)
        self.governor.paid(clock() - start, look=False)

    # -- writing ----------------------------------------------------------------------------------------------------

    def _finish_look(self) -> None:
        if self.look is None:
            return
        start = clock()
        look, self.look = self.look, None
        self.journal.write("look", look.plain(self.steps.take_moved()))
        if self.governor.looks < 10 or self.governor.looks % 10 == 0:
            self.losses.write()
            self.write_facts()
        if self.governor.looks in SNAPSHOTS and self._probe is not None:
            self._keep_a_copy()
        self.governor.paid(clock() - start, look=False)

    def write_facts(self) -> None:
        """Write all that changes slowly; the last writing counts."""
        rows = self.calls.rows
        self.journal.write(
            "facts",
            {
                "backwards": self.backwards,
                "steps": self.steps.count,
                "optimizers": [owner.plain() for owner in self.steps.everyone()],
                "owned": sorted(self._owned_names),
                "modes": {
                    "trained": self.trained,
                    "turned_at": self.turned_at,
                    "calls": self.calls.counts,
                    "blocks": self.calls.blocks,
                },
                "modules": self.names.modules(),
                "overlaps": self.calls.overlaps,
                "repeats": [rows.repeats, rows.evaluated_rows, len(rows.evaluated.kept)],
                "died": _last_words(),
                "rank": _rank(),
                "loaded": self.calls.loaders.plain(),
                "rows_share": rows.latest.trained.share,
                "held_out": self.held_out.values,
                "bad": self.bad,
                "compiled": self.compiled,
                "own_saving": self.own_saving,
                "spent": self.governor.spent + self.calls.loaders.spent,
                "looks": self.governor.looks,
            },
        )

    def end(self) -> None:
        """The script is over: stop following, write the rest."""
        try:
            self.finish()
            self.uninstall()
            self._run_probes()
            self.journal.write("end", {})
        except Exception as problem:  # noqa: BLE001  # the script's own end must not change
            self._fail("end", problem)

    def _run_probes(self) -> None:
        if self._probe is None or self._pid != os.getpid():
            return
        alive = [
            (one, self.calls.batches[id(one)]) for one in self.names.live_holders() if id(one) in self.calls.batches
        ]
        pairs = alive or ([self._snapshot] if self._snapshot else [])
        for network, batch in pairs[:MOST_PROBED]:
            if batch is not None:
                found = self._probe(network, *batch, own_functions=self.own_functions)
                self.journal.write("probes", {"network": type(network).__name__, "found": found})

    def _keep_a_copy(self) -> None:
        """For a script whose network is gone at its end."""
        for root in self.names.live_holders():
            batch = self.calls.batches.get(id(root))
            if batch is not None and sum(p.numel() for p in root.parameters()) <= SMALL:
                try:
                    self._snapshot = (copy.deepcopy(root), batch)
                except Exception:  # noqa: BLE001  # a network that cannot be copied is not probed
                    self._snapshot = None
                return

    def finish(self) -> None:
        """Write the rest."""
        self.losses.fetch()
        self._finish_look()
        self.losses.write()
        self.write_facts()


def _last_words() -> str | None:
    """The exception that ended the script, as Python keeps it when it has printed one; its first words."""
    problem = getattr(sys, "last_value", None)
    return None if problem is None else f"{type(problem).__name__}: {problem}"[:MOST_WORDS]


def _rank() -> int | None:
    """As torchrun and its like tell each of their processes."""
    rank, several = os.environ.get("RANK", ""), os.environ.get("WORLD_SIZE", "1") != "1"
    return int(rank) if several and rank.isdigit() else None


@cache
def _leave_copies_alone() -> None:
    """A forked copy of the process is not watched, and costs nothing. Registered once: it cannot be taken back."""

    def leave() -> None:
        if Observer.present is not None:
            Observer.present.uninstall()

    os.register_at_fork(after_in_child=leave)


def _compiled_anything() -> bool:
    """Whether the script has compiled a frame: modules are then left alone, parameters and losses are still seen."""
    dynamo = sys.modules.get("torch._dynamo.utils")
    counters = getattr(dynamo, "counters", None)
    return bool(counters and counters["frames"].get("total"))
