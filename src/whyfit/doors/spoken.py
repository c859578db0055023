"""The help of the commands, and what they refuse, in the reader's language: typer reads arguments, this file talks."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from typer.core import TyperCommand, TyperGroup

from whyfit.text.catalogue import entries
from whyfit.text.language import LANGUAGES, Language, preferred_language
from whyfit.text.lines import columns, wrapped
from whyfit.text.refusals import said_in
from whyfit.text.words import Words, words_in

LANGUAGE = "whyfit.language"
"""Where a context keeps it."""
UNUSABLE = 2
NAMES, GAP, WIDTH = 30, 2, 80
"""Columns of the names of options; between these and their words; of the page at most."""
DEFAULT = re.compile(r"\[default: (.*)\]")
QUESTIONS = "splits, bias_variance, overfitting, optimizers, backprop, initialization, gradients, activations, relu, "
QUESTIONS += "saturation, dropout, batchnorm"


def language_asked(arguments: Sequence[str]) -> Language:
    """The language that `--lang` names, wherever it stands before what a script is given; else the locale's.

    Examples
    --------
    >>> language_asked(["checkup", "--help", "--lang", "zh"]), language_asked(["--lang=en", "--help"])
    ('zh', 'en')
    """
    ours = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    apart = [after for option, after in pairwise(ours) if option == "--lang"]
    named = [*apart, *(one.removeprefix("--lang=") for one in ours if one.startswith("--lang="))]
    known = (language for one in named for language in LANGUAGES if one == language)
    return next(known, preferred_language(os.environ))


class SpokenCommand(TyperCommand):
    """A command whose words stand in the catalogue."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole page."""
        formatter.write(page(self, ctx, min(formatter.width, WIDTH)))


class SpokenGroup(TyperGroup):
    """The command above them, which knows the language of all and says what none of them can use."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Its own options, once the language is known."""
        ctx.meta[LANGUAGE] = language_asked(args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole page."""
        formatter.write(page(self, ctx, min(formatter.width, WIDTH)))

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> Any:
        """Run; what the parser of arguments refuses is one message and exit code 2."""
        if not options.pop("standalone_mode", True):
            return super().main(args, *others, **options, standalone_mode=False)  # type: ignore[misc]  # once, by name
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(given, *others, **options, standalone_mode=False)  # type: ignore[misc]  # see above
        except Exception as error:
            if not hasattr(error, "format_message"):  # what typer's own exceptions have
                raise
            sys.stderr.write(_refused(error, words_in(language_asked(given))))
            code = UNUSABLE
        sys.exit(code)


def _refused(error: Any, words: Words) -> str:
    """Usage, where the help is, and what is wrong."""
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if context is None or not message:
        return f"{message}\n"
    said = f"{_word(words, 'error')}{_word(words, 'colon')}{said_in(message, words.language)}"
    tried = words.fill(_word(words, "try"), {"command": f"{context.command_path} {context.help_option_names[0]}"})
    return f"{_usage(context.command, context, words)}\n{tried}\n\n{said}\n"


def page(command: Any, context: Any, width: int) -> str:
    """The help of a command."""
    words = words_in(context.meta.get(LANGUAGE) or preferred_language(os.environ))
    return "\n\n".join(_parts(command, context, width, words)) + "\n"


def _parts(command: Any, context: Any, width: int, words: Words) -> Iterator[str]:
    yield _usage(command, context, words)
    yield _paragraph(_said(words, command.name, "about"), width)
    for kind in ("argument", "option"):
        found = [one for one in command.get_params(context) if one.param_type_name == kind and not one.hidden]
        if found:
            yield _table(_word(words, f"{kind}s"), [_row(one, command, context, words) for one in found], width)
    if isinstance(command, TyperGroup):
        known = [(name, _said(words, name, "about")) for name in command.list_commands(context)]
        yield _table(_word(words, "commands"), known, width)
    if command.name == "explain":
        yield f"{_word(words, 'questions')}{_word(words, 'colon').rstrip()}\n{_paragraph(QUESTIONS, width)}"
    if examples := _said(words, command.name, "examples"):
        indented = "\n".join(f"  {line}" for line in examples.strip("\n").splitlines())
        yield f"{_word(words, 'examples')}{_word(words, 'colon').rstrip()}\n{indented}"


def _usage(command: Any, context: Any, words: Words) -> str:
    pieces = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    return f"{_word(words, 'usage')}{_word(words, 'colon')}{pieces}"


def _paragraph(text: str, width: int, indent: int = 2) -> str:
    return "\n".join(" " * indent + line for line in wrapped(text, width - indent))


def _row(parameter: Any, command: Any, context: Any, words: Words) -> tuple[str, str]:
    """What is typed, and what it does, with its default."""
    typed, extra = parameter.get_help_record(context)
    default = DEFAULT.search(extra)
    said = _said(words, command.name, parameter.name)
    if default is None:
        return typed, said
    beside = words.fill(_word(words, "default"), {"value": default[1]})
    return typed, said + words.fill(_word(words, "bracket"), {"said": beside})


def _table(title: str, rows: Sequence[tuple[str, str]], width: int) -> str:
    """Names at the left and words at the right, below the name where that is too long."""
    left = min(NAMES, max(columns(name) for name, _ in rows)) + GAP
    lines = [f"{title}{':' if title.isascii() else '：'}"]
    for name, said in rows:
        first, *rest = wrapped(said, width - left - 2) or [""]
        beside = columns(name) + GAP <= left
        lines += (
            [f"  {name}{' ' * (left - columns(name))}{first}"] if beside else [f"  {name}", " " * (left + 2) + first]
        )
        lines += [" " * (left + 2) + line for line in rest]
    return "\n".join(line.rstrip() for line in lines)


def _said(words: Words, command: str, name: str) -> str:
    """The words for a parameter of a command: its own, or those that several share."""
    known = entries(words.language, "doors")
    return known.get(f"{command}.{name}", known.get(name, ""))


def _word(words: Words, name: str) -> str:
    return entries(words.language, "doors")[f"page.{name}"]
