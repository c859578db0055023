"""The true gain of every family at a study's number of rows, by brute force: fresh training samples, fresh scored rows.

A sample has the rows of a study and is divided as a study's first fold is, so that networks train, stop and choose on
as many rows; they are scored on rows that belong to no sample.
"""

import numpy as np

from truth.networks import outcomes_of
from truth.planted import Case
from whyfit.data.load import load
from whyfit.data.splits import repeat_splits
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split
from whyfit.study.plan import FOLDS, Arm, Family, Plan
from whyfit.study.results import ArmResults
from whyfit.study.statistics.balanced import balanced
from whyfit.study.statistics.choice import choose
from whyfit.study.statistics.ensemble import mean_prediction
from whyfit.study.statistics.losses import row_losses

FRESH_ROWS = 1000


def one_sample(case: Case, noise: np.random.Generator) -> dict[str, float]:
    """The gain of each family over plain with one training sample; the mean over samples is the truth."""
    x, target = case.draw(noise, case.rows + FRESH_ROWS)
    data, first = load((x, target)), load((x[: case.rows], target[: case.rows]))
    cut = repeat_splits(first, FOLDS, 0, int(noise.integers(2**31)))[0]
    split = Split(train=cut.train, stop=cut.stop, score=np.arange(case.rows, data.rows))
    families = tuple(family for family in case.families(first) if family.judged)
    plan = Plan(case.plain, families, lambda _: (split,), 1, int(noise.integers(2**31)))
    results = _trained(data, plan)
    return {family.name: _gain(family, results, results[case.plain]) for family in families}


def _trained(data: Dataset, plan: Plan) -> dict[Arm, ArmResults]:
    arms = [plan.plain, *(arm for family in plan.families for arm in family.candidates)]
    members = {arm: list(plan.members([arm], range(1))) for arm in arms}
    outcomes = iter(outcomes_of(data, [member for ones in members.values() for member in ones]))
    return {arm: ArmResults(data, arm, ones, [next(outcomes) for _ in ones], 1, 1) for arm, ones in members.items()}


def _gain(family: Family, results: dict[Arm, ArmResults], plain: ArmResults) -> float:
    """Against the first seed of plain, which the others share."""
    arms = [results[arm] for arm in family.candidates]
    if family.kind == "ensemble":
        return float(_losses(arms[0]).mean() - _together(arms[0]).mean())
    picked = choose(np.stack([arm.stop_losses for arm in arms])).picks[0, 0]
    before, after = (_losses(arm)[0] for arm in (plain, arms[picked]))
    if family.balanced:
        target = plain.data.target[plain.members[0].split.score]
        before, after = balanced(before, target), balanced(after, target)
    gain = before.mean() - after.mean()
    return float(-gain if family.reverse else gain)


def _losses(arm: ArmResults) -> np.ndarray:
    """(seeds, fresh rows), in the units of the score."""
    return arm.row_losses(arm.error_loss)[0][:, arm.members[0].split.score]


def _together(arm: ArmResults) -> np.ndarray:
    """(fresh rows,): the loss of the mean prediction."""
    score = arm.members[0].split.score
    mean = mean_prediction(arm.predictions[:, :, score], arm.error_loss)[0]
    return row_losses(mean, arm.data.target[score], arm.error_loss)
