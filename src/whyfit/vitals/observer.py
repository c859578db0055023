"""The observer: follows backward passes and optimiser steps, looks closely at some, and writes what it sees."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from functools import cache
from threading import get_ident
from typing import Any, ClassVar

import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as torch_optimizer

from whyfit.evidence.types import BoolArray
from whyfit.vitals.calls import Calls
from whyfit.vitals.facts import facts_of
from whyfit.vitals.farewell import Farewell, Probe
from whyfit.vitals.governor import Governor, clock
from whyfit.vitals.heldout import HeldOut
from whyfit.vitals.journal import Journal
from whyfit.vitals.keras_steps import KerasSteps
from whyfit.vitals.loaded import Loaded
from whyfit.vitals.look import Look
from whyfit.vitals.losses import Losses
from whyfit.vitals.names import Names
from whyfit.vitals.patches import Patches
from whyfit.vitals.pulse import Pulse, around_engine, around_steps
from whyfit.vitals.scaling import Scaling
from whyfit.vitals.steps import Steps

FRAMES = 3
"""By which the noting of a loss lies deeper here than at a step where there is nothing else to do."""


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
        self.journal, self.pulse = journal, Pulse()
        self.governor = Governor(share, self.pulse)
        self.names, self.farewell = Names(), Farewell(probe)
        self.own_functions = False
        self.owned_names: set[str] = set()
        self.steps, self.scaling = Steps(pulse=self.pulse), Scaling(self.pulse)
        self.losses = Losses(journal, self._found_later)
        self.calls = Calls(lambda s: self.governor.paid(s, look=False), self.governor.affordable, share, self.pulse)
        self.unloaded = Loaded("rows")
        self.look_losses: list[float] = []
        self.held_out = HeldOut(lambda: self.steps.count, self.calls.keep_scored)
        before, after = self._guarded(self._before_step), self._guarded(self._after_step)
        self._step_hooks = around_steps(self.pulse, before, after)
        self.keras = KerasSteps(*self._step_hooks, lambda: self.look is not None)
        self.silence: dict[str, list[BoolArray]] = {}
        self.turned_at: int | None = None
        self.trained_training = self.trained_eval = 0
        self._training: bool | None = None
        self.look: Look | None = None
        self.bad: dict[str, Any] | None = None
        self.compiled = self.own_saving = False
        self._patches, self._handles, self.failed = Patches(), list[Any](), False

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

    def fail(self, part: str, problem: BaseException, *, in_hook: bool = False) -> None:
        """Say so, and follow no more. Torch may be walking along its hooks: from there they are taken off later."""
        self.failed = True
        if not in_hook:
            self.uninstall()
        self.journal.write("failed", {"part": part, "problem": f"{type(problem).__name__}: {problem}"[:500]})

    def _guarded(self, act: Callable[..., None]) -> Callable[..., None]:
        thread = self.pulse.thread

        def guarded(given: Any, args: Any = (), kwargs: Any = None) -> None:
            if self.failed or get_ident() != thread:
                return
            try:
                act(given, args, kwargs)
            except Exception as problem:  # noqa: BLE001  # never into the script
                self.fail(act.__name__, problem, in_hook=True)

        return guarded

    # -- backward passes --------------------------------------------------------------------------------------------

    @property
    def backwards(self) -> int:
        """Backward passes so far."""
        return self.pulse.backwards

    def _around_engine(self, run: Any) -> Any:
        pulse = self.pulse

        def careful(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            accumulates = kwargs.get("accumulate_grad")
            followed = get_ident() == pulse.thread and (accumulates or _by_hand(args)) and not _transformed(tensors)
            if pulse.inside or not followed:
                return run(tensors, *args, **kwargs)
            if self.failed:
                self.uninstall()
                return run(tensors, *args, **kwargs)
            pulse.inside = True
            try:
                try:
                    self._before_backward(tensors)
                except Exception as problem:  # noqa: BLE001  # never into the script
                    self.fail("_before_backward", problem)
                result = run(tensors, *args, **kwargs)
                if not self.failed:
                    try:
                        self._after_backward(None if accumulates else (args[3], result))
                    except Exception as problem:  # noqa: BLE001  # see above
                        self.fail("_after_backward", problem)
            finally:
                pulse.inside = False
            return result

        return around_engine(pulse, run, careful)

    def _noting_saving(self, enter: Any) -> Any:
        def __enter__(hooks: Any) -> Any:  # noqa: N807
            self.own_saving = True
            return enter(hooks)

        return __enter__

    def _before_backward(self, tensors: Any) -> None:
        """Each part is asked only where it has something to do."""
        pulse, held = self.pulse, False
        self._take_quick()
        if self.look is not None:
            held = self.steps.inside  # a closure is called again: the look waits for its step
            if not held:
                self._finish_look()
        if pulse.pending is not None:
            self.calls.loaders.called(grad=True)  # of a network whose calls are not followed yet
        if pulse.evaluating:
            self.calls.close_blocks()
        self.steps.before_backward()
        self._note_mode()
        plain = self.scaling.plain(tensors) if pulse.scaled else tensors
        value = self.losses.note(plain, self.backwards)
        depth, pulse.code, pulse.instruction, _ = self.losses.latest
        pulse.depth = max(0, depth - FRAMES)
        bad = value is not None and not math.isfinite(value) and self.bad is None
        if bad or (not held and self.governor.wants(self.backwards)):
            self._begin_look(plain, self.scaling.factor(tensors), value, bad=bad)

    def _take_quick(self) -> None:
        """Count what has passed since the last time that there was something to do."""
        if self.pulse.values:
            self._count_modes(len(self.pulse.values))
            self.losses.take(*self.pulse.take_values())

    def _begin_look(self, tensors: Any, factor: float, value: float | None, *, bad: bool) -> None:
        start, once = clock(), self.governor.once
        self.losses.fetch()
        self.keras.install()
        look = Look(self, tensors, value, factor)
        look.read()
        if bad:
            self.bad = look.where_not_finite()
        if value is not None:
            self.look_losses = [*self.look_losses[:1], *self.look_losses[1:][-2:], value]
        if self.look is None:
            self.look = look
        else:
            look.leave()
        self.governor.paid(clock() - start - (self.governor.once - once))  # networks were met within it

    def _after_backward(self, by_hand: Any) -> None:
        if self.look is not None and not self.look.arrived:
            start = clock()
            self.look.arrive(by_hand)
            self.governor.paid(clock() - start, look=False)
        if self.pulse.scaled:
            self.scaling.forget()
        self.steps.after_backward()
        self.calls.fresh = 0
        self.calls.library.trained.forget()
        self.pulse.backwards += 1
        self.pulse.wanted = self.governor.likely(self.backwards)
        self.pulse.busy = self.look is not None or bool(self.steps.followed)

    def _note_mode(self) -> None:
        self._training, self.pulse.turned = self.pulse.training, False
        self._count_modes(1)
        if self._training is False and self.trained_training and self.turned_at is None:
            self.turned_at = self.steps.count

    def _count_modes(self, passes: int) -> None:
        if self._training is not None:
            self.trained_training += passes * self._training
            self.trained_eval += passes * (not self._training)

    def _found_later(self, backward: int) -> None:
        """A loss on a device was not finite, which is seen only when it is fetched."""
        if self.bad is None:
            self.bad = {"what": "loss", "layer": None, "backward": backward, "step": self.steps.count}

    # -- steps ------------------------------------------------------------------------------------------------------

    def _before_step(self, optimizer: Any, args: Any = (), kwargs: Any = None) -> None:
        self.steps.settle()
        owner = self.steps.owner_of(optimizer)
        if owner is not None and owner.quiet and self.look is None and len(args) < 2 and not kwargs:
            return
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
        self.owned_names |= {self.names.full(p) for p in owned}

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
        self.governor.met(clock() - start)

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
        self.farewell.keep_a_copy(self)
        self.governor.paid(clock() - start, look=False)

    def write_facts(self) -> None:
        """Write all that changes slowly; the last writing counts."""
        self.journal.write("facts", facts_of(self))

    def end(self) -> None:
        """The script is over: stop following, write the rest."""
        try:
            self.finish()
            self.uninstall()
            self.farewell.probe(self)
            self.journal.write("end", {})
        except Exception as problem:  # noqa: BLE001  # the script's own end must not change
            self.fail("end", problem)

    def finish(self) -> None:
        """Write the rest."""
        self._take_quick()
        self.losses.fetch()
        self._finish_look()
        self.losses.write()
        self.write_facts()


def _by_hand(args: tuple[Any, ...]) -> bool:
    """Whether `autograd.grad` was asked for the gradients of several leaves: an update by hand follows."""
    wanted = args[3] if len(args) > 3 else ()
    return len(wanted) > 1 and all(getattr(one, "is_leaf", False) and one.requires_grad for one in wanted)


def _transformed(tensors: Any) -> bool:
    """Whether `torch.func` follows these tensors, as `vmap` and `grad` do: they stand for many, and hold no number."""
    wrapped = torch._C._functorch.is_functorch_wrapped_tensor  # noqa: SLF001  # torch has no public word for it
    return any(wrapped(one) for one in tensors if isinstance(one, torch.Tensor))


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
