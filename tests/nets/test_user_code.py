import sys

import pytest

from whyfit.errors import NetworkError
from whyfit.nets.reference import network_file
from whyfit.nets.user_code import call, function_of


@pytest.fixture
def made(tmp_path):
    """Writes a file with some code and gives the reference to its `make`."""

    def write(code, name="net.py"):
        (tmp_path / name).write_text(code)
        return network_file(f"{tmp_path / name}:make")

    return write


@pytest.mark.parametrize(
    ("signature", "body", "expected"),
    [
        ("", "()", ()),
        ("inputs, outputs", "(inputs, outputs)", (64, 10)),
        ("n_in, n_out", "(n_in, n_out)", (64, 10)),
        ("hidden=5, depth=2", "(hidden, depth)", (5, 2)),
        ("inputs=1, outputs=2", "(inputs, outputs)", (64, 10)),
        ("*, inputs, outputs, hidden=3", "(inputs, outputs, hidden)", (64, 10, 3)),
        ("outputs, inputs", "(inputs, outputs)", (64, 10)),
    ],
)
def test_a_function_gets_what_its_signature_asks_for(made, signature, body, expected):
    """Defaults are the user's own choice, so they stay, unless the parameters are named after the sizes."""
    function = function_of(made(f"def make({signature}): return {body}"))
    assert call(function, 64, 10) == expected


def test_a_class_and_a_partial_are_functions_too(made):
    assert call(function_of(made("class make:\n    x = 3")), 64, 10).x == 3
    assert call(function_of(made("import functools\nmake = functools.partial(dict, a=1)", "p.py")), 64, 10) == {"a": 1}


@pytest.mark.parametrize("signature", ["a", "a, b, c", "*, a, b"])
def test_a_signature_that_asks_for_something_else_is_refused(made, signature):
    with pytest.raises(NetworkError, match="must take no argument, or the input and output sizes, and it asks for: a"):
        call(function_of(made(f"def make({signature}): ...")), 64, 10)


def test_the_file_s_folder_is_importable_while_it_is_loaded_and_called_and_not_afterwards(made, tmp_path):
    (tmp_path / "beside_it_xyz.py").write_text("x = 7")
    (tmp_path / "later_xyz.py").write_text("y = 8")
    reference = made("import beside_it_xyz\ndef make():\n    import later_xyz\n    return beside_it_xyz.x, later_xyz.y")
    before = list(sys.path)
    assert call(function_of(reference), 1, 1) == (7, 8)
    assert sys.path == before


def test_a_file_is_executed_once(made, tmp_path):
    count = tmp_path / "count"
    code = f"with open({str(count)!r}, 'a') as file:\n    file.write('x')\ndef make(): ..."
    reference = made(code)
    assert function_of(reference) is function_of(reference)
    assert count.read_text() == "x"


def test_the_private_name_lets_dataclasses_and_pickle_find_their_module(made):
    code = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass make:\n    x: int = 1"
    )
    assert call(function_of(made(code)), 1, 1).x == 1


def test_an_error_while_loading_is_said_with_its_line(made, tmp_path):
    with pytest.raises(
        NetworkError, match=r"net\.py:2: loading it raised ModuleNotFoundError: No module named 'nonesuch'"
    ):
        function_of(made("x = 1\nimport nonesuch"))


def test_a_syntax_error_is_said_with_its_line(made):
    with pytest.raises(NetworkError, match=r"net\.py:2: loading it raised SyntaxError"):
        function_of(made("x = 1\ndef make(:\n"))


def test_a_script_that_exits_while_loading_is_told_of_its_guard(made):
    with pytest.raises(NetworkError, match="under `if __name__ == '__main__':`"):
        function_of(made("import sys\nsys.exit(3)"))


def test_an_error_in_a_file_imported_beside_it_is_said_with_that_file(made, tmp_path):
    (tmp_path / "broken_xyz.py").write_text("\n\n1 / 0")
    with pytest.raises(
        NetworkError,
        match=r"broken_xyz\.py:3: loading it raised ZeroDivisionError: division by zero\. Mend it there\.$",
    ):
        function_of(made("import broken_xyz"))


def test_an_error_in_the_function_is_said_with_its_line(made):
    with pytest.raises(
        NetworkError, match=r"net\.py:2: making the network raised ValueError: too deep\. Mend it there\."
    ):
        call(function_of(made("def make():\n    raise ValueError('too deep.')\n")), 1, 1)


def test_a_missing_function_is_said_with_those_that_are_there(made):
    with pytest.raises(NetworkError, match=r"there is no function 'make' in it\. It has: build, other"):
        function_of(made("def build(): ...\ndef other(): ...\nx = 3"))


def test_a_file_that_changed_since_the_plan_is_refused(made, tmp_path):
    """Another content is another network: a study must not go on with it unseen."""
    reference = made("def make(): return 1")
    (tmp_path / "net.py").write_text("def make(): return 2")
    with pytest.raises(NetworkError, match="its content is not what it was when the study was planned"):
        function_of(reference)
