"""The languages that whyfit speaks, and which one a user is likely to want."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from whyfit.errors import ArgumentError

Language: TypeAlias = Literal["en", "zh"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""In the order in which they are offered."""

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX lets them decide."""


def language_named(name: str) -> Language:
    """The language of that name, or one message that names those there are.

    Examples
    --------
    >>> language_named("zh")
    'zh'
    """
    for language in LANGUAGES:
        if name == language:
            return language
    raise ArgumentError(
        f"`lang` must be one of {', '.join(LANGUAGES)}, got {name!r}.", advice="Leave it out to follow the locale."
    )


def preferred_language(environment: Mapping[str, str]) -> Language:
    """The language of the locale that the environment names; English where that is none of ours.

    Examples
    --------
    >>> preferred_language({"LANG": "zh_CN.UTF-8"})
    'zh'
    >>> preferred_language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    'en'
    """
    locale = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    return next((language for language in LANGUAGES if locale.lower().startswith(language)), "en")
