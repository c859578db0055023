"""The help of every command, and what it refuses, in both languages."""

import inspect
import os
import subprocess
import sys

import pytest

from whyfit import cli
from whyfit.doors.spoken import language_asked
from whyfit.text import LANGUAGES
from whyfit.text.catalogue import entries
from whyfit.text.lines import columns

COMMANDS = {command.callback.__name__: command.callback for command in cli.app.registered_commands}
WORDS = {language: entries(language, "doors") for language in LANGUAGES}
OPTIONAL = {"about", "examples"}


def whyfit(*arguments, **environment):
    locale = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    command = [sys.executable, "-m", "whyfit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=locale | environment)


def test_every_parameter_of_every_command_has_words_in_both_languages_and_none_is_left_over():
    asked = {f"{name}.{one}" for name, run in COMMANDS.items() for one in inspect.signature(run).parameters}
    shared = {one.partition(".")[2] for one in asked}
    for words in WORDS.values():
        said = {one for one in words if not one.startswith(("page.", "whyfit."))}
        assert {one for one in asked if one not in said and one.partition(".")[2] not in said} == set()
        left = {one for one in said if one not in asked and one not in shared | {"help"}}
        assert {one.partition(".")[2] for one in left} <= OPTIONAL
        assert {f"{name}.about" for name in COMMANDS} <= set(words)
    assert set(WORDS["en"]) == set(WORDS["zh"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_fits_eighty_columns_and_shows_every_option(language):
    shown = {name: whyfit(name, "--help", "--lang", language, COLUMNS="80").stdout for name in ("checkup", "watch")}
    for name, text in shown.items():
        assert all(columns(line) <= 80 for line in text.splitlines())
        options = (one for one in inspect.signature(COMMANDS[name]).parameters if one not in ("source", "script"))
        assert all(f"--{one.replace('_', '-')}" in text for one in options)
        assert WORDS[language][f"{name}.about"] in text
        assert WORDS[language]["page.examples"] in text


def test_the_language_is_that_of_the_option_wherever_it_stands_else_of_the_locale():
    chinese = WORDS["zh"]["whyfit.about"]
    assert chinese in whyfit("--lang", "zh", "--help").stdout
    assert chinese in whyfit("--help", LANG="zh_CN.UTF-8", PYTHONUTF8="1").stdout
    assert language_asked(["--lang", "zh", "watch", "--", "train.py", "--lang", "en"]) == "zh"


def test_what_a_script_is_given_is_not_read_as_ours(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    assert language_asked(["watch", "--", "train.py", "--lang", "zh"]) == "en"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["checkup", "--device", "tpu"], "'--device' 的值无效：'tpu' 不在 'cpu', 'cuda' 之中。"),
        (["checkup", "--seed", "many"], "'--seed' 的值无效：应为整数"),
        (["compare", "a.json"], "缺少参数"),
        (["nothing"], "没有命令 'nothing'。"),
        (["checkup", "nowhere.csv"], "nowhere.csv：没有这个文件。"),
        (["explain", "dropout", "--rate", "2"], "`--rate` 应为不小于 0、小于 1 的数，得到的是 2.0。"),
    ],
)
def test_what_is_refused_is_one_message_in_the_language_and_exit_code_two(arguments, said):
    done = whyfit("--lang", "zh", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
