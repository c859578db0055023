"""Text files are read as people write them: what they mean is told, what is broken is named with its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.sources import codes, facts, kinds, written
from whyfit.data import csv_file
from whyfit.data.load import load
from whyfit.errors import DataError, InputError
from whyfit.evidence.dataset import Dataset

PLAIN = "a,b,y\n1,x,0.5\n2,y,1.5\n3,x,2.5\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=repr)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_delimiter_line_ends_and_encoding_do_not_matter(tmp_path, delimiter, end, encoding):
    text = PLAIN.replace(",", delimiter).replace("\n", end)
    data = load(written(tmp_path, "\ufeff" * (encoding == "utf-16-be") + text, encoding=encoding))
    assert data.fingerprint == load(written(tmp_path, PLAIN, "plain.csv")).fingerprint


@pytest.mark.parametrize(
    ("encoding", "names"),
    [("cp1252", ("größe", "naïveté")), ("gb18030", ("年龄", "城市")), ("utf-8", ("年龄", "größe"))],
)
def test_eight_bit_encodings_are_recognised_and_told(tmp_path, encoding, names):
    data = load(written(tmp_path, f"{names[0]},{names[1]},y\n1,2,0.5\n2,3,1.5\n", encoding=encoding))
    assert tuple(kinds(data)) == names
    assert ("data.encoding" in codes(data)) == (encoding != "utf-8")


def column_of(tmp_path, values, **options):
    rows = "".join(f'"{value}";{i}.5\n' for i, value in enumerate(values))
    return load(written(tmp_path, f"x;y\n{rows}"), **options)


@pytest.mark.parametrize(
    ("values", "expected", "code"),
    [
        (["1", "2.5", " -3e2 "], [1, 2.5, -300], None),
        (["1", "", "NA"], [1, np.nan, np.nan], None),
        (["?", "1", "-"], [np.nan, 1, np.nan], None),
        (["1,5", "2,25", "3"], [1.5, 2.25, 3], "data.decimal_comma"),
        (["1.234,5", "2,25", "3"], [1234.5, 2.25, 3], "data.decimal_comma"),
        (["1,234", "12,345,678.5", "7"], [1234, 12345678.5, 7], "data.thousands"),
        (["0,125", "1,250", "-0,640"], [0.125, 1.25, -0.64], "data.decimal_comma"),  # no thousands begin with 0
        (["−1.5", "2", "−3"], [-1.5, 2, -3], None),
        (["1 234", "12 345.5", "7"], [1234, 12345.5, 7], "data.thousands"),
        (["1'234", "12'345.5", "7"], [1234, 12345.5, 7], "data.thousands"),
        (["yes", "No", "YES"], [1, 0, 1], "data.booleans"),
        (["TRUE", "false", ""], [1, 0, np.nan], "data.booleans"),
        (["是", "否", "是"], [1, 0, 1], "data.booleans"),
        (["2026-01-01", "2026-01-03", ""], [0, 2, np.nan], "data.dates"),
        (["2026-01-01 12:00", "2026-01-02 00:00", "2026-01-01 00:00"], [0.5, 1, 0], "data.dates"),
        (["2026-01-01T12:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"], [0.5, 1, 0], "data.dates"),
        (["31/12/2025", "01/01/2026", "02/01/2026"], [0, 1, 2], "data.dates"),
        (["12/31/2025", "01/01/2026", "01/02/2026"], [0, 1, 2], "data.dates"),
        (["31.12.2025", "01.01.2026", "02.01.2026"], [0, 1, 2], "data.dates"),
        (["2026-01", "2026-02", "2026-03"], [0, 31, 59], "data.dates"),
        (["2025年12月31日", "2026年1月1日", "2026年1月2日"], [0, 1, 2], "data.dates"),
        (["2026-01-01T02:00:00+02:00", "2026-01-01T12:00:00Z", "2026-01-01T19:00:00-0500"], [0, 0.5, 1], "data.dates"),
        (["01.03.26", "31.03.26", "01.04.26"], [0, 30, 31], "data.dates"),
        (["3/1/2026 9:00 AM", "3/1/2026 9:00 PM", "3/2/2026 9:00 AM"], [0, 0.5, 1], "data.dates"),
        (["US$5", "0", "US$7"], [5, 0, 7], "data.units"),
        (["5%", "12.5 %", "-1%"], [5, 12.5, -1], "data.units"),
        (["€ 1,200", "-€5", "€0.5"], [1200, -5, 0.5], "data.units"),
        (["EUR 5", "7 EUR", "8EUR"], [5, 7, 8], "data.units"),
        (["$1,234.50", "$2", "$0"], [1234.5, 2, 0], "data.units"),
        (["1.234,50 €", "2,00 €", "3,00 €"], [1234.5, 2, 3], "data.units"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_numbers_are_read_as_people_write_them(tmp_path, values, expected, code):
    data = column_of(tmp_path, values)
    np.testing.assert_array_equal(data.numeric[:, 0], np.float32(expected))
    assert (code is None) or code in codes(data)


def test_a_few_words_among_numbers_are_missing_and_told_with_their_row(tmp_path):
    data = column_of(tmp_path, [*range(19), "unknown"])
    assert np.isnan(data.numeric[19, 0])
    assert facts(data, "data.mixed") == {"column": "x", "words": 1, "word": "unknown", "row": 21}


def test_a_few_words_among_dates_are_missing_and_told_with_their_row(tmp_path):
    """Days first, as the one word fits neither order and the 31st fits one."""
    data = column_of(tmp_path, [*(f"{day:02}/03/2026" for day in range(1, 32)), "31/02/2026"])
    assert data.columns[0].moment
    assert np.isnan(data.numeric[31, 0])
    assert data.numeric[30, 0] == 30
    assert facts(data, "data.mixed_dates") == {"column": "x", "words": 1, "word": "31/02/2026", "row": 33}


def test_a_target_with_a_unit_is_a_number_and_told(tmp_path):
    data = load(written(tmp_path, "a,price\n" + "".join(f"{i}.5,${2 * i}.50\n" for i in range(9))))
    assert data.target[:2, 0].tolist() == [0.5, 2.5]
    assert facts(data, "data.units") == {"column": "price", "unit": "$"}


def test_many_words_among_dates_are_levels(tmp_path):
    data = column_of(tmp_path, ["2026-03-01", "soon", "2026-03-01", "soon", "later", "later"])
    assert data.columns[0].levels == ("2026-03-01", "later", "soon")


@pytest.mark.parametrize("values", [["5%", "0.05", "7%"], ["€5", "$5", "€7"], ["5 apples", "7 apples", "9 apples"]])
def test_numbers_of_several_units_and_of_things_are_no_numbers(tmp_path, values):
    assert kinds(column_of(tmp_path, values)) == {"x": "categorical"}


@pytest.mark.parametrize(("first", "delimiter"), [("sep=;", ";"), ('"sep=|"\r', "|"), ("SEP=^", "^")])
def test_the_line_by_which_a_spreadsheet_is_told_the_delimiter_is_heard(tmp_path, first, delimiter):
    rows = "".join(f"{i}{delimiter}{2 * i}.5\n" for i in range(4))
    data = load(written(tmp_path, f"{first}\na{delimiter}y\n{rows}"))
    assert (kinds(data), data.target_name, data.rows) == ({"a": "numeric"}, "y", 4)
    assert data.row_numbers.of(0) == 3
    with pytest.raises(DataError, match="line 7: 3 fields"):
        load(written(tmp_path, f"{first}\na{delimiter}y\n{rows}1{delimiter}2{delimiter}3\n"))


def test_many_words_among_numbers_are_levels(tmp_path):
    data = column_of(tmp_path, ["1", "low", "2", "low", "high", "high"])
    assert data.columns[0].levels == ("1", "2", "high", "low")


def test_identifiers_are_left_out_and_told(tmp_path):
    rows = "".join(f"customer {i},{i % 7},{i * 0.5}\n" for i in range(40))
    data = load(written(tmp_path, f"name,a,y\n{rows}"))
    assert kinds(data) == {"a": "numeric"}
    assert facts(data, "data.left_out_identifier") == {"column": "name"}


def test_text_that_repeats_is_no_identifier(tmp_path):
    rows = "".join(f"shop {i % 20},{i * 0.5}\n" for i in range(40))
    assert kinds(load(written(tmp_path, f"shop,y\n{rows}"))) == {"shop": "categorical"}


def test_rare_levels_share_one_and_are_told(tmp_path):
    names = [f"a{i:03}" for i in range(150)]
    rows = "".join(f"{name},{i}.5\n" for i, name in enumerate(names * 2 + names[:50]))
    data = load(written(tmp_path, f"name,y\n{rows}"))
    assert len(data.columns[0].levels) == 100
    assert facts(data, "data.levels_cut") == {"column": "name", "levels": 150, "kept": 100}
    assert set(names[:50]) < set(data.columns[0].levels)


def test_empty_columns_are_left_out_and_told(tmp_path):
    data = load(written(tmp_path, "a,empty,y\n1,,0.5\n2,NA,1.5\n"))
    assert kinds(data) == {"a": "numeric"}
    assert "data.left_out_all_missing" in codes(data)


def test_a_file_without_a_header_is_recognised(tmp_path):
    data = load(written(tmp_path, "5.1,3.5,setosa\n4.9,3.0,virginica\n4,3,setosa\n"))
    assert (data.rows, data.target_name, codes(data) >= {"data.no_header"}) == (3, "column 3", True)


def test_years_as_names_are_a_header(tmp_path):
    assert tuple(kinds(load(written(tmp_path, "country,2024,2025,y\na,1,2,0.5\nb,2,3,1.5\n")))) == (
        "country",
        "2024",
        "2025",
    )


def test_values_in_quotes_may_hold_delimiters_and_line_ends(tmp_path):
    data = load(written(tmp_path, 'a,b,y\n"1, 2",1,0.5\n"say ""hi""\nthere",2,1.5\n"1, 2",3,2.5\n'))
    assert data.columns[0].levels == ("1, 2", 'say "hi"\nthere')


def test_quotes_that_do_not_match_are_text_and_told(tmp_path):
    data = load(written(tmp_path, 'pipe,y\n5" wide,0.5\n6 wide,1.5\n'))
    assert data.columns[0].levels == ('5" wide', "6 wide")
    assert "data.quotes_as_text" in codes(data)


def test_blank_lines_are_passed_over_and_rows_still_named_as_in_the_file(tmp_path):
    path = written(tmp_path, "\na,y\n1,0.5\n\n  \n2,1.5\n3,\n\n\n")
    with pytest.raises(DataError, match=r"row 7, column 'y': no target"):
        load(path)
    data = load(written(tmp_path, "\na,y\n1,0.5\n\n  \n2,1.5\n,2.5\n\n\n"))
    assert data.rows == 3
    assert facts(data, "data.blank_lines") == {"lines": 2}


def test_rows_of_empty_values_are_rows(tmp_path):
    assert load(written(tmp_path, "y,a,b\n0.5,1,2\n1.5,,\n2.5,3,4\n")).rows == 3


def test_a_large_file_is_read_column_by_column_and_equals_the_small_way(tmp_path, monkeypatch):
    path = written(tmp_path, "\n" + PLAIN + "\n4,z,3.5\n")
    whole = load(path)
    monkeypatch.setattr(csv_file, "LARGE", 0)
    assert load(path).fingerprint == whole.fingerprint


REFUSED = {
    "empty": ("", "the file is empty"),
    "blank": ("\n\n \n", "blank lines only"),
    "header only": ("a,y\n", "no row of data"),
    "one column": ("a\n1\n2\n", "only one column"),
    "short row": ("a,b,y\n1,2,3\n1,2\n", "line 3: 2 fields where the first record has 3"),
    "long row": ("a,y\n1,2\n\n1,2,3\n", "line 4: 3 fields where the first record has 2"),
    "short row after a quoted line end": ('a,y\n"1\n",2\n1\n', "line 4: 1 field where"),
    "comment": ("# made by hand\na,y\n1,2\n", "line 2: 2 fields where the first record has 1"),
    "open quote": ('a,y\n"1,2\n3\n', "quote|field"),
    "same name": ("a,b,a\n1,2,3\n", "columns 1 and 3 have the same name, 'a'"),
    "no name": ("a,,y\n1,2,3\n", "row 1: column 2 has no name"),
    "missing target": ("a,y\n1,2\n2,\n3,?\n", r"row 3, column 'y': the target is missing here and in 1 more row"),
    "infinite": ("a,y\n1,2\n-inf,3\n", "row 3, column 'a': an infinite value"),
    "too large": ("a,y\n1,2\n1e39,3\n", r"row 3, column 'a': 1e\+39, too large for 32-bit numbers"),
    "one class": ("a,y\n1,x\n2,x\n", "all rows have the same target, 'x'"),
    "one row": ("a,y\n1,2\n", "all rows have the same target, 2"),
    "a class a row": ("a,y\n1,p\n2,q\n3,r\n4,s\n", "4 classes for 4 rows"),
    "no inputs": ("a,y\n,1\n,2\n", "no column is left"),
    "units": ("a,y\n" + "\n".join(f"{k} kg,{k % 2}" for k in range(30)), r"Left out were 'a' \(such as '0 kg'\)"),
    "a name a row": ("a,y\n" + "\n".join(f"{k},c{k}" for k in range(9)), "9 classes .* this text hardly repeats"),
    "zero bytes": (b"a,y\n1,\x00\n", "holds zero bytes"),
    "zip": (b"PK\x03\x04 and so on", "a zip or Excel file, not text"),
    "bytes of no text": (b"a,y\n1,2\n1,\x81\n", "line 3: the byte 0x81 is text neither in UTF-8 nor"),
    "half of utf-16": (b"\xff\xfea\x00,", "begins as utf-16 but is not"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_an_unusable_file_is_refused_with_its_place_and_the_next_step(tmp_path, content, message):
    with pytest.raises(DataError, match=message) as caught:
        load(written(tmp_path, content))
    assert str(caught.value).startswith("data.csv")
    assert caught.value.advice
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "Y"}, r"no column 'Y'\. Did you mean 'y'\?"),
        ({"target": "zzz"}, r"no column 'zzz'\. Its columns: 'a', 'b', 'y'"),
        ({"groups": "c"}, "no column 'c', which `groups` names"),
        ({"groups": "y"}, "`groups` and `target` both name the column 'y'"),
        ({"task": "clustering"}, "`task` must be"),
        ({"target": "b", "task": "regression"}, "regression needs numbers, but the target holds text such as 'x'"),
        ({"time": "b"}, "column 'b': neither numbers nor dates"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_met_is_refused(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        load(written(tmp_path, PLAIN), **options)


def test_groups_and_time_are_no_inputs(tmp_path):
    content = "who,when,a,y\nann,2026-01-02,1,0.5\nbob,2026-01-01,2,1.5\nann,2026-01-03,3,2.5\n"
    data = load(written(tmp_path, content), groups="who", time="when")
    assert kinds(data) == {"a": "numeric"}
    assert (data.groups.tolist(), data.time.tolist()) == ([0, 1, 0], [1, 0, 2])


def test_groups_without_any_value_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"column 'who': no row has a value\. Name another"):
        load(written(tmp_path, "who,a,y\nNA,1,2\n,2,3\n"), groups="who")


def test_rows_without_a_group_are_each_their_own_and_told(tmp_path):
    data = load(written(tmp_path, "who,a,y\nann,1,2\n,2,3\nNA,3,5\nann,5,7\n"), groups="who")
    assert data.groups.tolist() == [0, 1, 2, 0]
    assert facts(data, "data.ungrouped") == {"column": "who", "rows": 2, "row": 3}


@pytest.mark.parametrize(
    ("header", "target"),
    [("y,a,b", "y"), ("a,Class,b", "Class"), ("a,label,target", "target"), ("a,b,c", "c")],
)
def test_the_target_is_found_by_its_name_else_it_is_the_last(tmp_path, header, target):
    assert load(written(tmp_path, f"{header}\n1,2,3\n4,5,7\n2,2,1\n")).target_name == target


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b", "a", "b"], "classification"),
        (["True", "False", "True"], "classification"),
        ([0, 1, 1, 0], "classification"),
        ([2.5, 3.5, 2.5, 3.5], "classification"),
        ([1, 2, 3] * 5, "classification"),
        ([1, 2, 3] * 4, "regression"),
        (range(12), "regression"),
        ([1.5, 2.5, 3.5] * 10, "regression"),
    ],
    ids=str,
)
def test_the_task_is_inferred_from_the_target_and_can_be_overridden(tmp_path, values, task):
    rows = "".join(f"{i},{value}\n" for i, value in enumerate(values))
    data = load(written(tmp_path, f"a,y\n{rows}"))
    assert data.task == task
    assert facts(data, "data.task_inferred")["task"] == task
    if isinstance(next(iter(values)), float | int):
        assert load(written(tmp_path, f"a,y\n{rows}"), task="regression").task == "regression"


def test_classes_are_named_as_they_are_written(tmp_path):
    assert load(written(tmp_path, "a,y\n1,10\n2,9\n3,10\n4,9\n")).classes == ("9", "10")


TEXT = st.text(st.sampled_from('ab10.,;|\t"\n\r -?é年\x00e+/:'), max_size=60)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=80), TEXT.map(str.encode), TEXT.map(lambda rest: ("a,b,y\n1,2,3\n" + rest).encode())
    )
)
def test_any_bytes_end_in_a_dataset_or_in_one_message(tmp_path, content):
    path = written(tmp_path, content)
    try:
        data = load(path)
    except DataError as error:
        assert str(error).startswith("data.csv")  # noqa: PT017  # either end is right
    else:
        assert isinstance(data, Dataset)
        assert np.isfinite(data.numeric[~np.isnan(data.numeric)]).all()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), suffix=st.sampled_from([".npz", ".parquet"]), cut=st.integers(0, 2000))
def test_any_bytes_in_a_binary_file_end_in_one_message(tmp_path, content, suffix, cut):
    np.savez(tmp_path / "whole.npz", X=np.eye(8), y=np.arange(8) % 2)
    whole = (tmp_path / "whole.npz").read_bytes()
    path = written(tmp_path, whole[:cut] + content + whole[cut + len(content) :], f"data{suffix}")
    try:
        load(path)
    except DataError as error:
        assert "data" in str(error)  # noqa: PT017  # either end is right


@pytest.mark.parametrize("name", ["count", "value", "literal", "level", "c0", "index", "column_0"])
def test_no_name_of_a_column_is_special(tmp_path, name):
    data = load(written(tmp_path, f"{name},other,y\na,1,0.5\nb,2,1.5\na,3,2.5\n"))
    assert kinds(data) == {name: "categorical", "other": "numeric"}
