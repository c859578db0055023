"""What `whyfit.train` gives: the outcomes in order, and a way out of whyfit for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.training.bounds import Bounds

TrainOne = Callable[[Member], Outcome]

OVER_BUDGET = "predictions_over_budget"


@dataclass(frozen=True, slots=True)
class Refused:
    """An engine that could not train some of the networks.

    Attributes
    ----------
    engine
        Its name.
    reason
        A code, such as `optimizer_not_stackable`, or what it raised when it was tried.
    networks
        How many.
    """

    engine: str
    reason: str
    networks: int


class Trained(tuple[Outcome, ...]):  # noqa: SLOT001  # a tuple of unknown length can have no slots
    """Outcomes, as a tuple, with what trained them beside.

    Attributes
    ----------
    refused
        Engines that could not train some of the networks, and why.
    without_predictions
        How many networks keep no predictions because all together would take more than the budget for them
        (`whyfit.doors.train_arguments`); `why_without` is then the code of that reason.
    """

    refused: tuple[Refused, ...]
    without_predictions: int

    _members: Sequence[Member]
    _data: Dataset
    _train: TrainOne

    @classmethod
    def of(
        cls,
        outcomes: Iterable[Outcome],
        members: Sequence[Member],
        data: Dataset,
        train: TrainOne,
        *,
        refused: tuple[Refused, ...] = (),
        cut: int = 0,
    ) -> Self:
        """Outcomes of these members; `train` trains one of them again."""
        made = cls(outcomes)
        made._members, made._data, made._train = members, data, train
        made.refused, made.without_predictions = refused, cut
        return made

    @property
    def why_without(self) -> str | None:
        """Why some networks keep no predictions; None where all do that were asked to."""
        return OVER_BUDGET if self.without_predictions else None

    def export(self, folder: str | Path, place: int = 0) -> tuple[Path, ...]:
        """Write one network into a folder: `predict.py`, its weights, and its recipe; whyfit is not needed to run it.

        Where its weights were not collected it is trained once more, which gives the same network: to the bit by the
        kernel, to rounding by torch.

        Parameters
        ----------
        folder
            Made where it is not there; nothing in it is overwritten.
        place
            Of the outcome.

        Returns
        -------
        What was written.

        Raises
        ------
        ArgumentError
            There is no such outcome, it is no trained network, or the folder holds one already.
        RecipeError
            The network is a function of this process, or was changed from what its file makes.
        """
        if not Bounds(-len(self), len(self), whole=True).hold(place):
            raise ArgumentError(f"`place` must name one of {len(self)} outcomes, got {place!r}.")
        if not isinstance(folder, str | Path):
            raise ArgumentError(f"`folder` must be a path, got {folder!r}.")
        return export_member(Path(folder), self._member_of(self[place]), self._data, self[place], self._train)

    def _member_of(self, outcome: Outcome) -> Member:
        """After an interruption there are fewer outcomes than members."""
        keys = {member.key(self._data.fingerprint, outcome.schema): member for member in self._members}
        return keys[outcome.key]

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels as the plain outcomes: what could train them again belongs to this process."""
        return (tuple, (list(self),))


def export_member(folder: Path, member: Member, data: Dataset, outcome: Outcome, train: TrainOne) -> tuple[Path, ...]:
    """Write the network of a member, trained again where its weights were not kept."""
    from whyfit.training.export.script import export_network, hold_writable  # noqa: PLC0415  # loads what exports

    if outcome.status != "done":
        raise ArgumentError(f"this network is not trained: {outcome.status} ({outcome.reason}).")
    hold_writable(folder, member.recipe)
    weights = outcome.weights or train(member).weights
    if weights is None:
        raise ArgumentError("this network could not be trained a second time.", advice="Collect its weights at once.")
    return export_network(folder, member.recipe, data, member.split.train, weights)
