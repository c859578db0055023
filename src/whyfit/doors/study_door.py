"""The door `checkup`: from data to a report, top to bottom."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from whyfit.doors.activation_curve import activation_curve
from whyfit.doors.asked import hold_trainable, recipe_asked
from whyfit.doors.export_door import WayOut
from whyfit.doors.listening import Listening
from whyfit.doors.not_taken import not_taken
from whyfit.doors.observed import loading_ahead, observed
from whyfit.doors.provenance import provenance_of
from whyfit.doors.recipe_text import with_toml
from whyfit.doors.voice import Silence, Voice
from whyfit.errors import NetworkError, all_together
from whyfit.evidence.dataset import Dataset, Told
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.leaks import AlikeFacts, SuspectFacts
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.report import Report
from whyfit.evidence.split import Split
from whyfit.evidence.types import Task
from whyfit.study.augmentations import check_declared, flips_told
from whyfit.study.budget import DEFAULT_SECONDS, Budget
from whyfit.study.cluster.backend import LOCAL, check_backend
from whyfit.study.crew import Crew
from whyfit.study.other_metrics import own_metrics, with_metrics
from whyfit.study.plan import FOLDS, PLAIN, PLAIN_SEEDS, Arm, Family, Plan
from whyfit.study.race import race_facts, racers
from whyfit.study.remedies import families, kept_where_small
from whyfit.study.revisit import keeps_weights
from whyfit.study.room import room_told
from whyfit.study.runner import one_thread_a_worker
from whyfit.study.statistics.metrics import Metric
from whyfit.study.store import Store
from whyfit.study.study import Forecast, Study, check_budget
from whyfit.study.swaps import swaps
from whyfit.training.contract import Engine, why_of
from whyfit.training.device import CPU

if TYPE_CHECKING:
    from whyfit.data.passes import OwnDivision
    from whyfit.data.sound import Sound
    from whyfit.study.contrast import Contrasting
    from whyfit.training.choose import Choice

DEFAULT_BUDGET = f"{DEFAULT_SECONDS:g}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a user asked of a checkup, as asked."""

    target: str | Sequence[str] | None = None
    task: Task | None = None
    groups: Any = None
    time: Any = None
    weights: Any = None
    model: str | Callable[..., Any] | None = None
    budget: str | float | Budget = DEFAULT_BUDGET
    seed: int = 0
    study: Path | None = None
    recipe: Path | None = None
    cv: Any = None
    by: Literal["auto", "random"] = "auto"
    against: Any = None
    label_preserving: tuple[str, ...] = ()
    metric: Any = None
    device: str | None = None
    backend: str = LOCAL
    command: str = ""


def checkup(source: Any, wishes: Wishes, voice: Voice | None = None) -> Report:
    """Examine data, or a network and data: train many networks, judge what they show.

    Raises
    ------
    InputError
        The arguments or the data cannot be used; one message says what, where, and what to do.
    """
    return examined(source, wishes, voice or Silence())[0]


def examined(source: Any, wishes: Wishes, voice: Voice) -> tuple[Report, WayOut]:
    """The report of a checkup, and a way out of whyfit for its recommended recipe."""
    with prepared(source, wishes, voice) as study:
        voice.planned(study.runner.engine.name, why_of(study.runner.engine), study.runner.workers)
        with voice.listening(), loading_ahead():
            study.run()
        report = report_of(study, wishes)
        facts = report.evidence.recommended
        recipe = study.plan.plain.recipe if facts is None else facts.recipe
        return report, WayOut(study.data, recipe, wishes.seed, study.runner.context.device)


def planned(source: Any, wishes: Wishes, voice: Voice | None = None) -> Forecast:
    """What a checkup would train, and how long it would take; nothing is trained but a few steps to measure."""
    with prepared(source, wishes, voice or Silence()) as study:
        return study.forecast()


