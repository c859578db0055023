"""What the command line refuses is said in the user's language, value for value."""

import re

import pytest

from text.refused import all_literals, refusals
from whyfit.errors import ArgumentError, ClusterError, DataError, RecipeError, all_together
from whyfit.text.catalogue import entries
from whyfit.text.refusals import PLACE, refusal_in, said_in

CHINESE, MADE = entries("zh", "refusals"), entries("zh", "refusals_made")
HAS_WORDS = re.compile(r"[A-Za-z]{2}")


def has_words(template):
    return HAS_WORDS.search(re.sub(r"`[^`]*`", "", PLACE.sub("", template))) is not None


def test_every_sentence_that_the_command_line_can_be_refused_with_has_its_chinese():
    said = {template: name for name, template in refusals() if has_words(template)}
    assert len(said) > 250
    assert {template: name for template, name in said.items() if template not in CHINESE} == {}


def test_no_chinese_is_left_of_a_sentence_that_is_gone():
    assert set(CHINESE) - all_literals() == set()


def test_a_translation_is_chinese_and_holds_no_other_values():
    for template, said in {**CHINESE, **MADE}.items():
        assert re.search("[\u4e00-\u9fff]", said) or not has_words(template), template
        assert set(PLACE.findall(said)) <= set(PLACE.findall(template)), template


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            DataError("there is no column 'age'.", where="a.csv", advice="Did you mean 'Age'?"),
            "a.csv：没有 'age' 列。您是否要写 'Age'？",
        ),
        (
            DataError("an infinite value (3 such values in this column).", where="a.csv, row 7, column 'x, y'"),
            "a.csv，第 7 行，'x, y' 列：无穷大的值（本列中有 3 个）。",
        ),
        (ClusterError("the Dask cluster has no workers.", advice="Start some with `dask worker`."),
         "Dask 集群没有工作进程。请用 `dask worker` 启动几个。"),
        (RecipeError("`loss` must fit regression (mse or huber), got 'nll'.", where="recipe"),
         "配方：`loss` 应适合回归（mse or huber），得到的是 'nll'。"),
    ],
)  # fmt: skip
def test_a_refusal_with_its_place_and_advice(error, said):
    assert refusal_in(error, "zh") == said
    assert refusal_in(error, "en") == str(error)


def test_several_problems_are_said_line_by_line():
    problems = ["a recipe has no field `los`. Did you mean `loss`?", "`stop` must be a share between 0 and 1, got 3."]
    said = refusal_in(RecipeError(all_together(problems), where="r.toml", advice="Nothing was trained."), "zh")
    assert said.splitlines() == [
        "r.toml：2 个问题：",
        "  - 配方没有 `los` 这一项。您是否要写 `loss`？",
        "  - `stop` 应为 0 与 1 之间的比例，得到的是 3。没有训练任何网络。",
    ]


def test_what_is_not_known_stays_english_beside_what_is():
    assert said_in("something new happened. Check the path.", "zh") == "something new happened. 请检查路径。"
    assert refusal_in(ArgumentError("strange."), "zh") == "strange."


def test_a_value_from_outside_is_never_read_as_a_template():
    name = "{1} 'there is no file 2.' \\g<v1>"
    assert refusal_in(DataError(f"there is no column {name}.", where="a.csv"), "zh") == f"a.csv：没有 {name} 列。"


def test_values_of_the_catalogue_are_numbered_as_they_come():
    for template in (*CHINESE, *MADE):
        assert PLACE.findall(template) == [str(place + 1) for place in range(len(PLACE.findall(template)))], template


@pytest.mark.parametrize("name", ["x" * 100_000, ", row 3: and (" * 5_000, "got `a` must be " * 3_000, "). " * 5_000])
def test_a_long_name_made_of_our_own_words_is_answered_at_once(name):
    """In proportion to its length: a backtracking expression would not be done in minutes."""
    error = DataError(f"there is no column {name!r}.", where=f"{name}, row 3", advice="Did you mean 'y'?")
    assert refusal_in(error, "zh").endswith(f"没有 {name!r} 列。您是否要写 'y'？")
    assert refusal_in(DataError(f"strange {name} thing.", where=name), "zh")
