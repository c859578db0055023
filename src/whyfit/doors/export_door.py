"""Out of whyfit again: one network by the recommended recipe, trained on all rows, as a script of plain PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from whyfit.doors.trained import export_member
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import BlockId, Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split


@dataclass(frozen=True, slots=True)
class WayOut:
    """What is needed to train a network once more after its study.

    Attributes
    ----------
    data
        As the study divided it.
    recipe
        The recommended one, else the plain one.
    seed, device
        Of the study.
    """

    data: Dataset
    recipe: Recipe
    seed: int
    device: str

    def __call__(self, folder: Path) -> tuple[Path, ...]:
        """Train on all rows but those that it stops by, and write what whyfit is not needed for.

        The score was measured by the study on rows that its networks had not seen; this network sees more of them.

        Raises
        ------
        ArgumentError
            The folder holds a network already, or the network did not train.
        RecipeError
            The network is a function of this process, or was changed from what its file makes.
        """
        from whyfit.training.export.script import hold_writable  # noqa: PLC0415  # loads what exports

        hold_writable(folder, self.recipe)
        member = Member(self.recipe, all_rows(self.data, self.recipe, self.seed), self.seed, BlockId(0, 0))
        outcome = self._train(member)
        return export_member(folder, member, self.data, outcome, self._train)

    def _train(self, member: Member) -> Outcome:
        from whyfit.doors.train_door import train_with_weights  # noqa: PLC0415  # loads what trains

        return train_with_weights(self.data, self.device, member)


def all_rows(data: Dataset, recipe: Recipe, seed: int) -> Split:
    """Every row to train on, but 15 % to stop by where the recipe stops early: the last ones where rows have an order.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> all_rows(load(), Recipe(), seed=0)
    Split(train=1527, stop=270, score=0)
    """
    from whyfit.data.splits import holdout  # noqa: PLC0415  # loads scikit-learn

    nothing = np.empty(0, np.int64)
    if recipe.patience is None:
        return Split(train=np.arange(data.rows), stop=nothing, score=nothing)
    parts = holdout(data, seed=seed)
    return Split(train=np.concatenate([parts.train, parts.stop]), stop=parts.score, score=nothing)
