"""Charts: compiled ahead of time, filled when drawn, with a table behind each."""

import importlib.util
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from report.samples import (
    ALIKE,
    DECOMPOSITION,
    SPLITS,
    WATCHED,
    empty,
    hostile,
    hostile_script,
    run,
    sample,
    stored,
    watched,
)
from whyfit.doors.activation_curve import watched_activation
from whyfit.errors import ArgumentError
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.observation import LayerLook, LookAt, Observation
from whyfit.evidence.question import Question
from whyfit.report import document_of
from whyfit.report.charts.catalogue import CHARTS, chart_named
from whyfit.report.charts.fill import filled, heading, table
from whyfit.report.charts.kind import DATA
from whyfit.report.charts.palette import DEPTHS, PAGE, PAPER
from whyfit.report.page import note_of
from whyfit.text import LANGUAGES, Words

ROOT = Path(__file__).parents[2]
NAMES = [kind.name for kind in CHARTS]


def compiler():
    place = ROOT / "tools" / "compile_charts.py"
    specification = importlib.util.spec_from_file_location("compile_charts", place)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def rows_of(name, report, language="en"):
    return list(chart_named(name).rows(document_of(report), Words(language)))


@pytest.mark.parametrize("kind", CHARTS, ids=NAMES)
def test_the_shipped_chart_is_what_the_source_compiles_to(kind):
    shipped = ROOT / "src/whyfit/report/assets/charts" / f"{kind.name}.json"
    module = compiler()
    assert shipped.read_text(encoding="utf-8") == module.text_of(module.compiled(kind)), "run tools/compile_charts.py"


def test_no_chart_is_shipped_that_nobody_draws():
    shipped = {file.stem for file in (ROOT / "src/whyfit/report/assets/charts").glob("*.json")}
    assert shipped == set(NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CHARTS, ids=NAMES)
def test_every_label_of_a_chart_has_words_that_need_no_escaping(kind, language):
    document = stored(sample)
    text = json.dumps(filled(kind, document, Words(language), []), ensure_ascii=False)
    assert "@chart" not in text
    assert "@verdict" not in text
    title = Words(language).label(kind.label)
    assert title in text
    assert not set('"\\') & set(title)
    heads = [heading(column, document, Words(language)) for column in kind.columns]
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize("kind", CHARTS, ids=NAMES)
def test_the_palettes_of_page_and_paper_give_the_same_chart(kind):
    page, paper = (json.dumps(kind.altair(palette).to_dict()) for palette in (PAGE, PAPER))
    assert "#" not in page
    assert "var(" not in paper


@pytest.mark.parametrize("make", [sample, watched, hostile, hostile_script, empty])
@pytest.mark.parametrize("kind", CHARTS, ids=NAMES)
def test_rows_are_plain_values_and_fill_the_table(kind, make):
    document = stored(make)
    rows = kind.rows(document, Words())
    json.dumps(list(rows), allow_nan=False)
    for cells in table(kind, rows, document, Words()):
        assert len(cells) == len(kind.columns)
        assert all(isinstance(cell, str) for cell in cells)


def test_words_are_put_in_before_the_rows():
    """A layer called like one of our labels stays what it is called."""
    kind = chart_named("gradients")
    rows = [{"depth": 0, "layer": "@chart_layer", "time": 1, "value": 1.0}]
    vega = filled(kind, stored(sample), Words("zh"), rows)
    [data] = [data for data in vega["data"] if data["name"] == DATA]
    assert data["values"] == rows


def test_curves_end_where_half_of_the_networks_have_stopped():
    runs = (*(run(seed, stopped=10) for seed in range(3)), run(3, stopped=30))
    rows = rows_of("curves", sample(evidence=Evidence(runs=runs)))
    assert max(row["epoch"] for row in rows) == 10
    assert {row["part"] for row in rows} == {"training rows", "unseen rows"}


def test_a_deep_network_is_drawn_as_a_map_and_a_shallow_one_as_lines():
    shallow = sample(evidence=Evidence(runs=(run(layers=DEPTHS),)))
    deep = sample(evidence=Evidence(runs=(run(layers=DEPTHS + 1),)))
    assert rows_of("gradients", shallow)
    assert not rows_of("gradient_map", shallow)
    assert rows_of("gradient_map", deep)
    assert not rows_of("gradients", deep)


def test_dead_units_are_drawn_for_layers_with_relu_only():
    assert {row["layer"] for row in rows_of("dead", sample())} == {"1 · hidden 1", "2 · hidden 2"}


