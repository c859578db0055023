"""The `single` engine: any torch module, trained by a plain loop, one member after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import NetworkInProcess
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Outcome
from whyfit.evidence.recipe import OWN, Recipe
from whyfit.nets.registry import is_registered
from whyfit.training.contract import Context, Cost, Shard, Verdict

ONLY_ONE = "only_engine_that_fits"


@dataclass(frozen=True, slots=True)
class SingleEngine:
    """Trains each member alone, by `torch.optim`, on one thread.

    Holds to the semantics in `whyfit.training.kernel`. A user's network starts by its own initialisation, under a seed
    from the member's stream.

    Attributes
    ----------
    why
        The code of the reason why this engine was chosen, for the outcomes.
    """

    why: str = ONLY_ONE
    name: str = "single"

    def fits(self, member: Member) -> Verdict:
        """Whether torch is there and knows all that the recipe asks for."""
        return Verdict(_why_not(member.recipe))

    def prepare(self, compiling: Callable[[], None]) -> None:  # noqa: ARG002  # nothing is compiled
        """Load what is loaded at the first step."""
        import whyfit.training.torch_parts.alone  # noqa: PLC0415, F401  # its compiled parts are loaded with it
        from whyfit.training.torch_parts.first_use import use_once  # noqa: PLC0415  # loads torch

        use_once()

    def cost(self, members: Sequence[Member], context: Context) -> Cost:
        """Seconds and bytes, from a few steps of each structure on this machine."""
        from whyfit.training.torch_parts.cost import cost_of  # noqa: PLC0415  # loads torch

        return cost_of(members, context)

    def shards(self, members: Sequence[Member], fingerprint: str, limit: Cost) -> Iterator[Shard]:  # noqa: ARG002  # one member is within any limit
        """One member a shard: a member of a torch loop takes longer than handing it out."""
        for member in members:
            yield Shard((member,), (member.key(fingerprint, OUTCOME_SCHEMA),))

    def train(self, shard: Shard, context: Context) -> Iterator[Outcome]:
        """Train one member after the other; whatever a network does, an outcome comes back."""
        from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415  # loads torch

        data = context.open_data()
        with one_torch_thread():
            for member, key in zip(shard.members, shard.keys, strict=True):
                if context.over():
                    return
                outcome = self._train(member, key, data, context)
                if context.progress is not None:
                    context.progress(outcome)
                yield outcome

    def _train(self, member: Member, key: str, data: Dataset, context: Context) -> Outcome:
        from whyfit.training.torch_parts.alone import train_alone  # noqa: PLC0415  # loads torch
        from whyfit.training.torch_parts.outcome import Stamp  # noqa: PLC0415  # loads torch

        return train_alone(member, key, data, context.cancel.is_set, Stamp(self.name, self.why, context.device))


def _why_not(recipe: Recipe) -> str | None:
    """The code of the reason why a plain torch loop cannot train a recipe; None where it can."""
    if find_spec("torch") is None:
        return "needs_torch"
    if isinstance(recipe.network, NetworkInProcess) and not is_registered(recipe.network):
        return "network_of_another_process"
    return _missing(recipe)


def _missing(recipe: Recipe) -> str | None:
    from whyfit.nets.activations import CLASSES  # noqa: PLC0415  # the catalogue loads Numba
    from whyfit.rules.initializers import initializers  # noqa: PLC0415  # see above
    from whyfit.training.augmenting import NO_AUGMENTATION  # noqa: PLC0415  # see above
    from whyfit.training.torch_parts.augmented import CHANGES  # noqa: PLC0415  # loads torch
    from whyfit.training.torch_parts.optimizers import FACTORIES, MATRIX_RULE  # noqa: PLC0415  # loads torch

    missing = {
        "augmentation_not_supported": recipe.augmentation not in (NO_AUGMENTATION, *CHANGES),
        "activation_not_supported": recipe.activation not in (*CLASSES, OWN),
        "initializer_not_supported": recipe.initializer not in (*initializers, OWN),
        "optimizer_not_supported": recipe.optimizer not in (*FACTORIES, MATRIX_RULE),
    }
    return next((code for code, true in missing.items() if true), None)