@contextmanager
def prepared(source: Any, wishes: Wishes, voice: Voice) -> Iterator[Study]:
    """Everything up to the first training step: data, network, engine, plan, store."""
    budget = Budget.parse(wishes.budget)
    check_backend(wishes.backend)
    loaded = _load(source, wishes)
    voice.data(loaded)
    check_declared(wishes.label_preserving, loaded)
    own_metrics(wishes.metric, loaded.task, loaded.target, loaded.weights)  # refused before anything is trained
    sound = _division(loaded, wishes)
    data = sound.data
    against = _against(source, loaded, sound.suspects, wishes)
    recipe, device, problems = recipe_asked(data, wishes.model, wishes.recipe, wishes.device)
    with ExitStack() as stack:
        stack.enter_context(one_thread_a_worker())
        crew = Crew.of(stack, data, device=device, backend=wishes.backend)
        hold_trainable([recipe], crew, problems)
        plan = _plan(data, recipe, wishes, sound.own)
        check_budget(budget, plan)
        store = stack.enter_context(Store(wishes.study))
        engine, choice = _engine(crew, plan, store, voice)
        plan = plan.that_fits(engine)
        runner = crew.runner(engine, [recipe], store)
        store.must_match(_identity(data, plan, engine))
        leaks, preparing = _contrasts(sound, crew, engine, store, wishes, voice)
        study = Study(
            data,
            plan,
            runner,
            budget,
            hear=voice.settled,
            not_taken=not_taken(plan.sample(), device, engine, choice, store),
            suspects=sound.suspects,
            against=against,
            together=sound.together,
            leaks=leaks,
            preparing=preparing,
        )
        study.listen = Listening(study, voice)
        yield study


def _contrasts(
    sound: Sound, crew: Crew, engine: Engine, store: Store, wishes: Wishes, voice: Voice
) -> tuple[tuple[Contrasting, ...], tuple[Contrasting, ...]]:
    """What networks of the default recipe are to measure of leaks, by the kernel, whatever trains the study.

    Where that is not the kernel, it is made ready for leaks that were found alone: compiling takes seconds.
    """
    from whyfit.study.contrast import Contrasting  # noqa: PLC0415
    from whyfit.training.engines.kernel import KernelEngine  # noqa: PLC0415

    by_kernel = isinstance(engine, KernelEngine)
    leaks, preparing = sound.leaks, sound.preparing if by_kernel else ()
    if not (leaks or preparing):
        return (), ()
    kernel: Engine = engine if by_kernel else KernelEngine()
    if not by_kernel:
        kernel.prepare(voice.compiling)
    beside = crew.beside(kernel, store)
    made = [[Contrasting(one, beside, wishes.seed) for one in some] for some in (leaks, preparing)]
    return tuple(made[0]), tuple(made[1])


def report_of(study: Study, wishes: Wishes) -> Report:
    """Judge what was trained."""
    from whyfit.exams import examine  # noqa: PLC0415  # after the training, so that the first word comes at once

    evidence = gather(study, own_metrics(wishes.metric, study.data.task))
    answers, findings = examine(evidence)
    return Report(
        door="checkup",
        data=_data_head(study.data, (*study.plan.told, *room_told(study.most, full=study.full))),
        answers=answers,
        findings=findings,
        evidence=evidence,
        networks=study.networks,
        seconds=study.seconds,
        seed=wishes.seed,
        provenance=provenance_of(study, wishes.command),
        interrupted=study.interrupted,
    )


