"""The door: a script watched in a process of its own ends as it would have ended, and a report is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from whyfit.doors.watch_door import WatchOptions, command_of, watch_script
from whyfit.errors import ArgumentError

TRAIN = """
import hashlib, os, signal, sys
import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn(64, 4), torch.randint(0, 3, (64,))
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), nn.Softmax(dim=1))
rule = torch.optim.Adam(model.parameters())
for _ in range(40):
    rule.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    rule.step()
print(hashlib.sha256(model[0].weight.detach().numpy().tobytes()).hexdigest(), sys.argv[1:])
print("PYTHONPATH" in os.environ, [name for name in os.environ if "whyfit" in name.lower()])
print([type(finder).__name__ for finder in sys.meta_path])
print(getattr(sys.modules.get("sitecustomize"), "STANDS", None))
sys.stdout.flush()
"""
ENDS = {
    "{}['gone']": 1,
    "os.kill(os.getpid(), signal.SIGKILL)": 128 + 9,
}


@pytest.fixture
def script(tmp_path):
    def write(end=""):
        path = tmp_path / "train.py"
        path.write_text(TRAIN + end + "\n", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("end", ENDS)
def test_however_a_script_ends_its_code_is_kept_and_a_report_is_there(script, capfd, end):
    report, code = watch_script([str(script(end))])
    assert code == ENDS[end]
    assert report.findings[0].code == "activations.softmax_twice"
    capfd.readouterr()


def test_a_script_prints_the_same_watched_and_an_existing_sitecustomize_still_runs(
    script, tmp_path, capfd, monkeypatch
):
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("STANDS = True\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(own))
    path = script()
    bare = subprocess.run([sys.executable, path, "a", "b"], capture_output=True, text=True, check=True).stdout
    _, code = watch_script([str(path), "a", "b"])
    watched = capfd.readouterr().out
    assert code == 0
    assert watched == bare
    assert "True\n" in bare
    assert os.environ["PYTHONPATH"] == str(own)


def test_a_script_without_torch_says_that_nothing_was_seen(tmp_path, capfd):
    path = tmp_path / "plain.py"
    path.write_text("print(1)\n", encoding="utf-8")
    report, code = watch_script([str(path)])
    assert (code, capfd.readouterr().out) == (0, "1\n")
    assert {answer.why_code for answer in report.answers.values()} == {"no_torch"}


def test_what_cannot_be_run_is_said():
    for arguments, said in (
        ([], "needs a script"),
        (["gone.py"], "no file gone.py"),
        (["--", "/gone/x"], "cannot be run"),
    ):
        with pytest.raises(ArgumentError, match=said):
            watch_script(arguments)
    with pytest.raises(ArgumentError, match="overhead"):
        watch_script(["--", "true"], WatchOptions(overhead=3.0))


def test_a_module_and_a_command_are_run_as_python_would():
    assert command_of(["-m", "train", "--fast"]) == [sys.executable, "-m", "train", "--fast"]
    assert command_of(["--", "torchrun", "train.py"]) == ["torchrun", "train.py"]
    assert Path(command_of([__file__])[0]).name.startswith("python")
