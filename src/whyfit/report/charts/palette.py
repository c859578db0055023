"""The colours of charts: Okabe and Ito's (2008), which people with any colour vision tell apart.

On the page a colour is a CSS variable, so that a chart follows light, dark and print without being drawn again. In a
notebook there are no variables of ours, so the light colours stand there themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

DEPTHS = 8
"""Layers that are told apart by colour; deeper networks are drawn as maps."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they mean.

    Attributes
    ----------
    ink, muted, rule
        Of text, of axes, of grid lines.
    train, stop, accent
        Training rows, unseen rows, and everything that has no counterpart.
    good, bad
        Of gains and losses.
    depths
        From the first layer to the last.
    """

    ink: str
    muted: str
    rule: str
    train: str
    stop: str
    accent: str
    good: str
    bad: str
    depths: tuple[str, ...]


PAGE = Palette(
    ink="var(--ink)",
    muted="var(--muted)",
    rule="var(--rule)",
    train="var(--train)",
    stop="var(--stop)",
    accent="var(--accent)",
    good="var(--good)",
    bad="var(--bad)",
    depths=tuple(f"var(--depth-{index})" for index in range(DEPTHS)),
)
"""For the HTML report; the variables stand in `assets/page.css`."""

PAPER = Palette(
    ink="#1c2126",
    muted="#59626b",
    rule="#e4e1da",
    train="#0072b2",
    stop="#d55e00",
    accent="#00796b",
    good="#00796b",
    bad="#b3261e",
    depths=("#2d3a8c", "#2369b0", "#14919b", "#2f9e5f", "#7f9a1c", "#b8860b", "#c8641e", "#b3372e"),
)
"""For notebooks and single pictures."""
