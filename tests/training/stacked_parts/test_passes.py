"""Recording a pass: tested with a recorder that runs the work again, as a graph of an accelerator would."""

from itertools import cycle

import pytest
import torch
from torch import nn

from training import networks
from training.members import classes_table, context_of, images, member, shard_of
from whyfit.evidence.recipe import Recipe
from whyfit.nets.network import Network
from whyfit.nets.registry import register
from whyfit.training.engines.stacked import StackedEngine
from whyfit.training.stacked_parts import passes
from whyfit.training.stacked_parts import run as run_module
from whyfit.training.stacked_parts.losses import CohortLoss
from whyfit.training.stacked_parts.passes import Batch, Passes
from whyfit.training.stacked_parts.stack import Stack

MEMBERS, ROWS = 3, 5


class Recorder:
    """Runs the work on the recorded memory when it is replayed, and writes where it wrote first."""

    def __init__(self):
        self.recordings, self.replays = 0, 0

    def __call__(self, work):
        self.recordings += 1
        left = tuple(tensor.clone() for tensor in work())

        def replay():
            self.replays += 1
            for place, tensor in zip(left, work(), strict=True):
                place.copy_(tensor)

        return replay, left


def dense():
    return nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3))


def passes_of(record, device="fake", seed=0):
    torch.manual_seed(seed)
    stack = Stack.of([Network(dense().train()) for _ in range(MEMBERS)])
    loss = CohortLoss("cross_entropy", 3, torch.zeros(MEMBERS), None, smooths=False)
    return Passes(stack, loss, device, record)


def batch(seed=0, rows=ROWS):
    noise = torch.Generator().manual_seed(seed)
    inputs = torch.randn(MEMBERS, rows, 6, generator=noise)
    return Batch(inputs, torch.randint(3, (MEMBERS, rows), generator=noise))


@pytest.fixture
def timed(monkeypatch):
    """Which of the two the clock finds faster: what it says first is of the pass as written, then of the recording."""

    def says(written, recorded):
        answers = [*[written] * passes.TIMED, *[recorded] * passes.TIMED]
        monkeypatch.setattr(passes, "timed", lambda work, device: (work(), answers.pop(0) if answers else 1.0)[1])

    return says


def test_a_recorded_pass_gives_the_same_numbers(timed):
    timed(written=2.0, recorded=1.0)
    record = Recorder()
    recorded, written = passes_of(record), passes_of(None, device="cpu")
    recorded.take(batch(0))
    written.take(batch(0))
    for seed in (1, 2):
        a, b = recorded.take(batch(seed)), written.take(batch(seed))
        torch.testing.assert_close(a.outputs, b.outputs)
        torch.testing.assert_close(a.total, b.total)
        assert a.gradients.keys() == b.gradients.keys()
        for name in a.gradients:
            torch.testing.assert_close(a.gradients[name], b.gradients[name])
    for name, buffer in recorded.stack.buffers.items():  # trial passes left no trace in the running statistics
        torch.testing.assert_close(buffer, written.stack.buffers[name])
    assert record.recordings == 1
    assert record.replays >= 3


def test_what_a_pass_gave_stays_when_the_next_one_is_taken(timed):
    timed(written=2.0, recorded=1.0)
    recorded = passes_of(Recorder())
    first = recorded.take(batch(1))
    kept = first.outputs.clone()
    recorded.take(batch(2))
    torch.testing.assert_close(first.outputs, kept)


def test_a_recording_that_is_slower_is_not_used(timed):
    timed(written=1.0, recorded=2.0)
    record = Recorder()
    slower = passes_of(record)
    slower.take(batch())
    replays = record.replays
    slower.take(batch(1))
    assert record.replays == replays


def test_what_cannot_be_recorded_runs_as_it_is_written():
    def refuses(work):
        raise RuntimeError("operation not permitted when stream is capturing")

    refused, written = passes_of(refuses), passes_of(None, device="cpu")
    torch.testing.assert_close(refused.take(batch()).outputs, written.take(batch()).outputs)
    for name, buffer in refused.stack.buffers.items():
        torch.testing.assert_close(buffer, written.stack.buffers[name])


def test_each_size_of_batch_has_a_recording_of_its_own(timed):
    timed(written=2.0, recorded=1.0)
    record = Recorder()
    recorded = passes_of(record)
    for rows in (5, 2, 5, 2):
        recorded.take(batch(rows=rows))
    assert record.recordings == 2


def test_on_a_processor_nothing_is_recorded():
    def never(work):
        raise AssertionError

    passes_of(never, device="cpu").take(batch())


@pytest.mark.parametrize(
    ("make", "data"), [(networks.dense, classes_table()), (networks.convolutional, images(rows=120))]
)
def test_a_whole_training_of_recorded_steps_equals_the_one_as_written(make, data, monkeypatch):
    """Dropout, batch norm, members that stop at different epochs, a short last batch."""
    recipe = Recipe.for_data("classification", register(make), epochs=4, patience=2)
    members = [member(recipe.but(learning_rate=rate), rows=data.rows, seed=i) for i, rate in enumerate((1e-3, 0.1))]

    def trained():
        with context_of(data) as context:
            return {o.key: o for o in StackedEngine().train(shard_of(data, *members), context)}

    written, record = trained(), Recorder()
    monkeypatch.setattr(run_module, "Passes", lambda stack, loss, device: Passes(stack, loss, "fake", record))
    answers = cycle([*[2.0] * passes.TIMED, *[1.0] * passes.TIMED])  # the recording is found faster
    monkeypatch.setattr(passes, "timed", lambda work, device: next(answers))
    recorded = trained()
    assert record.replays > record.recordings > 1
    for key, outcome in written.items():
        again = recorded[key]
        assert (again.status, again.stopped_epoch, again.engine) == (outcome.status, outcome.stopped_epoch, "stacked")
        assert again.predictions == pytest.approx(outcome.predictions, rel=1e-4, abs=1e-5)
