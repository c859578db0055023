"""Where a cohort lies: torch's `meta` device holds no numbers, so a tensor left on the processor, or a look at a number
in the middle of an epoch, is an error there.
"""

import pytest
import torch

from training import networks
from training.members import classes_table, images, member
from whyfit.evidence.recipe import Recipe
from whyfit.nets.registry import register
from whyfit.training.stacked_parts import run as run_module
from whyfit.training.stacked_parts.cohort import Cohort
from whyfit.training.stacked_parts.passes import Passes
from whyfit.training.stacked_parts.run import CohortRun
from whyfit.training.stacked_parts.seat import Seat
from whyfit.training.stacked_parts.tally import CohortTally
from whyfit.training.torch_parts.outcome import Stamp
from whyfit.training.torch_parts.rows import Rows

ELSEWHERE = "meta"
RECIPES = {
    "plain": {},
    "penalties, clipping": {"l1": 1e-4, "l2": 1e-4, "weight_decay": 0.1, "clip_norm": 1.0, "clip_value": 0.5},
    "smoothing, class weights": {"label_smoothing": 0.1, "class_weights": "balanced"},
    "noise": {"augmentation": "noise", "augmentation_strength": 0.1},
    "mixup": {"augmentation": "mixup", "augmentation_strength": 0.2},
    "schedule": {"schedule": "cosine", "warmup": 0.1},
}
NETWORKS = {
    "dense with dropout": (networks.dense, classes_table()),
    "convolution with batch norm": (networks.convolutional, images(rows=120)),
    "recurrent": (networks.Recurrent, classes_table()),
    "transformer": (networks.Transformer, classes_table()),
}


def cohort_of(make, data, **changes):
    recipe = Recipe.for_data(data.task, register(make), optimizer="rmsprop", **changes)  # a rule without a fused form
    members = [member(recipe, rows=data.rows, seed=seed) for seed in range(3)]
    seats = [Seat.of(one, "", data, lambda: False, ELSEWHERE) for one in members]
    return Cohort.begin(seats, data, lambda: False, ELSEWHERE)


@pytest.fixture
def as_written(monkeypatch):
    monkeypatch.setattr(run_module, "Passes", lambda stack, loss, device: Passes(stack, loss, "cpu"))


@pytest.mark.usefixtures("as_written")
@pytest.mark.parametrize("changes", RECIPES.values(), ids=RECIPES)
@pytest.mark.parametrize(("make", "data"), NETWORKS.values(), ids=NETWORKS)
def test_a_step_stays_on_the_device_and_looks_at_no_number(make, data, changes):
    cohort = cohort_of(make, data, **changes)
    run = CohortRun(cohort, lambda: False, Stamp("stacked", "", "cpu"), 3)
    cohort.stack.network.module.train()
    tally = CohortTally(cohort.judge.rows, cohort.judge.loss)
    for step, index in enumerate(torch.split(cohort.orders(1), 32, dim=1)):
        tally.add(index, *run.step(index, step, tally))
    tensors = {**cohort.stack.parameters, **cohort.stack.buffers, **cohort.best}
    assert {tensor.device.type for tensor in tensors.values()} == {ELSEWHERE}


def test_all_members_share_one_copy_of_the_rows():
    data = classes_table()
    first, second = (Rows.of(data, split.split.train, ELSEWHERE) for split in (member(Recipe()), member(Recipe())))
    assert first.values is second.values
    assert first.target is second.target
