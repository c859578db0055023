"""Lines of Chinese in the terminal: full, within their columns, and with marks where they belong."""

import pytest
from rich.cells import cell_len

from report.samples import sample, watched
from whyfit.report import document_of
from whyfit.report.terminal import render
from whyfit.text.lines import CLOSING, OPENING, breaks

TEXT = "原因：没有调用 `model.eval()`：一行的答案取决于同批的其他行（“0”），被评分的行也渗入运行统计量。"


def lines(text, width):
    ends = breaks(text, width)
    return [text[a:b].rstrip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


@pytest.mark.parametrize("width", [16, 20, 37, 70])
def test_lines_are_full_and_no_mark_stands_on_the_wrong_side_of_a_break(width):
    found = lines(TEXT, width)
    assert "".join(found).replace(" ", "") == TEXT.replace(" ", "")
    assert all(cell_len(line) <= width for line in found)
    assert not any(line[0] in CLOSING for line in found)
    assert not any(line[-1] in OPENING for line in found)
    if width == 70:
        assert cell_len(found[0]) > 60


def test_a_word_longer_than_a_line_is_cut():
    found = lines("列 " + "x" * 25, 10)
    assert "".join(found) == "列 " + "x" * 25
    assert max(map(cell_len, found)) == 10


@pytest.mark.parametrize("make", [sample, watched])
def test_the_chinese_report_fits_its_columns(make):
    text = render(document_of(make()), "zh")
    assert all(cell_len(line) <= 80 for line in text.splitlines())
