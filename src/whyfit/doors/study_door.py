"""The door `checkup`: from data to a report, top to bottom."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from whyfit.data.passes import OwnDivision
from whyfit.doors.activation_curve import activation_curve
from whyfit.doors.asked import hold_trainable, recipe_asked
from whyfit.doors.export_door import WayOut
from whyfit.doors.observed import observed
from whyfit.doors.provenance import provenance_of
from whyfit.doors.recipe_text import with_toml
from whyfit.doors.voice import Silence, Voice
from whyfit.errors import ArgumentError, NetworkError, all_together
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
from whyfit.study.runner import one_thread_a_worker
from whyfit.study.statistics.metrics import Metric
from whyfit.study.store import Store
from whyfit.study.study import Forecast, Study, check_budget
from whyfit.study.swaps import swaps
from whyfit.training.contract import Engine, why_of
from whyfit.training.device import CPU

DEFAULT_BUDGET = f"{DEFAULT_SECONDS:g}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a user asked of a checkup, as asked."""

    target: str | None = None
    task: Task | None = None
    groups: str | None = None
    time: str | None = None
    model: str | Callable[..., Any] | None = None
    budget: str | float | Budget = DEFAULT_BUDGET
    seed: int = 0
    study: Path | None = None
    recipe: Path | None = None
    cv: Any = None
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
        with voice.listening():
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
    own_metrics(wishes.metric, loaded.task, loaded.target)  # refused before anything is trained
    data, suspects, own = _division(loaded, wishes)
    against = _against(source, loaded, suspects, wishes)
    recipe, device, problems = recipe_asked(data, wishes.model, wishes.recipe, wishes.device)
    with ExitStack() as stack:
        stack.enter_context(one_thread_a_worker())
        crew = Crew.of(stack, data, device=device, backend=wishes.backend)
        hold_trainable([recipe], crew, problems)
        plan = _plan(data, recipe, wishes, own)
        check_budget(budget, plan)
        store = stack.enter_context(Store(wishes.study))
        engine = _engine(crew, plan, store, voice)
        plan = plan.that_fits(engine)
        runner = crew.runner(engine, [recipe], store)
        store.must_match(_identity(data, plan, engine))
        yield Study(data, plan, runner, budget, listen=voice.progress, suspects=suspects, against=against)


def report_of(study: Study, wishes: Wishes) -> Report:
    """Judge what was trained."""
    from whyfit.exams import examine  # noqa: PLC0415  # after the training, so that the first word comes at once

    evidence = gather(study, own_metrics(wishes.metric, study.data.task))
    answers, findings = examine(evidence)
    return Report(
        door="checkup",
        data=_data_head(study.data, study.plan.told),
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
    from whyfit.study.decomposed import decomposition_facts  # noqa: PLC0415
    from whyfit.study.learning_curve import learning_curve  # noqa: PLC0415
    from whyfit.study.measure import gap_facts, runs, score_facts  # noqa: PLC0415
    from whyfit.study.measured_remedies import RemedyMeasures  # noqa: PLC0415
    from whyfit.study.mode_losses import mode_facts  # noqa: PLC0415
    from whyfit.study.recommend import recommended  # noqa: PLC0415
    from whyfit.study.showable import with_smallest_gain  # noqa: PLC0415

    data, plan = study.data, study.plan
    facts = data_facts(data)
    parts, repeats = plan.splits_of(0), 1 if plan.once else max(1, study.repeats)
    splits = split_facts(data, parts, repeats=repeats, own=plan.own, against=study.against, suspects=study.suspects)
    results = study.plain
    if results is None:
        return Evidence(data=facts, splits=splits)
    splits = with_scores(splits, data, parts, results.row_losses(results.error_loss)[0].mean(axis=0))
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
        recommended=with_toml(recommended(tracks, results)),
        activation=activation_curve(plain_runs),
        observation=None if study.interrupted else observed(plan.sample(), data),
    )


def _load(source: Any, wishes: Wishes) -> Dataset:
    from whyfit.data.load import load  # noqa: PLC0415

    return load(source, target=wishes.target, task=wishes.task, groups=wishes.groups, time=wishes.time)


