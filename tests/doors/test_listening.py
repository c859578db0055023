"""The first verdict is heard after the first repeats, once, and not where nothing is shown."""

import numpy as np

from whyfit.doors.study_door import Wishes, prepared
from whyfit.doors.voice import Silence
from whyfit.study.first_word import first_word
from whyfit.text.words import Words

NOISE = np.random.default_rng(1)


class Ear(Silence):
    """Keeps what it hears."""

    def __init__(self):
        self.heard = []

    def first(self, word):
        self.heard.append(word)


def heard_of(inputs, target, recipe=None):
    ear = Ear()
    with prepared((inputs, target), Wishes(budget="60n", recipe=recipe), ear) as study:
        study.run()
    return ear.heard


def test_words_drawn_at_random_are_learned_by_heart_which_is_heard_once():
    (word,) = heard_of(NOISE.normal(size=(300, 40)), NOISE.integers(0, 2, 300).astype(bool))
    assert word.verdict == "overfits"
    assert 0 < word.estimate.low <= word.score - word.train


def test_a_rule_that_all_rows_show_is_learned_without_a_gap(tmp_path):
    recipe = tmp_path / "short.toml"
    recipe.write_text("epochs = 3\n")
    inputs = NOISE.normal(size=(2000, 2))
    target = (inputs[:, 0] > 0) ^ (NOISE.random(2000) < 0.2)
    (word,) = heard_of(inputs, target, recipe)
    assert word.verdict == "learns"
    assert word.estimate.high < word.baseline


def test_where_nothing_was_learned_nothing_is_heard(tmp_path):
    recipe = tmp_path / "still.toml"
    recipe.write_text("learning_rate = 1e-9\nepochs = 1\n")
    assert heard_of(NOISE.normal(size=(300, 2)), np.arange(300) % 2 == 0, recipe) == []


def test_rows_divided_once_have_no_first_word():
    inputs = NOISE.normal(size=(120, 3))
    with prepared((inputs, inputs[:, 0]), Wishes(budget="10n", time=np.arange(120)), Silence()) as study:
        study.run()
        assert first_word(study.plain, 1.0) is None


def test_the_line_has_its_numbers():
    numbers = {"seconds": 2.3, "metric": "error", "train": 0.0, "score": 0.023, "baseline": 0.9}
    said = Words("en").label("progress_overfits", gap=0.023, low=0.007, high=0.039, **numbers)
    assert said.endswith("a gap of 2.3 points (0.7 to 3.9)")
    said = Words("zh").label("progress_learns", gap=0.023, low=0.007, high=0.039, **numbers)
    assert "2.3%（0.7 至 3.9）" in said
