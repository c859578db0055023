"""The command `whyfit`: arguments in, exit code out; no logic."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from whyfit._version import __version__
from whyfit.errors import WhyfitError

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
UNUSABLE = 2
"""The arguments or the data cannot be used."""
REACHED = 1
"""A finding reached `--fail-on`."""

app = typer.Typer(
    name="whyfit",
    help="Why your neural network fits or does not fit, and what would help: measured, with intervals.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Lang(StrEnum):
    """Languages of the words; JSON is English always."""

    EN = "en"
    ZH = "zh"


class TaskName(StrEnum):
    """What the target is."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    MULTILABEL = "multilabel"


class Device(StrEnum):
    """Where networks are trained."""

    CPU = "cpu"
    CUDA = "cuda"


class BackendName(StrEnum):
    """Where networks are trained."""

    LOCAL = "local"
    DASK = "dask"
    RAY = "ray"


class DividedBy(StrEnum):
    """What a division respects."""

    AUTO = "auto"
    RANDOM = "random"


class FailOn(StrEnum):
    """Severities that can fail a run."""

    NOTE = "note"
    WARNING = "warning"
    SERIOUS = "serious"


def _version(asked: bool) -> None:  # noqa: FBT001  # typer hands flags by position
    if asked:
        typer.echo(f"whyfit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: FBT002  # a flag; the callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    pass


CHECKUP_EXAMPLES = """
Examples:

\b
  whyfit checkup                                  the bundled digits
  whyfit checkup churn.csv --target churned       a table
  whyfit checkup data.npz --model net.py:make     your network on your data
  whyfit checkup data.csv --budget 500n --study s.db
                                                  repeatable, and resumable after a crash
"""


@app.command(epilog=CHECKUP_EXAMPLES)
def checkup(  # one argument an option: typer reads them here
    source: Annotated[
        str | None,
        typer.Argument(metavar="DATA", help="CSV, TSV, Parquet, .npz, or FILE.py:FUNCTION; without it, digits."),
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to predict; a,b,c for several.")] = None,
    task: Annotated[TaskName | None, typer.Option(help="What the target is; else it is inferred, and said.")] = None,
    groups: Annotated[str | None, typer.Option(help="Column of what must not be torn apart, such as patients.")] = None,
    time: Annotated[str | None, typer.Option(help="Column that orders the rows in time.")] = None,
    by: Annotated[
        DividedBy, typer.Option(help="auto keeps apart groups, times and copies, found ones too; random does not.")
    ] = DividedBy.AUTO,
    weights: Annotated[str | None, typer.Option(help="Column that says how much each row counts.")] = None,
    against: Annotated[
        str | None, typer.Option(metavar="NEW", help="New rows, with or without targets: are they alike?")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.py:FUNCTION", help="Returns a fresh torch.nn.Module; cnn: whyfit's own, for images."
        ),
    ] = None,
    recipe: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="How every network is trained.")] = None,
    label_preserving: Annotated[
        list[str] | None,
        typer.Option(metavar="flip|flip_vertical", help="Flips that keep the class of every image; may be repeated."),
    ] = None,
    budget: Annotated[str, typer.Option(help="Training time (60s) or number of networks (500n).")] = "60s",
    seed: Annotated[int, typer.Option(help="Of splits and networks.")] = 0,
    device: Annotated[
        Device | None, typer.Option(help="Where networks train; else where there is most to gain.")
    ] = None,
    backend: Annotated[
        BackendName, typer.Option(help="This machine, or a Dask or Ray cluster (extras dask, ray).")
    ] = BackendName.LOCAL,
    study: Annotated[Path | None, typer.Option(help="File that keeps every trained network; resumes.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be trained, and how long; stop.")] = False,  # noqa: FBT002
    json: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the report as JSON; - for standard output.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Train the recommended recipe on all rows; write a PyTorch script."),
    ] = None,
    lang: Annotated[Lang | None, typer.Option(help="Language of the words; else the locale's.")] = None,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with 1 when a finding is this severe.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no report on the screen.")] = False,  # noqa: FBT002
) -> None:
    """Train many networks on DATA, and say why they fit or do not fit."""
    from whyfit.doors.study_door import Wishes  # noqa: PLC0415  # keeps `whyfit --help` quick

    wishes = Wishes(
        target=target,
        task=task.value if task else None,
        groups=groups,
        time=time,
        weights=weights,
        model=model,
        recipe=recipe,
        by=by.value,
        against=against,
        label_preserving=tuple(label_preserving or ()),
        budget=budget,
        seed=seed,
        backend=backend.value,
        study=study,
        device=device.value if device else None,
        command=_command_line(),
    )
    from whyfit.doors.command import run_checkup  # noqa: PLC0415

    raise typer.Exit(
        _guarded(
            run_checkup,
            source,
            wishes,
            plan=plan,
            json=json,
            html=html,
            export=export,
            language=_language(lang),
            fail_on=fail_on.value if fail_on else None,
            quiet=quiet,
        )
    )