def test_in_a_split_map_every_fold_holds_every_row_once_and_each_row_is_scored_once():
    rows = rows_of("splits", sample())
    for fold in range(1, 6):
        pieces = sorted((row["begin"], row["end"]) for row in rows if row["fold"] == fold)
        assert pieces[0][0] == 0
        assert all(before[1] == after[0] for before, after in itertools.pairwise(pieces))
        assert pieces[-1][1] == 1149 + 288 + 359
    scored = sorted((row["begin"], row["end"]) for row in rows if row["part"] == "scored")
    assert all(abs(before[1] - after[0]) <= 1 for before, after in itertools.pairwise(scored))
    assert scored[-1][1] == 1149 + 288 + 359


def test_the_terms_of_an_error_are_shares_of_one():
    rows = rows_of("decomposition", sample())
    for loss in {row["loss"] for row in rows}:
        assert sum(row["share"] or 0 for row in rows if row["loss"] == loss) == pytest.approx(1)
    assert len(rows) == 3 * len(DECOMPOSITION) + 1


def test_noise_lies_within_the_bar_and_has_a_row_of_its_own_in_the_table():
    first, *_, noise = [row for row in rows_of("decomposition", sample()) if row["loss"] == "0-1 error"]
    assert (first["noise_from"], first["noise_to"]) == (0, pytest.approx(0.019 / 0.027))
    assert (noise["term"], noise["value"], noise["high"]) == ("noise", None, 0.019)


def test_remedies_stand_in_the_order_of_their_gain():
    gains = [row["gain"] for row in rows_of("remedies", sample())]
    assert gains == sorted(gains, reverse=True)


def test_time_is_told_in_steps_where_there_is_one_epoch_only():
    once = run()
    moments = tuple(type(m)(1, m.step, m.layers) for m in once.vitals)
    single = type(once)(**{name: getattr(once, name) for name in once.__slots__} | {"vitals": moments})
    document = document_of(sample(evidence=Evidence(runs=(single,))))
    kind = chart_named("gradients")
    assert heading(kind.columns[1], document, Words()) == "step"
    assert heading(kind.columns[1], stored(sample), Words()) == "epoch"


def test_an_unknown_chart_is_refused_with_those_there_are():
    with pytest.raises(ArgumentError, match="there is no chart 'pie'; there are per_class, splits"):
        chart_named("pie")


def test_an_activation_is_drawn_with_its_derivative_and_the_values_of_the_layers_that_have_it():
    rows = rows_of("activation", sample())
    bars = [row for row in rows if row["layer"] is not None]
    assert [row["layer"] for row in bars] == ["1 · hidden 1", "2 · hidden 2"]
    assert all((row["x"], row["end"]) == (pytest.approx(-2.4), pytest.approx(2.0)) for row in bars)
    assert {row["what"] for row in rows} == {"value", "derivative", "values before it, by layer"}


def test_a_shifted_column_is_told_from_one_within_chance():
    rows = rows_of("alike", sample())
    assert [row["shifted"] for row in rows] == ["shifted", "within chance", "within chance"]


def test_the_learning_curve_tells_what_was_measured_from_what_is_projected():
    rows = rows_of("learning_curve", sample())
    sizes = {kind: [row["rows"] for row in rows if row["kind"] == kind] for kind in ("measured", "projected")}
    assert sizes == {"measured": [143, 287, 574, 1149], "projected": [2298, 4596]}
    law = [(row["at"], row["law"]) for row in rows if row["law"] is not None]
    assert (law[0][0], law[-1][0]) == (143, pytest.approx(4596))
    assert all(error == pytest.approx(0.004 + 1.7 * size**-0.62) for size, error in law)


def test_points_of_a_smooth_line_stand_in_no_table():
    kind, document = chart_named("learning_curve"), stored(sample)
    assert len(table(kind, kind.rows(document, Words()), document, Words())) == 6


def test_the_parts_of_the_printed_gap_add_up_to_it():
    whole, *parts = (row["value"] for row in rows_of("seen_gap", sample()))
    assert whole == pytest.approx(sum(parts))


def test_each_network_with_modes_stands_in_both_and_on_unseen_rows():
    dropout, norm = rows_of("dropout_modes", sample()), rows_of("modes", sample())
    assert {row["network"] for row in dropout} == {"dropout (0.25)"}
    assert {row["network"] for row in norm} == {"batch norm (before the activation)"}
    assert [row["value"] for row in dropout] == [0.061, 0.021, 0.104]