def gather(study: Study, own: tuple[Metric, ...] = ()) -> Evidence:
    """All that was measured, of the complete repeats; what needs networks is absent before the first is complete."""
    from whyfit.data.facts import data_facts, split_facts, with_scores  # noqa: PLC0415
    from whyfit.study.capacity import capacity_facts, ensemble_facts  # noqa: PLC0415
    from whyfit.study.contrast import contrast_facts  # noqa: PLC0415
    from whyfit.study.decomposed import decomposition_facts  # noqa: PLC0415
    from whyfit.study.learning_curve import learning_curve  # noqa: PLC0415
    from whyfit.study.measure import gap_facts, runs, score_facts  # noqa: PLC0415
    from whyfit.study.measured_remedies import RemedyMeasures  # noqa: PLC0415
    from whyfit.study.mode_cases import case_facts  # noqa: PLC0415
    from whyfit.study.mode_losses import mode_facts  # noqa: PLC0415
    from whyfit.study.recommend import recommended  # noqa: PLC0415
    from whyfit.study.showable import with_smallest_gain  # noqa: PLC0415
    from whyfit.study.thinned import thinned_facts  # noqa: PLC0415

    data, plan = study.data, study.plan
    facts = data_facts(data)
    parts, repeats = plan.splits_of(0), 1 if plan.once else max(1, study.repeats)
    splits = split_facts(
        data,
        parts,
        repeats=repeats,
        own=plan.own,
        against=study.against,
        suspects=study.suspects,
        together=study.together,
        contrasts=contrast_facts((*study.leaks, *study.preparing)),
    )
    results = study.plain
    if results is None:
        return Evidence(data=facts, splits=splits)
    splits = with_scores(splits, data, parts, results.plain_losses(results.error_loss)[0].mean(axis=0))
    score = with_smallest_gain(score_facts(results), study.tracks, results.error_loss, plan.once)
    score = with_metrics(score, results, own)
    # A loss that is not finite is a finding of its own (`gradients.not_finite`); no gain is made of it.
    remedies = RemedyMeasures(results)
    every = [*study.tracks, *([study.searched] if study.searched else [])]
    tracks = [(track, study.arms_of(track)) for track in every if track.repeats]
    gains = [remedies.facts(track, arms) for track, arms in tracks if track.verdict]
    race = [race_facts(track.family, arms, results) for track, arms in tracks if track.family.kind == "race"]
    plain_runs = runs(results, PLAIN)
    return Evidence(
        data=facts,
        splits=splits,
        runs=plain_runs,
        score=score,
        gap=gap_facts(results),
        decomposition=decomposition_facts(results, score.estimate.high),
        remedies=tuple(facts for facts in gains if math.isfinite(facts.gain.value)),
        race=tuple(facts for facts in race if math.isfinite(facts.error.value)),
        capacity=capacity_facts(tracks, results),
        ensemble=ensemble_facts(tracks, results),
        learning_curve=learning_curve(tracks, results),
        modes=() if study.interrupted else mode_facts(tracks, results),
        cases=() if study.interrupted else case_facts(tracks, results),
        thinned=None if study.interrupted else thinned_facts(tracks, results),
        recommended=with_toml(recommended(tracks, results)),
        activation=activation_curve(plain_runs),
        observation=None if study.interrupted else observed(plan.sample(), data),
    )


def _load(source: Any, wishes: Wishes) -> Dataset:
    from whyfit.data.load import load  # noqa: PLC0415

    return load(
        source,
        target=wishes.target,
        task=wishes.task,
        groups=wishes.groups,
        time=wishes.time,
        weights=wishes.weights,
    )


def _division(data: Dataset, wishes: Wishes) -> Sound:
    """The data as it is divided, and what was found of leaks; a network of the user's may count on every column."""
    from whyfit.data.sound import sound_division  # noqa: PLC0415

    own = wishes.model is not None or wishes.recipe is not None
    return sound_division(data, cv=wishes.cv, seed=wishes.seed, keep_columns=own, at_random=wishes.by == "random")


def _against(source: Any, data: Dataset, suspects: SuspectFacts, wishes: Wishes) -> AlikeFacts | None:
    """How new rows compare with the data, by the columns that networks are trained on."""
    if wishes.against is None:
        return None
    from whyfit.data.against import against_facts  # noqa: PLC0415

    found = {one.column for one in suspects.groups}
    declared = wishes.groups if isinstance(wishes.groups, str) else None
    groups = next((name for name in suspects.used if name in found), declared)
    no_inputs = {*suspects.used, *suspects.left_out, *(one.column for one in suspects.numbering)}
    return against_facts(source, data, wishes.against, without=sorted(no_inputs), groups=groups)