WATCH_EXAMPLES = """
Examples:

\b
  whyfit watch train.py --epochs 3                the script and its arguments
  whyfit watch --html report.html -m mypkg.train  a module
  whyfit watch -- torchrun --nproc-per-node 2 train.py
                                                  whatever the command starts
  whyfit watch --follow                           in a second terminal: a live panel
"""


@app.command(epilog=WATCH_EXAMPLES, context_settings={"allow_interspersed_args": False})
def watch(
    script: Annotated[
        list[str] | None,
        typer.Argument(metavar="SCRIPT.py [ARGS ...]", help="Or -m MODULE [ARGS], or -- COMMAND [ARGS]."),
    ] = None,
    follow: Annotated[  # noqa: FBT002  # a flag
        bool, typer.Option("--follow", help="Draw a live panel of the script being watched, or of the JOURNAL given.")
    ] = False,
    json: Annotated[str | None, typer.Option(metavar="FILE", help="Write the report as JSON.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    lang: Annotated[Lang | None, typer.Option(help="Language of the words; else the locale's.")] = None,
    overhead: Annotated[float, typer.Option(help="Share of the wall time that watching may take.")] = 0.03,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with 1 when a finding is this severe.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No words on standard error.")] = False,  # noqa: FBT002
) -> None:
    """Run a PyTorch script unchanged, and say what goes wrong in it."""
    from whyfit.doors.command import run_follow, run_watch  # noqa: PLC0415  # keeps `whyfit --help` quick

    if follow:
        raise typer.Exit(_guarded(run_follow, script or [], language=_language(lang)))
    raise typer.Exit(
        _guarded(
            run_watch,
            script or [],
            json=json,
            html=html,
            language=_language(lang),
            overhead=overhead,
            fail_on=fail_on.value if fail_on else None,
            quiet=quiet,
            command=_command_line(),
        )
    )


EXPLAIN_EXAMPLES = """
Questions: splits, bias_variance, overfitting, optimizers, backprop, initialization, gradients, activations, relu,
saturation, dropout, batchnorm

Examples:

\b
  whyfit explain backprop --layers 2,3,1 --activation relu --loss mse
  whyfit explain activations --activation gelu --html gelu.html
  whyfit explain optimizers --optimizer rmsprop --surface rosenbrock
"""


@app.command(epilog=EXPLAIN_EXAMPLES)
def explain(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="One of the twelve; see below.")],
    layers: Annotated[str | None, typer.Option(help="Sizes, inputs first: 2,3,1; or how many hidden layers.")] = None,
    activation: Annotated[str | None, typer.Option(help="Of `whyfit.activations`.")] = None,
    loss: Annotated[str | None, typer.Option(help="half_squared_error, mse, cross_entropy, …")] = None,
    optimizer: Annotated[str | None, typer.Option(help="Of `whyfit.optimizers`.")] = None,
    surface: Annotated[str | None, typer.Option(help="valley, rosenbrock, beale, saddle.")] = None,
    rate: Annotated[float | None, typer.Option(help="Learning rate, or dropout's.")] = None,
    steps: Annotated[int | None, typer.Option(help="How many steps are taken.")] = None,
    rows: Annotated[int | None, typer.Option(help="Rows of data.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the numbers that are drawn.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page as one HTML file.")] = None,
    latex: Annotated[Path | None, typer.Option(help="Write it as a LaTeX document.")] = None,
    lang: Annotated[Lang | None, typer.Option(help="Language of the words; else the locale's.")] = None,
) -> None:
    """Answer one of the twelve questions with numbers computed on the spot."""
    from whyfit.doors.explain_door import run_explain  # noqa: PLC0415  # keeps `whyfit --help` quick

    given: dict[str, str | int | float | None] = {
        "layers": layers,
        "activation": activation,
        "loss": loss,
        "optimizer": optimizer,
        "surface": surface,
        "rate": rate,
        "steps": steps,
        "rows": rows,
        "seed": seed,
    }
    raise typer.Exit(_guarded(run_explain, question, given, html=html, latex=latex, language=_language(lang)))