def _division(data: Dataset, wishes: Wishes) -> tuple[Dataset, SuspectFacts, OwnDivision | None]:
    """The data, what was found of leaks in it, and the user's splitter; without one the division is made sound."""
    if wishes.cv is None or _is_number(wishes.cv):
        data, suspects = divided_soundly(data)
        own = None
    else:
        from whyfit.data.passes import own_division  # noqa: PLC0415
        from whyfit.data.suspects import suspect_facts  # noqa: PLC0415

        if data.time is not None:
            advice = "Leave out `cv` for blocks forward in time, or `time` for your own splitter."
            raise ArgumentError("`cv` and `time` both say how to divide the rows.", advice=advice)
        suspects = suspect_facts(data)
        data, own = own_division(wishes.cv, data, wishes.seed)
    if wishes.model is None and wishes.recipe is None:  # a network of the user's may count on every column
        data, suspects = without_numbering(data, suspects)
    return data, suspects, own


def _is_number(cv: Any) -> bool:
    return isinstance(cv, int) and not isinstance(cv, bool)


def without_numbering(data: Dataset, suspects: SuspectFacts) -> tuple[Dataset, SuspectFacts]:
    """The data without columns that number its rows: new rows bring new numbers, of which nothing was learned."""
    from whyfit.data.roles import without_column  # noqa: PLC0415

    gone = []
    for name in (found.column for found in suspects.numbering if found.column not in suspects.used):
        if len(data.columns) > 1:
            data = without_column(data, name)
            gone.append(name)
    return data, replace(suspects, left_out=tuple(gone))


def _against(source: Any, data: Dataset, suspects: SuspectFacts, wishes: Wishes) -> AlikeFacts | None:
    """How new rows compare with the data, by the columns that networks are trained on."""
    if wishes.against is None:
        return None
    from whyfit.data.against import against_facts  # noqa: PLC0415

    found = {one.column for one in suspects.groups}
    groups = next((name for name in suspects.used if name in found), wishes.groups)
    numbering = {one.column for one in suspects.numbering}
    return against_facts(source, data, wishes.against, without=sorted({*suspects.used, *numbering}), groups=groups)


def divided_soundly(data: Dataset) -> tuple[Dataset, SuspectFacts]:
    """The data as it should be divided: by groups or in time where a column was found that nobody declared.

    What is found is said in the report, with the score of the other division beside it; the column is then no input.
    """
    from whyfit.data.roles import with_groups, with_time  # noqa: PLC0415
    from whyfit.data.suspects import suspect_facts  # noqa: PLC0415

    suspects = suspect_facts(data)
    group = next((found.column for found in suspects.groups), None)
    if group is not None:
        return with_groups(data, group), replace(suspects, used=(group,))
    time = next((found.column for found in suspects.time if found.column is not None), None)
    if time is not None:
        return with_time(data, time), replace(suspects, used=(time,))
    return data, suspects


def _engine(crew: Crew, plan: Plan, store: Store, voice: Voice) -> Engine:
    """The engine that a study file names, else the fastest by a measurement; taken once for a study."""
    from whyfit.training.choose import engines_on  # noqa: PLC0415  # loads what trains

    known = store.fact("engine")
    candidates = [engine for engine in engines_on(crew.device) if known in (None, engine.name)]
    first = next((engine for engine in candidates if engine.fits(plan.sample())), None)
    if first is not None:
        first.prepare(voice.compiling)
    if first is not None and isinstance(plan.plain.recipe.network, Perceptron) and crew.device == CPU:
        return first
    trial = crew.choose(list(plan.members([plan.plain], range(2))), candidates)
    if trial.choice is None:
        raise NetworkError(all_together(trial.problems))
    return trial.choice.engine


def _plan(data: Dataset, recipe: Recipe, wishes: Wishes, own: OwnDivision | None) -> Plan:
    @cache
    def splits_of(repeat: int) -> tuple[Split, ...]:
        if own is not None:
            return own.splits_of(repeat)
        from whyfit.data.splits import repeat_splits  # noqa: PLC0415

        return repeat_splits(data, FOLDS if wishes.cv is None else wishes.cv, repeat, wishes.seed)

    plain = Arm(PLAIN, recipe, seeds=PLAIN_SEEDS, kept=keeps_weights(recipe, data))
    own_families, told = ((), ()) if isinstance(recipe.network, Perceptron) else _own_swaps(data, recipe)
    swapped = (kept_where_small(one, data) if one.question is Question.BATCHNORM else one for one in swaps(recipe))
    every = (*families(data, recipe, wishes.label_preserving), *own_families, *swapped, *racers(recipe))
    told = (*told, *flips_told(data, wishes.label_preserving))
    once = data.time is not None or (own is not None and own.once)
    measured = () if once else every  # gains rest on a new shuffle for each repeat
    return Plan(plain, measured, splits_of, len(splits_of(0)), wishes.seed, own, () if once else told)


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
