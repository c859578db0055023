import sys
from types import SimpleNamespace

import pytest
import torch

from whyfit.errors import ArgumentError
from whyfit.training import device
from whyfit.training.contract import Cost
from whyfit.training.device import device_for, has_driver, shard_limit


@pytest.fixture
def accelerator(monkeypatch):
    """A machine on which torch sees an accelerator."""
    monkeypatch.setattr(device, "has_driver", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.fixture
def none(monkeypatch):
    """A machine on which it sees none."""
    monkeypatch.setattr(device, "has_driver", lambda: False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.usefixtures("accelerator")
def test_it_is_chosen_when_present_for_what_torch_trains():
    assert device_for(None, torch_is_needed=True) == "cuda"
    assert device_for("cuda", torch_is_needed=False) == "cuda"


@pytest.mark.usefixtures("accelerator")
def test_a_perceptron_on_a_table_stays_on_the_processor():
    assert device_for(None, torch_is_needed=False) == "cpu"


@pytest.mark.usefixtures("accelerator")
def test_the_processor_is_taken_where_it_was_asked_for():
    assert device_for("cpu", torch_is_needed=True) == "cpu"


@pytest.mark.usefixtures("none")
def test_without_one_the_processor_is_chosen_in_silence():
    assert device_for(None, torch_is_needed=True) == "cpu"


@pytest.mark.usefixtures("none")
def test_one_that_was_asked_for_and_is_absent_is_said(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    with pytest.raises(ArgumentError, match=r"none here \(torch .* is built for processors alone\)\. Leave it"):
        device_for("cuda", torch_is_needed=True)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    with pytest.raises(ArgumentError, match="this machine has no NVIDIA driver"):
        device_for("cuda", torch_is_needed=True)


def test_without_torch_that_is_said(monkeypatch):
    monkeypatch.setattr(device, "find_spec", lambda name: None)
    with pytest.raises(ArgumentError, match="needs torch, which is not installed"):
        device_for("cuda", torch_is_needed=True)


def test_another_device_is_refused():
    with pytest.raises(ArgumentError, match="`device` must be one of 'cpu', 'cuda', got 'tpu'"):
        device_for("tpu", torch_is_needed=False)


def test_looking_for_a_driver_does_not_load_torch(monkeypatch):
    """The first command of a newcomer examines images, and must not wait for torch."""
    monkeypatch.setattr(device, "ctypes", SimpleNamespace(CDLL=_absent))
    monkeypatch.setitem(sys.modules, "torch", None)
    has_driver.cache_clear()
    try:
        assert device_for(None, torch_is_needed=True) == "cpu"
    finally:
        has_driver.cache_clear()


def test_a_worker_on_an_accelerator_may_take_half_of_its_memory(monkeypatch):
    whole = SimpleNamespace(total_memory=80 << 30)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: whole)
    usual = Cost(seconds=0.5, bytes=1 << 30)
    assert shard_limit("cuda", usual) == Cost(seconds=0.5, bytes=40 << 30)
    assert shard_limit("cpu", usual) == usual


def _absent(name):
    raise OSError(name)
