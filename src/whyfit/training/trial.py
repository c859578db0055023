"""What can be found out of users' networks before anything is trained, and which engine is to train them.

User code may end its process; so this runs where the networks will be trained, which is a worker process for whatever
a worker can load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from whyfit.errors import NetworkError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import NetworkFile, NetworkInProcess, NetworkRef, Perceptron
from whyfit.training.choose import Choice, choose_engine
from whyfit.training.contract import Context, Engine

UserNetwork = NetworkFile | NetworkInProcess


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found.

    Attributes
    ----------
    problems
        One sentence each; empty where the networks can be trained.
    choice
        The engine; None where there are problems, or nobody asked.
    """

    problems: tuple[str, ...] = ()
    choice: Choice | None = None


def own_networks(networks: Iterable[NetworkRef]) -> list[UserNetwork]:
    """Those that are a user's, each once, in order."""
    return list(dict.fromkeys(network for network in networks if not isinstance(network, Perceptron)))


def try_networks(networks: Sequence[UserNetwork], context: Context) -> Trial:
    """Make each network, pass a small batch, and say what is wrong with any of them."""
    data = context.open_data()
    return Trial(tuple(problem for network in networks for problem in _problems(network, data)))


def try_members(
    members: Sequence[Member], context: Context, candidates: Sequence[Engine] | None, workers: int, memory: int | None
) -> Trial:
    """Take the steps that the members will take, then choose their engine by measured time."""
    problems = tuple(dict.fromkeys(_problems_of_steps(members, context)))
    if problems:
        return Trial(problems)
    return Trial(choice=choose_engine(members, context, candidates, workers=workers, memory=memory))


def _problems(network: UserNetwork, data: Dataset) -> Iterator[str]:
    from whyfit.nets.check import check_network  # noqa: PLC0415  # loads torch

    try:
        check_network(network, data)
    except NetworkError as error:
        yield str(error)


def _problems_of_steps(members: Sequence[Member], context: Context) -> Iterator[str]:
    """Of each structure once."""
    if all(isinstance(member.recipe.network, Perceptron) for member in members):
        return
    from whyfit.training.torch_parts.cost import structure_of  # noqa: PLC0415  # loads torch
    from whyfit.training.torch_parts.trial import batch_sizes, try_member  # noqa: PLC0415  # loads torch

    data = context.open_data()
    distinct = {(structure_of(member, data, context.device), batch_sizes(member)): member for member in members}
    for member in distinct.values():
        try:
            try_member(member, data, context)
        except NetworkError as error:
            yield str(error)
