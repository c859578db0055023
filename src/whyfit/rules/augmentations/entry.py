"""The augmentation: how it changes the rows of a batch, what its strength is, and what it takes for granted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.jit import Compiled

Fits: TypeAlias = Literal["images", "tables", "any"]


class Seen(NamedTuple):
    """What an augmentation knows of the rows beside their numbers, and what it leaves behind where it mixes them.

    Attributes
    ----------
    height, width, channels
        Of an image, whose pixels stand row by row, channels last; 0 for a table.
    columns
        (features,) int64: which column each feature came from; several features may come from one.
    spread
        (features,) of the rows' type: 1 for a feature that is a quantity, 0 for levels, marks of missing values, and
        what is constant in the training rows.
    partner, share
        (rows,) int64 and float64, written where `Augmentation.mixes`: with which row of the batch each was mixed, and
        its own share.
    """

    height: int
    width: int
    channels: int
    columns: IntArray
    spread: AnyArray
    partner: IntArray
    share: FloatArray


Apply: TypeAlias = Compiled[[AnyArray, AnyArray, FloatArray, float, Seen], None]


@dataclass(frozen=True, eq=False)
class Augmentation:
    """One way to change training rows as they pass, so that the network never sees quite the same row twice.

    Attributes
    ----------
    code, name
        Stable number and name.
    formula
        LaTeX, for one row: x as it is after scaling, s the strength, u uniform on [0, 1) and v on [−1, 1), ε standard
        normal, each drawn anew for every row and step.
    unit
        What the strength is. All of them lie between 0, which changes nothing, and 1.
    fits
        What it can change: images, tables, or any rows.
    paper
        Where it comes from.
    strengths
        Sensible ones, from weak to strong: what a study tries.
    apply
        Compiled `apply(x, out, draws, strength, seen)`: from rows x (rows, features) to `out`, of the same shape and
        never the same memory; `draws` (rows, numbers) float64 are this step's.
    per
        What draws numbers: each row, or each feature or column of a row.
    numbers
        How many of them.
    normal
        Whether they are standard normal; else uniform on [0, 1).
    mixes
        Whether rows are mixed with others, and their targets with them.
    keeps_class
        Whether the class of a row stays what it was for any data. Where not, naming it declares that it does here, and
        no study tries it by itself.

    Examples
    --------
    >>> from whyfit.rules.augmentations import augmentations
    >>> augmentations["cutout"]
    Augmentation('cutout', fits='images')
    >>> augmentations["noise"].count(features=5, columns=4)
    5
    """

    code: int
    name: str
    formula: str
    unit: str
    fits: Fits
    paper: str
    strengths: tuple[float, ...]
    apply: Apply = field(repr=False)
    per: Literal["row", "feature", "column"] = "row"
    numbers: int = 1
    normal: bool = False
    mixes: bool = False
    keeps_class: bool = True

    def __repr__(self) -> str:
        return f"Augmentation({self.name!r}, fits={self.fits!r})"

    def count(self, *, features: int, columns: int) -> int:
        """Numbers drawn for one row."""
        return self.numbers * {"row": 1, "feature": features, "column": columns}[self.per]

    def suits(self, *, image: bool) -> bool:
        """Whether it can change such rows."""
        return self.fits == "any" or (self.fits == "images") == image
