"""The `kernel` engine: the default networks on a CPU, each trained alone in compiled code, without the interpreter
lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.training.contract import Context, Cost, Shard, Verdict

DEFAULT = "default_network_on_a_cpu"


@dataclass(frozen=True, slots=True)
class KernelEngine:
    """Trains perceptrons by the compiled kernel; holds to the semantics in `whyfit.training.kernel`.

    Whoever starts workers limits BLAS to one thread: the kernel computes on the thread that calls it.

    Attributes
    ----------
    why
        The code of the reason why this engine was chosen, for the outcomes.
    """

    why: str = DEFAULT
    name: str = "kernel"

    def fits(self, member: Member) -> Verdict:
        """Whether the kernel knows all that the recipe asks for."""
        return Verdict(self.why_not(member.recipe))

    def why_not(self, recipe: Recipe) -> str | None:
        """The code of the reason why the kernel cannot train a recipe; None where it can."""
        from whyfit.training.kernel.refusal import refusal  # noqa: PLC0415  # the catalogues are not needed before

        return "not_a_perceptron" if not isinstance(recipe.network, Perceptron) else refusal(recipe)

    def prepare(self, compiling: Callable[[], None]) -> None:
        """Have the machine code ready; `compiling` is called first where it is not in the cache."""
        from whyfit.training.kernel.prepare import prepare  # noqa: PLC0415  # loads Numba

        prepare(compiling)

    def cost(self, members: Sequence[Member], context: Context) -> Cost:
        """Seconds and bytes, from a few steps of each structure on this machine."""
        from whyfit.training.kernel.cost import cost_of  # noqa: PLC0415  # loads Numba

        return cost_of(members, context.open_data())

    def shards(self, members: Sequence[Member], fingerprint: str, limit: Cost) -> Iterator[Shard]:
        """Up to four members a shard, while what is known of their cost stays within the limit."""
        from whyfit.training.kernel.cost import in_shards  # noqa: PLC0415  # loads Numba

        for group in in_shards(members, limit):
            yield Shard(group, tuple(member.key(fingerprint, OUTCOME_SCHEMA) for member in group))

    def train(self, shard: Shard, context: Context) -> Iterator[Outcome]:
        """Train one member after the other; none is begun after the flag or the deadline."""
        data = context.open_data()
        for member, key in zip(shard.members, shard.keys, strict=True):
            if context.over():
                return
            outcome = self._train(member, key, data, context)
            if context.progress is not None:
                context.progress(outcome)
            yield outcome

    def _train(self, member: Member, key: str, data: Dataset, context: Context) -> Outcome:
        from whyfit.training.kernel.compiled import run  # noqa: PLC0415  # loads Numba
        from whyfit.training.kernel.pack import pack  # noqa: PLC0415  # loads Numba
        from whyfit.training.kernel.unpack import outcome_of  # noqa: PLC0415  # loads Numba

        began = time.perf_counter()
        packed = pack(member, data, context.cancel.byte)
        run(packed.args)
        return outcome_of(member, key, packed, engine=self.name, why=self.why, seconds=time.perf_counter() - began)