@app.command()
def draw(
    report: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A stored report.")],
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML file.")] = None,
    lang: Annotated[Lang | None, typer.Option(help="Language of the words; else the locale's.")] = None,
) -> None:
    """Draw a stored report again."""
    from whyfit.doors.command import run_draw  # noqa: PLC0415

    raise typer.Exit(_guarded(run_draw, report, html=html, language=_language(lang)))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", help="A stored report.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json", help="A later one.")],
    lang: Annotated[Lang | None, typer.Option(help="Language of the words; else the locale's.")] = None,
) -> None:
    """Say what changed beyond chance; exit with 1 when something got worse."""
    from whyfit.doors.command import run_compare  # noqa: PLC0415  # keeps `whyfit --help` quick

    raise typer.Exit(_guarded(run_compare, before, after, language=_language(lang)))


def _language(lang: Lang | None) -> Any:
    from whyfit.text.language import language_named, preferred_language  # noqa: PLC0415

    return language_named(lang.value) if lang else preferred_language(os.environ)


def _command_line() -> str:
    return shlex.join(["whyfit", *sys.argv[1:]])


def _guarded(run: Callable[..., int], *arguments: Any, **options: Any) -> int:
    """A message instead of a traceback for whatever the user can mend."""
    try:
        return run(*arguments, **options)
    except WhyfitError as error:
        typer.echo(f"whyfit: {error}", err=True)
        return UNUSABLE
    except KeyboardInterrupt:
        typer.echo("whyfit: interrupted", err=True)
        return INTERRUPTED


WATCH_FLAGS = frozenset({"--follow", "--quiet", "-h", "--help"})
"""Options of `watch` that take no value; every other one that begins with two dashes does."""


def with_separator(arguments: list[str]) -> list[str]:
    """The arguments of `watch` with a `--` before what is to run, so that none of its options is read as ours.

    Examples
    --------
    >>> with_separator(["watch", "--quiet", "train.py", "--json", "x"])
    ['watch', '--quiet', '--', 'train.py', '--json', 'x']
    >>> with_separator(["watch", "--", "torchrun", "train.py"])
    ['watch', '--', '--', 'torchrun', 'train.py']
    """
    if arguments[:1] != ["watch"]:
        return arguments
    at = 1
    while at < len(arguments) and arguments[at].startswith("-") and arguments[at] not in ("-m", "--"):
        at += 1 if arguments[at] in WATCH_FLAGS or "=" in arguments[at] else 2
    return [*arguments[:at], "--", *arguments[at:]] if at < len(arguments) else arguments


def main() -> None:
    """Run the command; an output that cannot be written is answered by one message, as everything else is."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: what is said there is lost, and nothing else
            setattr(sys, name, _nowhere())
    try:
        code = _code_of(app, with_separator(sys.argv[1:]))
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = _nowhere()  # else Python tries once more as it ends
        with suppress(OSError):
            sys.stderr.write(f"whyfit: the output could not be written ({error.strerror}).\n")
        code = UNUSABLE
    sys.exit(code)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")  # a standard stream is open to the end


def _code_of(run: Callable[[list[str]], Any], arguments: list[str]) -> int | str | None:
    try:
        run(arguments)
    except SystemExit as end:
        return end.code
    return 0
