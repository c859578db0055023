"""The command `whyfit`: arguments in, exit code out; no logic. The words of its help stand in `text/*/doors.toml`."""

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
from whyfit.doors.spoken import SpokenCommand, SpokenGroup, language_asked
from whyfit.errors import WhyfitError
from whyfit.text.catalogue import entries
from whyfit.text.language import Language, language_named
from whyfit.text.refusals import refusal_in

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
UNUSABLE = 2
"""The arguments or the data cannot be used."""
REACHED = 1
"""A finding reached `--fail-on`."""

app = typer.Typer(
    name="whyfit",
    cls=SpokenGroup,
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
        bool, typer.Option("--version", callback=_version, is_eager=True)
    ] = False,
    lang: Lang | None = None,  # read from the whole line, as help needs it before it is parsed
) -> None:
    """Every command speaks the language that `--lang` names, here or behind the command."""


@app.command(cls=SpokenCommand)
def checkup(  # one argument an option: typer reads them here
    source: Annotated[
        str | None,
        typer.Argument(metavar="DATA"),
    ] = None,
    target: str | None = None,
    task: TaskName | None = None,
    groups: str | None = None,
    time: str | None = None,
    by: DividedBy = DividedBy.AUTO,
    weights: str | None = None,
    against: Annotated[str | None, typer.Option(metavar="NEW")] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="FILE.py:FUNCTION"),
    ] = None,
    recipe: Annotated[Path | None, typer.Option(metavar="FILE.toml")] = None,
    label_preserving: Annotated[
        list[str] | None,
        typer.Option(metavar="flip|flip_vertical"),
    ] = None,
    budget: str = "60s",
    seed: int = 0,
    device: Device | None = None,
    backend: BackendName = BackendName.LOCAL,
    study: Path | None = None,
    plan: Annotated[bool, typer.Option("--plan")] = False,  # noqa: FBT002
    json: Annotated[str | None, typer.Option(metavar="FILE")] = None,
    html: Path | None = None,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER"),
    ] = None,
    lang: Lang | None = None,
    fail_on: FailOn | None = None,
    quiet: Annotated[bool, typer.Option("--quiet")] = False,  # noqa: FBT002
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


@app.command(cls=SpokenCommand, context_settings={"allow_interspersed_args": False})
def watch(
    script: Annotated[
        list[str] | None,
        typer.Argument(metavar="SCRIPT.py [ARGS ...]"),
    ] = None,
    follow: Annotated[  # noqa: FBT002  # a flag
        bool, typer.Option("--follow")
    ] = False,
    json: Annotated[str | None, typer.Option(metavar="FILE")] = None,
    html: Path | None = None,
    lang: Lang | None = None,
    overhead: float = 0.03,
    fail_on: FailOn | None = None,
    quiet: Annotated[bool, typer.Option("--quiet")] = False,  # noqa: FBT002
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


@app.command(cls=SpokenCommand)
def explain(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    layers: str | None = None,
    activation: str | None = None,
    loss: str | None = None,
    optimizer: str | None = None,
    surface: str | None = None,
    rate: float | None = None,
    steps: int | None = None,
    rows: int | None = None,
    seed: int | None = None,
    html: Path | None = None,
    latex: Path | None = None,
    lang: Lang | None = None,
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


@app.command(cls=SpokenCommand)
def draw(
    report: Annotated[Path, typer.Argument(metavar="REPORT.json")],
    html: Path | None = None,
    lang: Lang | None = None,
) -> None:
    """Draw a stored report again."""
    from whyfit.doors.command import run_draw  # noqa: PLC0415

    raise typer.Exit(_guarded(run_draw, report, html=html, language=_language(lang)))


@app.command(cls=SpokenCommand)
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json")],
    lang: Lang | None = None,
) -> None:
    """Say what changed beyond chance; exit with 1 when something got worse."""
    from whyfit.doors.command import run_compare  # noqa: PLC0415  # keeps `whyfit --help` quick

    raise typer.Exit(_guarded(run_compare, before, after, language=_language(lang)))


def _language(lang: Lang | None = None) -> Language:
    """As asked behind the command, before it, or by the locale."""
    return language_named(lang.value) if lang else language_asked(with_separator(sys.argv[1:]))


def _command_line() -> str:
    return shlex.join(["whyfit", *sys.argv[1:]])


def _guarded(run: Callable[..., int], *arguments: Any, **options: Any) -> int:
    """A message instead of a traceback for whatever the user can mend."""
    try:
        return run(*arguments, **options)
    except WhyfitError as error:
        typer.echo(f"whyfit: {refusal_in(error, options['language'])}", err=True)
        return UNUSABLE
    except KeyboardInterrupt:
        typer.echo(f"whyfit: {entries(options['language'], 'doors')['page.interrupted']}", err=True)
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
            sys.stderr.write(f"whyfit: {entries(_language(), 'doors')['page.unwritten']} ({error.strerror}).\n")
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
