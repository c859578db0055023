"""The sizes that the documentation states are those of the code."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
STATED = re.findall(r"<!-- limit: (\w+)\.(\w+)(?: x (\d+))? -->([\d,]+)<!-- /limit -->", PAGE)


def test_the_page_states_limits():
    assert len(STATED) >= 6


@pytest.mark.parametrize(("module", "name", "times", "said"), STATED, ids=str)
def test_a_stated_limit_is_that_of_the_code(module, name, times, said):
    assert int(said.replace(",", "")) == int(times or 1) * getattr(
        importlib.import_module(f"whyfit.data.{module}"), name
    )
