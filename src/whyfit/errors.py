"""What can go wrong by the user's hand, and nothing else.

The tree::

    WhyfitError
    ├── InputError (ValueError)          exit code 2: the arguments or the data cannot be used
    │   ├── ArgumentError                an argument has a value it cannot have
    │   ├── DataError                    a file, row or column cannot be read as data
    │   ├── RecipeError                  a recipe contradicts itself, or the data
    │   ├── NetworkError                 a user's network cannot be made, or has the wrong shape
    │   └── StudyError                   a study file cannot be used
    │       ├── StudyBusyError           another process has it open
    │       ├── StudyDamagedError        it is not a study file, or no longer a whole one
    │       └── StudyMismatchError       it holds another study than the one asked for
    ├── ClusterError (RuntimeError)      exit code 2: a cluster cannot be reached, or loses its workers
    └── MissingPackageError (ImportError) exit code 2: an extra is not installed

Every message says what is wrong, where, and what to do next. A bug of whyfit's own is never one of these.
"""

from __future__ import annotations

from collections.abc import Sequence


class WhyfitError(Exception):
    """Anything that whyfit refuses, with a message for the person in front of the screen."""


class InputError(WhyfitError, ValueError):
    """The arguments or the data cannot be used.

    Parameters
    ----------
    message
        What is wrong.
    where
        File, row, column or argument, as the user knows it.
    advice
        What to do next.
    """

    def __init__(self, message: str, *, where: str | None = None, advice: str | None = None) -> None:
        self.message, self.where, self.advice = message, where, advice
        place = f"{where}: " if where else ""
        super().__init__(f"{place}{message}" + (f" {advice}" if advice else ""))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes: pickle would call the class with the message alone."""
        return (_rebuild, (type(self), self.message, self.where, self.advice))


def _rebuild(kind: type[InputError], message: str, where: str | None, advice: str | None) -> InputError:
    return kind(message, where=where, advice=advice)


class ArgumentError(InputError):
    """An argument has a value it cannot have."""


class DataError(InputError):
    """A file, row or column cannot be read as data."""


class RecipeError(InputError):
    """A recipe contradicts itself, or the data it is to be trained on."""


class NetworkError(InputError):
    """A user's network cannot be made, or does not fit the data."""


class StudyError(InputError):
    """A study file cannot be used."""


class StudyBusyError(StudyError):
    """Another process has the study file open."""


class StudyDamagedError(StudyError):
    """The file is no study, or no longer a whole one."""


class StudyMismatchError(StudyError):
    """The file holds another study than the one asked for."""


class ClusterError(WhyfitError, RuntimeError):
    """A cluster cannot be reached, is not fit for the study, or loses workers again and again.

    Parameters
    ----------
    message
        What is wrong.
    advice
        What to do next.
    """

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(f"{message} {advice}".strip())


class MissingPackageError(WhyfitError, ImportError):
    """A package that belongs to an extra is not installed."""


def all_together(problems: Sequence[str]) -> str:
    """One message for several problems, so that nobody mends them one run at a time."""
    if len(problems) == 1:
        return problems[0]
    return "\n".join([f"{len(problems)} problems:", *(f"  - {problem}" for problem in problems)])
