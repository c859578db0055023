"""Stored reports, whole and broken."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.samples import sample
from whyfit.errors import DataError
from whyfit.report import document_from_json, read_document, to_json

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


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_refused(data):
    with pytest.raises(DataError):
        document_from_json(data)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_report_with_any_value_changed_is_read_or_refused(data):
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
    values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
    place[key] = data.draw(values)
    try:
        document_from_json(json.dumps(report))
    except DataError:
        return


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(DataError, match="the report cannot be read") as caught:
            read_document(path)
        assert str(path) in str(caught.value)
