import pytest

from whyfit.errors import NetworkError
from whyfit.evidence.network import NetworkInProcess
from whyfit.nets.registry import is_registered, register, registered


def test_the_same_function_has_the_same_name_and_others_have_others():
    def make(): ...

    def other(): ...

    assert register(make) == register(make) != register(other)
    assert registered(register(make)) is make


def test_functions_of_one_name_are_told_apart():
    """Two lambdas share their qualified name; their outcomes must never be taken for one another's."""
    first, second = (lambda: 1), (lambda: 2)
    assert register(first) != register(second)
    assert (registered(register(first))(), registered(register(second))()) == (1, 2)


def test_a_function_of_another_process_is_said_with_what_to_do():
    foreign = NetworkInProcess("make#99999")
    assert not is_registered(foreign)
    with pytest.raises(NetworkError, match=r"belongs to another process\. Put it into a file"):
        registered(foreign)
