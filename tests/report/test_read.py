"""Stored reports, whole and broken."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.samples import sample
from whyfit.errors import DataError
from whyfit.report import document_from_json, read_document, to_json
from whyfit.report.compare import compare
from whyfit.report.fragment import fragment_of
from whyfit.report.html import to_html
from whyfit.report.terminal import render
from whyfit.text import LANGUAGES

WHOLE = to_json(sample(runs=2))


def test_a_stored_report_is_read(tmp_path):
    file = tmp_path / "report.json"
    file.write_text(WHOLE, encoding="utf-8")
    assert read_document(file).networks == 512


def changed(**changes):
    return json.dumps(json.loads(WHOLE) | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"report"',
        "\x00",
        WHOLE[:-100],
        "[" * 100_000,
        '{"a":' * 100_000,
        changed(schema_version="2"),
        changed(networks="512"),
        changed(networks=10**400),
        changed(seconds=None),
        changed(findings={}),
        changed(questions={}),
        changed(unheard_of=1),
        WHOLE.replace("58.94", "NaN"),
        WHOLE.replace("58.94", "1e999"),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_anything_else_is_refused_with_one_message(text):
    with pytest.raises(DataError, match="this is no report of whyfit") as caught:
        document_from_json(text, where="x.json")
    assert len(str(caught.value)) < 700
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "place",
    [
        ("curves", 0, "stop_loss", "mean"),
        ("curves", 0, "running"),
        ("layers", 0, "moments"),
        ("layers", 0, "layers"),
        ("layers", 0, "layers", 0, "numbers", "std"),
    ],
    ids=lambda place: ".".join(map(str, place)),
)
@pytest.mark.parametrize("kept", [0, 1])
def test_series_of_unequal_length_are_refused(place, kept):
    report = json.loads(WHOLE)
    part = report["series"]
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = part[place[-1]][:kept]
    if (place, kept) == (("layers", 0, "layers"), 1):
        document_from_json(json.dumps(report))  # a network of one layer is one
        return
    with pytest.raises(DataError, match="this is no report of whyfit"):
        document_from_json(json.dumps(report))


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_refused(data):
    with pytest.raises(DataError):
        document_from_json(data)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_report_with_any_value_changed_is_drawn_or_refused(data):
    """Walk to a random place of the document and put a random value there."""
    report = json.loads(WHOLE)
    place = report
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        if not keys:
            return
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=3)
    place[key] = data.draw(values)
    try:
        document = document_from_json(json.dumps(report))
    except DataError:
        return
    for language in LANGUAGES:
        assert render(document, language)
        assert to_html(document, language)
        assert fragment_of(document, language)
    assert not compare(document, document).worse


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(DataError, match="the report cannot be read") as caught:
            read_document(path)
        assert str(path) in str(caught.value)
