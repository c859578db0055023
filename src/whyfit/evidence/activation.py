"""An activation as a curve: what a report draws of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActivationCurve:
    """A hidden activation and its derivative at evenly spaced inputs.

    Attributes
    ----------
    name
        In the catalogue.
    inputs, values, derivatives
        Equally long.
    """

    name: str
    inputs: tuple[float, ...]
    values: tuple[float, ...]
    derivatives: tuple[float, ...]
