import hashlib
from pathlib import Path

import pytest

from whyfit.errors import NetworkError
from whyfit.nets.reference import network_file


def test_a_reference_holds_the_absolute_path_and_the_digest_of_the_content(tmp_path, monkeypatch):
    (tmp_path / "net.py").write_text("def make(): ...")
    monkeypatch.chdir(tmp_path)
    reference = network_file("net.py:make")
    assert Path(reference.path) == (tmp_path / "net.py").resolve()
    assert reference.function == "make"
    assert reference.sha256 == hashlib.sha256(b"def make(): ...").hexdigest()


def test_nothing_of_the_file_is_executed(tmp_path):
    (tmp_path / "net.py").write_text("raise RuntimeError('executed')")
    assert network_file(f"{tmp_path / 'net.py'}:make").function == "make"


def test_a_moved_file_is_the_same_network(tmp_path):
    references = []
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "net.py").write_text("def make(): ...")
        references.append(network_file(f"{tmp_path / folder / 'net.py'}:make"))
    assert references[0].plain() == references[1].plain()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("net.py", r"model: no function is named in 'net\.py'\. Give it as FILE\.py:FUNCTION"),
        (":make", r"no function is named in ':make'"),
        ("net.py:", r"'' is no name of a function"),
        ("net.py:make net", r"'make net' is no name of a function"),
        ("net.txt:make", r"'net\.txt' is not a Python file"),
        ("absent.py:make", r"there is no file 'absent\.py'\. Check the path\."),
    ],
)
def test_what_cannot_be_meant_is_said_with_the_form(text, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NetworkError, match=message):
        network_file(text)


def test_a_folder_of_that_name_is_said(tmp_path):
    (tmp_path / "net.py").mkdir()
    with pytest.raises(NetworkError, match="cannot be read"):
        network_file(f"{tmp_path / 'net.py'}:make")
