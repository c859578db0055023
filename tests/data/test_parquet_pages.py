"""A Parquet file whose pages claim what cannot be is refused before a reader makes room for it; whole files pass."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from whyfit.data.load import load
from whyfit.data.parquet_pages import disagreement
from whyfit.data.thrift import Compact
from whyfit.errors import DataError

ROWS = 400


def table():
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "a": rng.normal(size=ROWS),
            "b": [None if row % 7 == 0 else f"k{row % 9}" for row in range(ROWS)],
            "c": [None] * ROWS,
            "y": rng.integers(0, 3, ROWS),
        }
    )


@pytest.mark.parametrize("compression", ["zstd", "snappy", "uncompressed"])
@pytest.mark.parametrize("group", [None, 90])
def test_files_that_polars_writes_agree_with_themselves(compression, group, tmp_path):
    path = tmp_path / "data.parquet"
    table().write_parquet(path, compression=compression, row_group_size=group, data_page_size=500)
    assert disagreement(path) is None
    assert load(path, target="y").rows == ROWS


@pytest.mark.parametrize("pages", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_files_that_pyarrow_writes_agree_with_themselves(pages, dictionary, tmp_path):
    path = tmp_path / "data.parquet"
    whole = pa.table({"a": np.arange(ROWS), "b": [f"k{row % 9}" for row in range(ROWS)], "l": [[1, 2]] * ROWS})
    pq.write_table(whole, path, data_page_version=pages, use_dictionary=dictionary, data_page_size=300)
    assert disagreement(path) is None


def test_a_page_that_claims_more_values_than_its_column_is_refused(tmp_path):
    """The count in the first page's header is written anew: 400 becomes 401."""
    path = tmp_path / "data.parquet"
    table().select("a", "y").write_parquet(path, compression="uncompressed", statistics=False)
    content = bytearray(path.read_bytes())
    start = content.index(varint(ROWS), 4)
    content[start : start + 2] = varint(ROWS + 1)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as Parquet .a page has 401 values in a column of 400"):
        load(path, target="y")


def varint(value):
    """A positive number of two bytes in zigzag."""
    plain = 2 * value
    return bytes([plain & 127 | 128, plain >> 7])


@pytest.mark.parametrize(("cut", "message"), [(9, "too short|cannot be read"), (60, "cannot be read")])
def test_a_file_that_is_cut_off_is_refused_in_one_message(cut, message, tmp_path):
    path = tmp_path / "data.parquet"
    table().write_parquet(path)
    path.write_bytes(path.read_bytes()[:cut] + b"PAR1")
    with pytest.raises(DataError, match=message) as caught:
        load(path, target="y")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x15", b"\x1d\x00", b"\x18\x7f", b"\x1c" * 80, b"\x15" + b"\xff" * 11])
def test_what_is_no_structure_is_a_value_error(content):
    with pytest.raises(ValueError, match=r"ends|kind|nested|64 bits"):
        Compact(content, 0).fields()
