"""The document: what scripts rely on."""

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from report.samples import RECOMMENDED, empty, estimate, hostile, hostile_script, sample, stored, watched
from whyfit.evidence.evidence import MetricFacts
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.report import document_from_json, document_of, schema, to_json

MAKERS = (sample, watched, empty, hostile, hostile_script)
PROMISED = [
    *("schema_version", "whyfit", "door", "data", "questions", "findings", "score", "decomposition", "remedies"),
    *("optimizers", "recommended", "capacity", "ensemble", "learning_curve", "modes", "cases", "networks"),
    *("seconds", "seed", "provenance", "series"),
]


@pytest.mark.parametrize("make", MAKERS)
def test_every_report_is_valid_against_the_published_schema(make):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(to_json(make())), schema())


@pytest.mark.parametrize("make", MAKERS)
def test_what_is_written_is_read_back_the_same(make):
    text = to_json(make())
    assert document_from_json(text) == stored(make)
    assert document_from_json(text).model_dump_json(indent=2) + "\n" == text


def test_the_keys_are_those_promised_in_that_order():
    assert list(json.loads(to_json(sample()))) == PROMISED


def test_all_twelve_questions_stand_there_in_order():
    questions = json.loads(to_json(empty()))["questions"]
    assert list(questions) == [question.value for question in Question]
    assert questions["splits"] == {
        "status": "not measured",
        "why_code": "runs",
        "why": "no network was trained to its end",
    }


def test_the_schema_refuses_what_is_no_report():
    """A schema that lets everything pass would make the first test worthless."""
    for change in ({"door": "window"}, {"networks": "many"}, {"unheard_of": 1}, {"findings": [{"code": 1}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(to_json(sample())) | change, schema())


def test_all_text_is_english_and_drawn_from_code_and_numbers():
    first = json.loads(to_json(sample()))["findings"][0]
    assert first["code"] == "splits.copies"
    assert first["question"] == "splits"
    assert first["summary"] == "133 of the scored rows (7.4 %) are copies of training rows."
    assert first["evidence"] == {"copies": 133, "share": 0.0741, "expected_by_chance": 0.2}
    assert first["where"] is None


def test_numbers_of_any_kind_become_plain_json():
    numbers = {
        "nan": float("nan"),
        "infinite": float("-inf"),
        "integer": np.int64(3),
        "float": np.float32(0.5),
        "array": np.array([[1, 2]]),
        "several": (1, {2}),
        "truth": np.array([True])[0],
        "thing": object,
    }
    finding = Finding("splits.sound", Severity.OK, numbers, Where(rows=(np.int64(4),), layer="fc"))
    part = json.loads(to_json(sample((finding,))))["findings"][0]
    assert part["evidence"]["nan"] is None
    assert part["evidence"]["infinite"] is None
    assert part["evidence"]["integer"] == 3
    assert part["evidence"]["array"] == [[1, 2]]
    assert part["evidence"]["several"] == [1, [2]]
    assert part["evidence"]["truth"] is True
    assert isinstance(part["evidence"]["thing"], str)
    assert part["where"]["rows"] == [4]


def test_a_code_without_words_is_still_reported():
    part = json.loads(to_json(sample((Finding("splits.unheard_of", Severity.NOTE, {"n": 1}),))))["findings"][0]
    assert part["summary"] == "splits.unheard_of"


def test_an_interrupted_study_says_so():
    assert json.loads(to_json(empty()))["provenance"] == {"interrupted": True}


def test_facts_that_contain_themselves_end():
    loop: dict = {}
    loop["loop"] = loop
    assert "loop" in to_json(sample((Finding("splits.sound", Severity.OK, loop),)))


def test_an_interval_ends_where_its_metric_does_and_one_of_the_users_own_is_left_alone():
    others = (
        MetricFacts("calibration", "lower", estimate(0.007, -0.003, 0.017)),
        MetricFacts("r2", "higher", estimate(0.99, -0.2, 1.04)),
        MetricFacts("own", None, estimate(0.99, -0.2, 1.04)),
    )
    whole = sample()
    scored = replace(whole.evidence, score=replace(whole.evidence.score, others=others))
    intervals = document_of(replace(whole, evidence=scored)).score.others_intervals
    assert intervals == {"calibration": (0.0, 0.017), "r2": (-0.2, 1.0), "own": (-0.2, 1.04)}


def test_a_recommended_network_is_told_by_its_units():
    facts = replace(
        RECOMMENDED, recipe=Recipe(network=Perceptron((512, 256))), changes=(("epochs", "90"), ("network", "?"))
    )
    assert facts.said == (("epochs", "90"), ("hidden", "512, 256"))
    assert replace(facts, recipe=Recipe(network=Perceptron(()))).said[1] == ("hidden", "none")
