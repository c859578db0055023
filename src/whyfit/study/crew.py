"""The crew: workers for one dataset, how they come by it, how they are stopped, where they compute.

Users' networks are tried by the workers that will train them: user code may end its process, and that must not end
whyfit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from whyfit.errors import NetworkError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import NetworkFile, NetworkRef
from whyfit.evidence.recipe import Recipe
from whyfit.study.cluster.backend import LOCAL, on_cluster
from whyfit.study.cluster.context import FarContext
from whyfit.study.cluster.luggage import DataOf, FarFlag, Luggage, put_away
from whyfit.study.runner import Runner
from whyfit.study.share import SharedDataset
from whyfit.study.store import Store
from whyfit.study.workers import in_threads, make_executor, worker_count
from whyfit.training.contract import CancelFlag, Context, Engine
from whyfit.training.device import CPU
from whyfit.training.trial import Trial, own_networks, try_members, try_networks

DIED = (
    "it ended its process while it was tried (`os._exit`, or a fault in compiled code); nothing more is known of where."
)


@dataclass(slots=True)
class Crew:
    """Who trains on one dataset.

    Attributes
    ----------
    stack
        Closes what was opened.
    data
        What they train on.
    workers
        How many at the same time.
    device
        `cpu` or `cuda`; on an accelerator one worker keeps it busy.
    backend
        `local`, or a cluster that the data is sent to, with as many workers as it has.
    """

    stack: ExitStack
    data: Dataset
    workers: int
    device: str = CPU
    backend: str = LOCAL
    _cancel: CancelFlag | None = None
    _shared: SharedDataset | None = None
    _processes: list[Executor] = field(default_factory=list)

    @classmethod
    def of(
        cls, stack: ExitStack, data: Dataset, workers: int | None = None, device: str = CPU, backend: str = LOCAL
    ) -> Crew:
        """As many workers as there are cores, unless told otherwise; one for an accelerator."""
        return cls(stack, data, workers or (worker_count() if device == CPU else 1), device, backend)

    def problems_of(self, networks: Iterable[NetworkRef]) -> tuple[str, ...]:
        """What a small batch shows to be wrong with users' networks; empty where nothing is."""
        own = own_networks(networks)
        return self._tried(try_networks, own, own).problems if own else ()

    def choose(self, members: Sequence[Member], candidates: Sequence[Engine], memory: int | None = None) -> Trial:
        """The engine that trains these members fastest, after they took the steps that they will take."""
        networks = own_networks(member.recipe.network for member in members)
        return self._tried(
            partial(try_members, candidates=candidates, workers=self.workers, memory=memory), networks, members
        )

    def runner(self, engine: Engine, recipes: Iterable[Recipe], store: Store) -> Runner:
        """A runner for members of these recipes; in threads where all of them can, else in processes."""
        recipes = tuple(recipes)
        if self.backend != LOCAL:
            return self._on_cluster(engine, recipes, store)
        threads = all(in_threads(engine.name, recipe) for recipe in recipes)
        executor = partial(make_executor, threads=threads, workers=self.workers)
        context = self._context(threads=threads)
        live = None if threads or not self._processes else self._processes.pop()
        runner = Runner(engine, context, store, executor, self.workers, self.data.fingerprint, live)
        return self.stack.enter_context(runner)

    def beside(self, engine: Engine, store: Store) -> Runner:
        """A runner in threads of this process, whatever trains the study: for few small networks beside it."""
        executor = partial(make_executor, threads=True, workers=worker_count())
        context = replace(self._context(threads=True), device=CPU)
        runner = Runner(engine, context, store, executor, worker_count(), self.data.fingerprint)
        return self.stack.enter_context(runner)

    def _on_cluster(self, engine: Engine, recipes: tuple[Recipe, ...], store: Store) -> Runner:
        luggage = Luggage.pack(self.data, recipes)
        self.stack.callback(put_away, luggage.study)
        luggage.unpack()  # what members cost is measured here
        cluster = self.stack.enter_context(on_cluster(self.backend, luggage))
        context = FarContext(DataOf(luggage.study), FarFlag(luggage.study, cluster.call_off), self.device)
        runner = Runner(
            engine, context, store, cluster.executor, cluster.workers, self.data.fingerprint, backend=self.backend
        )
        return self.stack.enter_context(runner)

    def _tried(self, work: Any, networks: Sequence[NetworkRef], argument: Any) -> Trial:
        """Where the networks can be loaded by a worker, there; what only this process knows, here."""
        if not networks or not all(isinstance(network, NetworkFile) for network in networks):
            here: Trial = work(argument, self._context(threads=True))
            return here
        pool = self._pool()
        try:
            tried: Trial = pool.submit(work, argument, self._context(threads=False)).result()
        except BrokenExecutor:
            self._processes.clear()
            raise NetworkError(DIED, where=_places(networks), advice="Find it with `python -X faulthandler`.") from None
        return tried

    def _pool(self) -> Executor:
        if not self._processes:
            pool = make_executor(threads=False, workers=self.workers)
            self.stack.callback(pool.shutdown, wait=False)
            self._processes.append(pool)
        return self._processes[0]

    def _context(self, *, threads: bool) -> Context:
        if self._cancel is None:
            self._cancel = self.stack.enter_context(CancelFlag.create())
        if threads:
            return Context(partial(itself, self.data), self._cancel, self.device)
        if self._shared is None:
            self._shared = self.stack.enter_context(SharedDataset.write(self.data))
        return Context(self._shared, self._cancel, self.device)


def itself(data: Dataset) -> Dataset:
    """The dataset of this process."""
    return data


def _places(networks: Sequence[NetworkRef]) -> str:
    return ", ".join(network.path for network in networks if isinstance(network, NetworkFile))
