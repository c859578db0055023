"""What is promised to users' scripts is there, sorted, and hides no module."""

import importlib
import pkgutil

import pytest

import whyfit


def public_functions():
    names = set(whyfit.__all__) | {name for home in whyfit._HOMES.values() for name in [home.rpartition(":")[2]]}
    return {name for name in names if callable(getattr(whyfit, name, None))}


def test_the_public_names_are_sorted_and_each_exists():
    assert list(whyfit.__all__) == sorted(whyfit.__all__)
    for name in whyfit.__all__:
        assert getattr(whyfit, name) is not None


def test_every_public_name_has_a_home_and_every_home_is_public():
    assert set(whyfit._HOMES) | {"__version__"} == set(whyfit.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'whyfit' has no attribute 'chekup'"):
        whyfit.chekup  # noqa: B018


def test_dir_lists_what_is_public():
    assert dir(whyfit) == list(whyfit.__all__)


def test_no_module_has_the_name_of_a_public_function():
    modules = {info.name.rpartition(".")[2] for info in pkgutil.walk_packages(whyfit.__path__, "whyfit.")}
    assert modules & public_functions() == set()


@pytest.mark.parametrize("name", sorted(set(whyfit.__all__) - {"__version__"}))
def test_every_public_name_is_documented(name):
    assert getattr(whyfit, name).__doc__


def test_the_public_modules_are_the_ones_that_the_interface_names():
    assert importlib.import_module("whyfit.splits") is whyfit.splits
    inside = importlib.import_module("whyfit.data.splits")
    assert whyfit.splits.__all__ == inside.__all__
    assert all(getattr(whyfit.splits, name) is getattr(inside, name) for name in inside.__all__)
    assert callable(whyfit.report.schema)
