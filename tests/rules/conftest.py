"""One BLAS thread: a second one that has to wait for the machine makes a small QR take seconds."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    with threadpool_limits(1):
        yield
