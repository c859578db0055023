"""The pytest plugin: a fixture `assert_trains`. Nothing of torch is imported before a test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from whyfit.testing import Checked


@pytest.fixture
def assert_trains() -> Callable[..., Checked]:
    """`whyfit.testing.assert_trains`: asserts that a network can learn one batch."""
    from whyfit.testing import assert_trains as check  # noqa: PLC0415

    return check
