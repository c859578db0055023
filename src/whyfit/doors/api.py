"""The Python door: `whyfit.checkup`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from whyfit.study.budget import Budget

if TYPE_CHECKING:
    from whyfit.evidence.types import Task
    from whyfit.report.live import LiveReport
    from whyfit.study.cluster.backend import Backend


def checkup(
    source: Any = None,
    *,
    target: str | Sequence[str] | None = None,
    task: Task | None = None,
    groups: Any = None,
    time: Any = None,
    weights: str | Sequence[float] | None = None,
    model: str | Callable[..., Any] | None = None,
    recipe: str | Path | None = None,
    cv: Any = None,
    by: Literal["auto", "random"] = "auto",
    against: Any = None,
    label_preserving: Sequence[str] = (),
    budget: str | float | Budget = "60s",
    seed: int = 0,
    backend: Backend = "local",
    study: str | Path | None = None,
    device: str | None = None,
    metric: Callable[[Any, Any], float] | Mapping[str, Callable[[Any, Any], float]] | None = None,
    progress: bool | None = None,
) -> LiveReport:
    """Train many networks on data, and say why they fit or do not fit.

    Parameters
    ----------
    source
        A path (`.csv`, `.tsv`, `.parquet`, `.npz`, `FILE.py:FUNCTION`), a frame, a pair of arrays (X, y), or a mapping
        of arrays; None for the bundled digits.
    target
        The column to predict, or several: numbers, or labels that are each yes or no; else it is inferred, and said.
    task
        `classification`, `regression` or `multilabel`; else it is inferred, and said.
    groups, time
        What must not be torn apart, and the order in time: a column each, which is then no input, or one value a row.
    weights
        How much each row counts, in training, scores and intervals: a column, which is then no input, or one number a
        row. 0 leaves a row out.
    model
        A function that returns a fresh `torch.nn.Module` (it may take the numbers of inputs and outputs), or
        `FILE.py:FUNCTION`, or `cnn` for whyfit's own small convolutional network; None for whyfit's own perceptron (for
        images on an accelerator: `cnn`).
    recipe
        A TOML file that says how every network is trained, as `--recipe` takes it.
    cv
        How to divide the rows: any scikit-learn splitter, a number of folds, pairs of row numbers, or splits as
        `whyfit.splits` makes them; None for five folds that respect classes, groups and time. Each training part is
        divided once more, as no network may stop early on rows that it is scored on.
    by
        `auto` keeps apart what was declared or found to belong together: groups, times, copies. `random` divides by
        classes alone; what was found is said all the same.
    against
        New rows that the network will meet, with or without targets, in the form of `source`: are they alike?
    label_preserving
        Which flips leave the class of every image as it is (`"flip"`, `"flip_vertical"`): only these are tried.
    budget
        Training time (`"60s"`, or a number of seconds) or number of networks (`"500n"`, which makes two runs equal).
    seed
        Of splits and networks.
    backend
        Where networks are trained: `local`, or a cluster by `dask` or `ray` (extras of that name): the one that this
        process is connected to, else the one that the environment names, else one started on this machine.
    study
        File that keeps every trained network; a study that was cut off resumes from it.
    device
        `cpu` or `cuda`; None: `cuda` for users' networks and images where torch sees one, else `cpu`.
    metric
        A function of (target, answers) of your own, or several by name, such as scikit-learn's: classes come as codes.
        Shown beside the usual metrics with an interval; nothing is chosen by it.
    progress
        Whether to say on standard error what goes on; None: where that is a terminal.

    Returns
    -------
    The report: `report.findings`, `report["overfitting"]`, `report.save("report.html")`, `report.chart(...)`,
    `report.recipe`, and `report.export("folder")`, which writes a network of that recipe as a script of plain PyTorch.

    Raises
    ------
    InputError
        The arguments or the data cannot be used.

    Examples
    --------
    >>> import whyfit
    >>> report = whyfit.checkup(budget="10n")
    >>> report.networks
    10
    """
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    from whyfit.doors import study_door  # noqa: PLC0415
    from whyfit.doors.voice import Silence, Speech, Voice  # noqa: PLC0415
    from whyfit.report.live import LiveReport  # noqa: PLC0415
    from whyfit.text.language import preferred_language  # noqa: PLC0415

    wishes = study_door.Wishes(
        target=target,
        task=task,
        groups=groups,
        time=time,
        weights=weights,
        model=model,
        recipe=None if recipe is None else Path(recipe),
        cv=cv,
        by=by,
        against=against,
        label_preserving=(label_preserving,) if isinstance(label_preserving, str) else tuple(label_preserving),
        budget=budget,
        seed=seed,
        backend=backend,
        study=None if study is None else Path(study),
        device=device,
        metric=metric,
        command="whyfit.checkup",
    )
    voice: Voice = Silence()
    if sys.stderr.isatty() if progress is None else progress:
        voice = Speech(preferred_language(os.environ))
    return LiveReport.of(*study_door.examined(source, wishes, voice))