def _engine(crew: Crew, plan: Plan, store: Store, voice: Voice) -> tuple[Engine, Choice | None]:
    """The engine that a study file names, else the fastest by a measurement, with that; taken once for a study."""
    from whyfit.training.choose import engines_on  # noqa: PLC0415  # loads what trains

    known = store.fact("engine")
    candidates = [engine for engine in engines_on(crew.device) if known in (None, engine.name)]
    first = next((engine for engine in candidates if engine.fits(plan.sample())), None)
    if first is not None:
        first.prepare(voice.compiling)
    if first is not None and isinstance(plan.plain.recipe.network, Perceptron) and crew.device == CPU:
        return first, None
    trial = crew.choose(list(plan.members([plan.plain], range(2))), candidates)
    if trial.choice is None:
        raise NetworkError(all_together(trial.problems))
    return trial.choice.engine, trial.choice


def _plan(data: Dataset, recipe: Recipe, wishes: Wishes, own: OwnDivision | None) -> Plan:
    @cache
    def splits_of(repeat: int) -> tuple[Split, ...]:
        if own is not None:
            return own.splits_of(repeat)
        from whyfit.data.splits import repeat_splits  # noqa: PLC0415

        return repeat_splits(data, _folds(data) if wishes.cv is None else wishes.cv, repeat, wishes.seed)

    plain = Arm(PLAIN, recipe, seeds=PLAIN_SEEDS, kept=keeps_weights(recipe, data))
    own_families, told = ((), ()) if isinstance(recipe.network, Perceptron) else _own_swaps(data, recipe)
    swapped = (kept_where_small(one, data) if one.question is Question.BATCHNORM else one for one in swaps(recipe))
    every = (*families(data, recipe, wishes.label_preserving), *own_families, *swapped, *racers(recipe))
    told = (*told, *flips_told(data, wishes.label_preserving))
    once = data.time is not None or (own is not None and own.once)
    measured = () if once else every  # gains rest on a new shuffle for each repeat
    return Plan(plain, measured, splits_of, len(splits_of(0)), wishes.seed, own, () if once else told)


def _folds(data: Dataset) -> int:
    """Five, or as many as there are groups where those are three or four: a group stays whole."""
    from whyfit.data.split_checks import LEAST_GROUPS  # noqa: PLC0415

    groups = None if data.groups is None or data.time is not None else len(set(data.groups.tolist()))
    return FOLDS if groups is None else min(FOLDS, max(LEAST_GROUPS, groups))


def _own_swaps(data: Dataset, recipe: Recipe) -> tuple[tuple[Family, ...], tuple[Told, ...]]:
    from whyfit.study.own_swaps import own_swaps  # noqa: PLC0415  # surgery, which is torch

    return own_swaps(data, recipe)


def _identity(data: Dataset, plan: Plan, engine: Engine) -> dict[str, str]:
    """What a study file is a study of; the budget is no part of it, so a study can be gone on with."""
    return {
        "data": data.fingerprint,
        "recipe": plan.plain.recipe.digest,
        "seed": str(plan.seed),
        "folds": str(plan.folds) if plan.own is None else f"{plan.folds} of {plan.own.name}",
        "engine": engine.name,
    }


def _data_head(data: Dataset, planned: tuple[Told, ...]) -> dict[str, Any]:
    head = {"rows": data.rows, "columns": len(data.columns), "task": data.task, "fingerprint": data.fingerprint}
    told = [{"code": one.code, "facts": dict(one.facts)} for one in (*data.told, *planned)]
    return head | {
        "classes": len(data.classes) or None,
        "source": data.source,
        "target": data.target_name,
        "told": told,
    }
