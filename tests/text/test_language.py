"""Which language is spoken."""

import pytest

from whyfit.errors import ArgumentError
from whyfit.text import language_named, preferred_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_locale_decides(environment, language):
    assert preferred_language(environment) == language


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(ArgumentError, match="`lang` must be one of en, zh, got 'fr'"):
        language_named("fr")
