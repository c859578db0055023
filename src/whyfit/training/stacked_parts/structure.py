"""What members of one cohort have in common, and what each may have of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whyfit.evidence.digest import digest_of
from whyfit.evidence.member import Member
from whyfit.evidence.recipe import OWN, Recipe
from whyfit.training.contract import Cost

OF_EACH = (
    "initializer",
    "label_smoothing",
    "class_weights",
    "learning_rate",
    "settings",
    "schedule",
    "warmup",
    "epochs",
    "patience",
    "l1",
    "l2",
    "weight_decay",
    "clip_norm",
    "clip_value",
    "augmentation",
    "augmentation_strength",
)
"""Fields of the recipe in which the members of a cohort may differ, beside rows and seed; dropout may in its rate."""

COHORT = 32
"""Members at most: from there on a larger cohort no longer gains on a CPU (DESIGN.md, decision 1, measured with 32)."""

COHORT_ON_DEVICE = 1024
"""On an accelerator, whose thousands of cores want as many small products side by side; not measured on one."""


def structure_of(member: Member) -> str:
    """Equal for members that can be stacked: one program, one number of rows a step, one number of steps an epoch."""
    plain = {name: value for name, value in member.recipe.plain().items() if name not in OF_EACH}
    plain["dropout"] = _kind_of_dropout(member.recipe)
    return digest_of(plain, [member.split.train.size, member.collect.vitals, member.recipe.network.plain()])


def cohorts(members: Sequence[Member], most: int = COHORT) -> Iterator[list[int]]:
    """Places of members that can be stacked, in the order of their first ones; each place comes once."""
    open_ones: dict[str, list[int]] = {}
    for place, member in enumerate(members):
        key = structure_of(member)
        cohort = open_ones.setdefault(key, [])
        cohort.append(place)
        if len(cohort) >= most:
            yield open_ones.pop(key)
    yield from open_ones.values()


def _kind_of_dropout(recipe: Recipe) -> str:
    if recipe.dropout == OWN:
        return OWN
    return "some" if recipe.dropout else "none"


MEMBER_BYTES = 1 << 24
"""Set aside for each member: weights, gradients, optimiser and best weights of a million parameters (chosen)."""


def most_within(limit: Cost, most: int = COHORT, member_bytes: int = MEMBER_BYTES) -> int:
    """Members of a cohort that stay within a limit of bytes; one at least. Seconds do not count: it is one program.

    Examples
    --------
    >>> most_within(Cost(seconds=0.5, bytes=1 << 30)), most_within(Cost(seconds=0.0, bytes=0))
    (32, 1)
    """
    return max(1, min(most, limit.bytes // max(1, member_bytes)))
