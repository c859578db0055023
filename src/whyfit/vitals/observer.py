"""The observer: follows backward passes and optimiser steps, looks closely at some, and writes what it sees."""

from __future__ import annotations

import copy
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import get_ident
from types import FrameType
from typing import Any, TypeAlias

import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as torch_optimizer

from whyfit.evidence.types import BoolArray
from whyfit.vitals.calls import Calls
from whyfit.vitals.curve import Curve
from whyfit.vitals.governor import Governor, clock
from whyfit.vitals.heldout import HeldOut
from whyfit.vitals.journal import Journal
from whyfit.vitals.look import Look
from whyfit.vitals.names import Names
from whyfit.vitals.patches import Patches
from whyfit.vitals.steps import Steps

INNER = (str(Path(torch.__file__).parent), str(Path(__file__).parents[1]))
"""Folders whose frames are not the script's."""
MOST_PENDING = 4096
"""Losses that wait on a device between two looks; older ones are let go."""
MOST_WORDS = 200
SHORT = 512
"""Backward passes between two writings of the loss curve."""
MOST_PROBED = 3
"""Networks of one script that are probed."""
SNAPSHOTS = frozenset({5, 40, 150, 600})
"""Looks at which a private copy for the probes is offered, for scripts whose network is gone at their end."""


