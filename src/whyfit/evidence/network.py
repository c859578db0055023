"""How a network is named in anything that is stored: by what makes it, never by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from whyfit.evidence.types import Json

Embedding: TypeAlias = int | Literal["none", "half", "power"]
"""Numbers that stand for a category: as many for each column, none (one feature a level), or by a rule from its levels,
see `whyfit.data.embedding`."""


@dataclass(frozen=True, slots=True)
class Perceptron:
    """A multi-layer perceptron of whyfit's own; inputs and outputs come from the data.

    Attributes
    ----------
    hidden
        Units of each hidden layer; empty for a linear model.
    embedding
        How categorical columns come in: `none` for one feature a level, or learned numbers, so many for each column, or
        by the rules `half` and `power` from its number of levels.

    Examples
    --------
    >>> Perceptron((128, 128))
    Perceptron(hidden=(128, 128), embedding='none')
    """

    hidden: tuple[int, ...] = (128, 128)
    embedding: Embedding = "none"

    def plain(self) -> dict[str, Json]:
        """As plain values, for files and digests; without an embedding as it was before there were any."""
        own: dict[str, Json] = {"kind": "mlp", "hidden": list(self.hidden)}
        return own if self.embedding == "none" else own | {"embedding": self.embedding}


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A function in a user's file that returns a fresh `torch.nn.Module`.

    Attributes
    ----------
    path
        The file.
    function
        The function's name in it.
    sha256
        Of the file as it was when the study was planned; another content is another network.
    """

    path: str
    function: str
    sha256: str

    def plain(self) -> dict[str, Json]:
        """As plain values; the place of the file is no part of what the network is."""
        return {"kind": "file", "function": self.function, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class NetworkInProcess:
    """A function that only this process knows, found by its name in a table of this process; it cannot be resumed.

    Attributes
    ----------
    name
        The key under which `whyfit.nets` keeps the function.
    """

    name: str

    def plain(self) -> dict[str, Json]:
        """As plain values."""
        return {"kind": "in_process", "name": self.name}


NetworkRef: TypeAlias = Perceptron | NetworkFile | NetworkInProcess


def embeds(network: NetworkRef) -> bool:
    """Whether categories come in as learned numbers."""
    return isinstance(network, Perceptron) and network.embedding != "none"
