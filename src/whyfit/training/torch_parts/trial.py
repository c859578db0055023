"""A user's network in the steps that it will take: what raises only backwards, or only for some batch size, is said
before anything is trained.
"""

from __future__ import annotations

from contextlib import suppress

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import Perceptron
from whyfit.nets.user_code import function_of, speaking_of
from whyfit.training.contract import Context
from whyfit.training.torch_parts.cost import FAR_IN_THE_RUN
from whyfit.training.torch_parts.evaluate import CHUNK_ROWS, mean_over
from whyfit.training.torch_parts.finite import DivergedError
from whyfit.training.torch_parts.member_run import MemberRun
from whyfit.training.torch_parts.randomness import training_key
from whyfit.training.torch_parts.step import rows_a_step
from whyfit.training.torch_parts.threads import one_torch_thread


def try_member(member: Member, data: Dataset, context: Context) -> None:
    """One step of a full batch, one of the short last batch, one evaluation; the network is thrown away.

    Raises
    ------
    NetworkError
        The user's code raised; where, and in what.
    """
    make = None if isinstance(member.recipe.network, Perceptron) else function_of(member.recipe.network)
    if make is None:
        return
    with one_torch_thread():
        with speaking_of(make, "the first pass in training mode"):
            run = MemberRun.begin(member, data, context.cancel.is_set, context.device)
        run.network.module.train()
        for rows in batch_sizes(member):
            with speaking_of(make, f"a training step on {rows} {'row' if rows == 1 else 'rows'}"):
                _step(run, rows)
        part = run.index(member.split.train[:CHUNK_ROWS])
        with speaking_of(make, f"an evaluation of {part.numel()} rows"):
            mean_over(run.network, run.rows, part, run.loss, run.poll)


def batch_sizes(member: Member) -> tuple[int, ...]:
    """Of a full batch, and of the last one where it is shorter."""
    rows = member.split.train.size
    full = rows_a_step(member.recipe, rows)
    last = rows % full
    return (full, last) if last else (full,)


def _step(run: MemberRun, rows: int) -> None:
    index = run.index(run.member.split.train[:rows])
    key = training_key(run.member.seed, FAR_IN_THE_RUN, rows)
    with suppress(DivergedError):  # a number that is not finite is no fault of the code; the outcome will say it
        run.stepper.take(run.rows.features(index), run.rows.targets(index), 1, key, own=run.rows.weights_of(index))