@pytest.mark.parametrize(
    ("norm", "dropout", "rows"), [(0.1, 0.2, (2, 3)), (None, 0.2, (2, 0)), (0.1, None, (1, 2)), (None, None, (1, 0))]
)
def test_a_batch_in_both_modes_stands_where_the_question_applies(norm, dropout, rows):
    """Dropout that is called as a function is no module; a second pass in evaluation mode shows that it stays on."""
    modes = {"twice": 0.3, "norm": math.nan if norm is None else norm, "dropout": dropout}
    observation = replace(watched().evidence.observation, probes={"Net": {"modes": modes}})
    report = replace(watched(), evidence=Evidence(observation=observation))
    assert (len(rows_of("dropout_passes", report)), len(rows_of("batchnorm_passes", report))) == rows
    without = replace(report, answers=report.answers | {Question.DROPOUT: Answer("does not apply", "no_dropout")})
    assert rows_of("dropout_passes", without) == []


def test_each_module_stands_in_its_four_cases():
    rows = rows_of("cases", sample())
    first = [row for row in rows if row["layer"] == "hidden.0.batch_norm, batch norm"]
    assert [(row["case"], row["label"], row["stopped"]) for row in first] == [
        ("forward, training", "batch", 0.0),
        ("backward, training", "2.5 %", 0.025),
        ("forward, evaluation", "running", 0.0),
        ("backward, evaluation", "0 %", 0.0),
    ]
    last = [row["label"] for row in rows if row["layer"] == "hidden.1.dropout, dropout"]
    assert last == ["25 %", "25 %", "0 %", "0 %"]


def test_the_sweep_stands_in_the_order_of_its_rates():
    assert [(row["rate"], row["gain"]) for row in rows_of("dropout_sweep", sample())] == [
        (0.1, 0.002),
        (0.25, 0.0041),
        (0.5, -0.003),
    ]


def test_equal_units_show_as_a_share_below_one():
    once = run()
    layers = tuple(replace(layer, distinct_weights=1.0) for layer in once.vitals[0].layers)
    start = replace(once, vitals=(replace(once.vitals[0], layers=layers), *once.vitals[1:]))
    shares = {
        name: row["value"]
        for row in rows_of("symmetry", sample(evidence=Evidence(runs=(start,))))
        if (name := row["what"])
    }
    assert shares["weights"] < 0.2
    assert shares["gradients"] == 1
    assert {row["value"] for row in rows_of("symmetry", sample())} == {1}


def test_a_watched_script_shows_the_middle_of_the_values_and_of_a_relu_how_many_are_not_above_zero():
    layers = (
        LayerLook(name="a", activation="relu", pre_low=0.0, pre_high=2.5, zero_share=0.4),
        LayerLook(name="dead", activation="relu", pre_low=0.0, pre_high=0.0, zero_share=1.0),
        LayerLook(name="other", activation="tanh", pre_low=-1.0, pre_high=1.0),
    )
    seen = Observation(looks=(LookAt(1, 1, 0.5, 0.1, layers, ()),), backwards=1)
    evidence = Evidence(observation=seen, activation=watched_activation(seen))
    bars = [row for row in rows_of("activation", replace(watched(), evidence=evidence)) if row["layer"]]
    assert [(row["layer"], row["x"], row["end"], row["below"]) for row in bars] == [
        ("1 · a", 0.0, 2.5, 0.4),
        ("2 · dead", 0.0, 0.0, 1.0),
    ]


def test_how_to_read_a_chart_of_one_script_says_nothing_of_several_networks():
    for kind in CHARTS:
        note = note_of(kind, stored(watched), Words())
        assert "median over networks" not in note, kind.name
    assert "median over networks" in note_of(chart_named("gradients"), stored(sample), Words())


def test_a_rate_that_never_changes_is_said_and_one_that_does_is_drawn():
    assert rows_of("rate_by_step", watched())
    constant = replace(WATCHED, looks=tuple(replace(one, rate=0.1) for one in WATCHED.looks))
    report = replace(watched(), evidence=Evidence(observation=constant))
    assert not rows_of("rate_by_step", report)
    assert "The learning rate is 0.1 at every look." in note_of(chart_named("updates"), document_of(report), Words())


def test_scored_rows_are_drawn_as_new_and_known_and_add_up():
    rows = rows_of("scored_rows", watched())
    assert [(row["dataset"], row["rows"]) for row in rows] == [("1 · Rows", 320), ("1 · Rows", 80)]


def test_how_the_parts_compare_is_said_with_the_chart_and_that_a_random_division_differs_by_chance():
    with_new = note_of(chart_named("alike"), stored(sample), Words())
    assert "data and new rows. A classifier tells them apart with an area under the curve of 0.83" in with_new
    own = replace(SPLITS, alike=(replace(ALIKE, first="train", second="score"),), by="stratified")
    document = document_of(replace(sample(), evidence=Evidence(splits=own)))
    assert note_of(chart_named("alike"), document, Words()).endswith("what differs between its parts is chance.")
