"""`whyfit explain` as a shell sees it."""

import subprocess
import sys

import pytest

from whyfit.doors.explain_door import run_explain


def whyfit(*arguments, **options):
    command = [sys.executable, "-m", "whyfit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", **options)


def test_the_derivation_that_was_asked_for_is_printed():
    done = whyfit("explain", "backprop", "--layers", "2,3,1", "--activation", "relu", "--loss", "mse")
    assert done.returncode == 0, done.stderr
    assert "∂L/∂W₁ = δ₁xᵀ" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["backprob"], "Did you mean 'backprop'"),
        (["dropout", "--layers", "2,3"], "has no effect"),
        (["dropout", "--rate", "much"], "--rate"),
        (["dropout", "--html", "/no/such/folder/x.html"], "`--html` cannot be written"),
    ],
)
def test_what_cannot_be_used_is_one_message_and_exit_code_2(arguments, message):
    done = whyfit("explain", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_pages_are_written_where_they_were_asked_for(tmp_path, capsys):
    page, document = tmp_path / "d.html", tmp_path / "d.tex"
    assert run_explain("dropout", {}, html=page, latex=document, language="zh") == 0
    assert "随机" in page.read_text(encoding="utf-8") or "掩码" in page.read_text(encoding="utf-8")
    assert r"\begin{document}" in document.read_text(encoding="utf-8")
    assert capsys.readouterr().err.count("已写入") == 2


def test_a_check_that_does_not_hold_is_exit_code_1(monkeypatch):
    from whyfit.explain import batchnorm

    monkeypatch.setattr(batchnorm, "SPREADS", -1.0)
    assert run_explain("batchnorm", {}, html=None, latex=None, language="en") == 1