Probe: TypeAlias = Callable[..., dict[str, Any]]
"""Takes a network, a batch and whether somebody wrote derivatives by hand; gives what each probe found."""
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

    def __init__(self, journal: Journal, share: float, probe: Probe | None = None) -> None:
        self.journal, self.governor = journal, Governor(share)
        self.names, self._probe = Names(), probe
        self._snapshot: tuple[Any, Any] | None = None
        self.own_functions = False
        self._owned_names: set[str] = set()
        self.steps = Steps(self.names.of)
        self.calls = Calls(lambda s: self.governor.paid(s, look=False), self.governor.affordable, share)
        self.held_out = HeldOut(lambda: self.steps.count)
        self.curves: dict[str, Curve] = {}
        self.silence: dict[str, list[BoolArray]] = {}
        self.backwards = 0
        self.trained = {"training": 0, "eval": 0}
        self.turned_at: int | None = None
        self.look: Look | None = None
        self.bad: dict[str, Any] | None = None
        self.compiled = self.own_saving = False
        self._patches, self._handles = Patches(), list[Any]()
        self._inside, self._thread, self._pid = False, get_ident(), os.getpid()
        self._lines: dict[int, tuple[Any, str]] = {}
        self._unwritten = 0
        self._pending: list[tuple[str, int, torch.Tensor]] = []

    # -- attaching and detaching ------------------------------------------------------------------------------------

    def install(self) -> None:
        """Begin to follow."""
        self._patches.wrap(torch.autograd, "_engine_run_backward", self._around_engine)
        self._patches.wrap(torch.autograd.graph.saved_tensors_hooks, "__enter__", self._noting_saving)
        self._handles = [
            torch_optimizer.register_optimizer_step_pre_hook(self._guarded(self._before_step)),
            torch_optimizer.register_optimizer_step_post_hook(self._guarded(self._after_step)),
            module_hooks.register_module_parameter_registration_hook(self.names.note),
            module_hooks.register_module_module_registration_hook(self.names.note),
        ]
        self.held_out.install()
        self.calls.loaders.install(self._guarded)
        os.register_at_fork(after_in_child=self._leave_copy)

    def uninstall(self) -> None:
        """Take back everything that was put anywhere."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self.held_out.undo()
        self.calls.undo()
        self._patches.undo()

    def _leave_copy(self) -> None:
        """A forked copy of the process is not watched, and costs nothing."""
        if self._handles:
            self.uninstall()

    def _fail(self, part: str, problem: BaseException) -> None:
        self.uninstall()
        self.journal.write("failed", {"part": part, "problem": f"{type(problem).__name__}: {problem}"[:500]})

    def _safely(self, act: Callable[[Any], None], argument: Any) -> None:
        if self._handles:  # else it has taken itself off
            try:
                act(argument)
            except Exception as problem:  # noqa: BLE001  # never into the script
                self._fail(act.__name__, problem)

    def _guarded(self, act: Callable[..., None]) -> Callable[..., None]:
        def guarded(*args: Any, **_: Any) -> None:
            if get_ident() != self._thread:
                return
            try:
                act(*args)
            except Exception as problem:  # noqa: BLE001  # never into the script
                self._fail(act.__name__, problem)

        return guarded

    # -- backward passes --------------------------------------------------------------------------------------------

    def _around_engine(self, run: Any) -> Any:
        def _engine_run_backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            accumulates = kwargs.get("accumulate_grad")
            if self._inside or get_ident() != self._thread or not (accumulates or self._by_hand(args)):
                return run(tensors, *args, **kwargs)
            self._inside = True
            try:
                self._safely(self._before_backward, tensors)
                result = run(tensors, *args, **kwargs)
                self._safely(self._after_backward, None if accumulates else (args[3], result))
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
        self._finish_look()
        self.calls.loaders.called(grad=True)  # of a network whose calls are not followed yet
        self.steps.before_backward()
        self.calls.close_blocks()
        self._note_mode()
        value = self._note_loss(tensors)
        bad = self.bad is None and value is not None and not math.isfinite(value)
        if self.governor.wants(self.backwards) or bad:
            start = clock()
            self._fetch_losses()
            self.look = Look(self, tensors, value)
            self.look.read()
            if bad:
                self.bad = self.look.where_not_finite()
            self.governor.paid(clock() - start)

    def _after_backward(self, by_hand: Any) -> None:
        if self.look is not None:
            start = clock()
            self.look.arrive(by_hand)
            self.governor.paid(clock() - start, look=False)
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

    def _note_loss(self, tensors: Any) -> float | None:
        """Note the loss; on a device its value is fetched at the next look, so that no step waits for the device."""
        tensor = tensors[0] if isinstance(tensors, (tuple, list)) else tensors
        if not isinstance(tensor, torch.Tensor) or tensor.numel() != 1:
            return None
        line = self._line()
        if not tensor.is_cpu:
            self._pending.append((line, self.backwards, tensor.detach().clone()))
            del self._pending[:-MOST_PENDING]
            return None
        value: float = tensor.item()
        self._add_loss(line, self.backwards, value)
        return value

    def _add_loss(self, line: str, backward: int, value: float) -> None:
        curve = self.curves.get(line)
        if curve is None:
            curve = self.curves[line] = Curve()
        curve.add(backward, value)
        self._unwritten += 1
        if self._unwritten >= SHORT:
            self.write_curves()

    def _fetch_losses(self) -> None:
        """One transfer for all losses that wait on a device."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        values = torch.stack([loss.reshape(()).float() for _, _, loss in pending]).tolist()
        for (line, backward, _), value in zip(pending, values, strict=True):
            self._add_loss(line, backward, value)
            if self.bad is None and not math.isfinite(value):
                self.bad = {"what": "loss", "layer": None, "backward": backward, "step": self.steps.count}

    def _line(self) -> str:
        """The script's line that asked for the backward pass."""
        frame: FrameType | None = sys._getframe(4)  # noqa: SLF001  # here, the loss, the pass, its guard, the engine
        while frame is not None:
            code = frame.f_code
            known = self._lines.get(id(code))  # by identity: a code object computes its hash anew each time
            if known is None or known[0] is not code:
                known = (code, "" if code.co_filename.startswith(INNER) else code.co_filename)
                self._lines[id(code)] = known
            if known[1]:
                return f"{known[1]}:{frame.f_lineno}"
            frame = frame.f_back
        return ""

    # -- steps ------------------------------------------------------------------------------------------------------

    def _before_step(self, optimizer: Any, *_: Any) -> None:
        if not self.steps.knows(optimizer):
            self._meet(optimizer)
        self.steps.about_to(optimizer, looking=self.look is not None)

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
            self.write_curves()
            self.write_facts()
        if self.governor.looks in SNAPSHOTS and self._probe is not None:
            self._keep_a_copy()
        self.governor.paid(clock() - start, look=False)

    def write_curves(self) -> None:
        """Write what is new of the loss curves."""
        self._unwritten = 0
        for line, curve in self.curves.items():
            self.journal.write("curve", {"line": line, "points": curve.take(), "bad": curve.bad})

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
                "loaded": self.calls.loaders.plain(),
                "rows_share": rows.trained.share,
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
                found = self._probe(network, batch, own_functions=self.own_functions)
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
        self._fetch_losses()
        self._finish_look()
        self.write_curves()
        self.write_facts()


def _last_words() -> str | None:
    """The exception that ended the script, as Python keeps it when it has printed one; its first words."""
    problem = getattr(sys, "last_value", None)
    return None if problem is None else f"{type(problem).__name__}: {problem}"[:MOST_WORDS]


def _compiled_anything() -> bool:
    """Whether the script has compiled a frame: modules are then left alone, parameters and losses are still seen."""
    dynamo = sys.modules.get("torch._dynamo.utils")
    counters = getattr(dynamo, "counters", None)
    return bool(counters and counters["frames"].get("total"))
