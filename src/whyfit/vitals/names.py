"""Names: from parameters back to the modules that hold them, without having seen the modules being made."""

from __future__ import annotations

import gc
import itertools
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

MOST_MODULES = 400
"""Modules that are listed."""
SETTINGS = ("p", "momentum", "track_running_stats", "affine", "eps", "dim")


@dataclass(slots=True)
class Names:
    """Finds the modules of a set of parameters, and names everything by the outermost module that holds them."""

    roots: list[weakref.ref[nn.Module]] = field(default_factory=list)
    holders: list[weakref.ref[nn.Module]] = field(default_factory=list)
    _listed: list[dict[str, Any]] = field(default_factory=list)
    by_parameter: dict[int, tuple[weakref.ref[Any], str]] = field(default_factory=dict)
    made: dict[int, weakref.ref[nn.Module]] = field(default_factory=dict)

    def note(self, module: nn.Module, *_: Any) -> None:
        """A module was given a parameter or another module: torch's registration hooks call this."""
        if id(module) not in self.made or self.made[id(module)]() is None:
            self.made[id(module)] = weakref.ref(module)

    def full(self, parameter: Any) -> str:
        """The qualified name of a parameter; its shape where no module holds it."""
        known = self.by_parameter.get(id(parameter))
        return known[1] if known is not None and known[0]() is parameter else f"tensor {tuple(parameter.shape)}"

    def of(self, parameter: Any) -> str:
        """The same without the final `.weight`: the name of the layer."""
        return self.full(parameter).removesuffix(".weight")

    def knows(self, parameters: Iterable[Any]) -> bool:
        """Whether all of them have been looked for before: these very ones, not others that had their places."""
        return all(id(p) in self.by_parameter and self.by_parameter[id(p)][0]() is p for p in parameters)

    def look_for(self, parameters: Sequence[Any]) -> None:
        """Search the modules that exist for the holders of these parameters."""
        wanted = {id(parameter) for parameter in parameters}
        made = [module for known in self.made.values() if (module := known()) is not None]
        roots, holders = _roots_of(wanted, made)
        if len(wanted - {id(p) for root in roots for p in root.parameters()}):
            roots, holders = _roots_of(wanted, _all_modules())  # copies are made without being registered
        for module in roots:
            self.add(module)
        self.holders = [known for known in self.holders if known() is not None]
        self.holders += [weakref.ref(module) for module in holders]
        for parameter in parameters:
            if not self.knows([parameter]):
                self.by_parameter[id(parameter)] = (weakref.ref(parameter), f"tensor {tuple(parameter.shape)}")

    def add(self, root: nn.Module) -> None:
        """Name the parameters of one more module."""
        self.roots = [known for known in self.roots if known() is not None]
        if any(known() is root for known in self.roots):
            return
        prefix = self._prefix(type(root).__name__) if self.roots else ""
        self.roots.append(weakref.ref(root))
        for name, parameter in root.named_parameters():
            self.by_parameter[id(parameter)] = (weakref.ref(parameter), prefix + name.replace("_orig_mod.", ""))

    def _prefix(self, kind: str) -> str:
        """No two roots share one: layers kept in a plain list are roots of one kind each."""
        taken = {name.split(".")[0] for _, name in self.by_parameter.values()}
        number = next(n for n in itertools.count(1) if self._numbered(kind, n) not in taken)
        return self._numbered(kind, number) + "."

    @staticmethod
    def _numbered(kind: str, number: int) -> str:
        return kind if number == 1 else f"{kind}{number}"

    def modules(self) -> list[dict[str, Any]]:
        """Every module of the roots: name, type, whether it is training, and what an exam must know of it.

        A network that is gone by the end of the script is listed as it was last seen.
        """
        self._listed = self._list() or self._listed
        return self._listed

    def _list(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "type": type(module).__name__, "training": module.training} | _settings(module)
            for root in self.live_roots()
            for name, module in root.named_modules()
        ][:MOST_MODULES]

    def live_holders(self) -> list[nn.Module]:
        """The modules that the script may call as its network."""
        return [module for known in self.holders if (module := known()) is not None]

    def live_roots(self) -> list[nn.Module]:
        """The modules that still exist."""
        return [module for known in self.roots if (module := known()) is not None]


def _all_modules() -> list[nn.Module]:
    """Every module that exists. Types are asked, not objects: a lazy object must not wake up."""
    known: dict[type, bool] = {}
    found = []
    for thing in gc.get_objects():
        kind = type(thing)
        is_module = known.get(kind)
        if is_module is None:
            known[kind] = is_module = nn.Module in kind.__mro__
        if is_module:
            found.append(thing)
    return found


def _roots_of(wanted: set[int], modules: list[nn.Module]) -> tuple[list[nn.Module], list[nn.Module]]:
    """The outermost modules that together hold all that is wanted, and all modules that hold as much as one of them.

    The first give the names. Which of the others the script calls is seen when it calls: a network may be wrapped.
    """
    held = []
    for module in modules:
        try:
            own = {id(parameter) for parameter in module.parameters()}
        except Exception:  # noqa: BLE001, S112  # a half-made module has no parameters to tell
            continue
        if own & wanted and not isinstance(module, torch.jit.ScriptModule):
            held.append((len(own & wanted), sum(1 for _ in module.modules()), module, own))
    chosen, left = [], set(wanted)
    for _, _, module, own in sorted(held, key=lambda entry: entry[:2], reverse=True):
        if own & left:
            chosen.append(module)
            left -= own
    shares = [{id(p) for p in module.parameters()} & wanted for module in chosen]
    holders = [module for _, _, module, own in held if any(own >= share for share in shares)]
    return chosen, holders


def _settings(module: nn.Module) -> dict[str, Any]:
    settings = {name: getattr(module, name, None) for name in SETTINGS}
    return {name: value for name, value in settings.items() if isinstance(value, (int, float, bool))}
