"""The `stacked` engine: networks of one structure trained as one program, by `torch.func`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from whyfit.evidence.member import Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Outcome
from whyfit.training.contract import Context, Cost, Shard, Verdict
from whyfit.training.engines.single import ONLY_ONE, SingleEngine
from whyfit.training.stacked_parts.structure import COHORT, MEMBER_BYTES, cohorts, most_within

NOT_STACKABLE = frozenset({"muon"})
"""Rules that look at a matrix as a whole: stacked, it would have an axis more."""


@dataclass(frozen=True, slots=True)
class StackedEngine:
    """Trains cohorts: stacked parameters, one forward and backward pass for all, `torch.optim` on views of them.

    Holds to the semantics in `whyfit.training.kernel`; equal to the same members trained alone within float tolerance,
    not to the bit, as stacked products add up in another order. What turns out not to be stackable on the first pass
    (a recurrence over packed sequences, random numbers in evaluation) is trained alone, and its outcome says so.
    A loss, gradient or weight that is not finite is noticed at the end of its epoch.

    Attributes
    ----------
    why
        The code of the reason why this engine was chosen, for the outcomes.
    cohort
        Members at most that are stacked: fewer where all workers are to have some.
    member_bytes
        What one member of a cohort is taken to need at its peak; measured where the engine was chosen by measurement.
    """

    why: str = ONLY_ONE
    name: str = "stacked"
    cohort: int = COHORT
    member_bytes: int = MEMBER_BYTES

    def fits(self, member: Member) -> Verdict:
        """Whether torch is there and knows all that the recipe asks for, and it can be stacked."""
        alone = SingleEngine().fits(member)
        return Verdict("optimizer_not_stackable") if alone and member.recipe.optimizer in NOT_STACKABLE else alone

    def prepare(self, compiling: Callable[[], None]) -> None:  # noqa: ARG002  # nothing is compiled
        """Load what is loaded at the first step."""
        import whyfit.training.stacked_parts.cohort_run  # noqa: PLC0415, F401  # its compiled parts are loaded with it
        from whyfit.training.torch_parts.first_use import use_once  # noqa: PLC0415  # loads torch

        use_once()

    def cost(self, members: Sequence[Member], context: Context) -> Cost:
        """Seconds and bytes, from a few steps of each cohort on this machine."""
        from whyfit.training.stacked_parts.cost import cost_of  # noqa: PLC0415  # loads torch

        return cost_of(members, context, self.cohort)

    def shards(self, members: Sequence[Member], fingerprint: str, limit: Cost) -> Iterator[Shard]:
        """Cohorts, in the order of their first members; as many members as the bytes allow."""
        for places in cohorts(members, most_within(limit, self.cohort, self.member_bytes)):
            cohort = tuple(members[place] for place in places)
            yield Shard(cohort, tuple(member.key(fingerprint, OUTCOME_SCHEMA) for member in cohort))

    def train(self, shard: Shard, context: Context) -> Iterator[Outcome]:
        """Train cohort after cohort; none is begun after the flag or the deadline."""
        from whyfit.training.stacked_parts.cohort_run import train_cohort  # noqa: PLC0415  # loads torch
        from whyfit.training.torch_parts.outcome import Stamp  # noqa: PLC0415  # loads torch
        from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415  # loads torch

        data, stamp = context.open_data(), Stamp(self.name, self.why, context.device)
        with one_torch_thread():
            for places in cohorts(shard.members, len(shard)):
                if context.over():
                    return
                members, keys = [shard.members[p] for p in places], [shard.keys[p] for p in places]
                for outcome in train_cohort(members, keys, data, context.cancel.is_set, stamp):
                    if context.progress is not None:
                        context.progress(outcome)
                    yield outcome
