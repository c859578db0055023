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
    "sys.exit(3)": 3,
    "os._exit(4)": 4,
    "raise KeyboardInterrupt": 128 + 2,
    "bytearray(1 << 60)": 1,  # no machine has so much: a MemoryError as the system gives it
    "os.kill(os.getpid(), signal.SIGKILL)": 128 + 9,  # as the kernel ends what takes too much memory
}
NEVER_TRAINS = """
import torch
print(torch.nn.Linear(2, 1)(torch.ones(1, 2)).shape)
"""
HABITS = """
import multiprocessing, os, pickle, sys
os.environ["OMP_NUM_THREADS"] = "1"  # read while torch is imported
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 3)

    def forward(self, x):
        return self.body(x)

def work(seed):
    torch.manual_seed(seed)
    model = nn.Linear(4, 3)
    nn.functional.cross_entropy(model(torch.randn(8, 4)), torch.zeros(8, dtype=torch.long)).backward()
    return float(model.weight.grad.sum())

if __name__ == "__main__":
    print(torch.get_num_threads())
    torch.manual_seed(0)
    x, y, model = torch.randn(64, 4), torch.randint(0, 3, (64,)), Net()
    rule = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(30):
        rule.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        rule.step()
        if step == 15 and os.fork() == 0:
            print("forked", work(1), flush=True)
            os._exit(0)
    os.wait()
    print("spawned", multiprocessing.get_context("spawn").Pool(1).map(work, [2]), flush=True)
    again = pickle.loads(pickle.dumps(model))
    torch.save(model, sys.argv[1])
    loaded = torch.load(sys.argv[1], weights_only=False)
    print(type(again).__module__, all(torch.equal(a, b) for a, b in zip(again.parameters(), loaded.parameters())))
    print(loss.item(), model.body.weight.sum().item(), os.path.getsize(sys.argv[1]))
"""


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


def test_a_script_that_forks_spawns_and_pickles_its_own_classes_prints_the_same_watched(tmp_path, capfd):
    """Its threads, too, are those that it asked for before it imported torch."""
    path = tmp_path / "habits.py"
    path.write_text(HABITS, encoding="utf-8")
    given = [str(path), str(tmp_path / "net.pt")]
    bare = subprocess.run([sys.executable, *given], capture_output=True, text=True, check=True).stdout
    report, code = watch_script(given)
    assert (code, capfd.readouterr().out) == (0, bare)
    assert bare.startswith("1\nforked ")
    assert (report.provenance["ended"], report.provenance["steps"]) == ("whole", 30)


def test_a_script_that_never_trains_says_so(tmp_path, capfd):
    path = tmp_path / "never.py"
    path.write_text(NEVER_TRAINS, encoding="utf-8")
    report, code = watch_script([str(path)])
    assert (code, capfd.readouterr().out) == (0, "torch.Size([1, 1])\n")
    assert {answer.why_code for answer in report.answers.values()} == {"never_trained"}


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
