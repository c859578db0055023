"""One thread: two in one process crawl wherever anything else runs."""

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread():
    """Torch computes on one thread, whatever a test before has set."""
    torch.set_num_threads(1)
