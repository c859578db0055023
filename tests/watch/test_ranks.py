"""Several processes of one training: what one rank alone shows is said of it, and torchrun's ranks end as unwatched."""

import subprocess
import sys
from dataclasses import replace

from torch import nn

from watch.planted import classes, fit, net, observed
from whyfit.doors.watch_door import WatchOptions, watch_script
from whyfit.doors.watch_ranks import judged, ranks_of

SCRIPT = """
import atexit, hashlib, os, sys
import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel
torch.set_num_threads(1)
distributed.init_process_group("gloo")
rank = distributed.get_rank()
torch.manual_seed(0)
model = DistributedDataParallel(nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3)))
rule = torch.optim.SGD(model.parameters(), lr=0.3)
torch.manual_seed(rank)
x = torch.randn(256, 4)
y = x[:, :3].argmax(1)
for step in range(40):
    rows = torch.randint(0, 256, (32,))
    rule.zero_grad()
    nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
    rule.step()
weights = b"".join(p.detach().numpy().tobytes() for p in model.parameters())
line = f"{rank} {hashlib.sha256(weights).hexdigest()}"
lines = [None, None]
distributed.all_gather_object(lines, line)
if rank == 0:
    print(lines, flush=True)
distributed.barrier()
distributed.destroy_process_group()
atexit._run_exitfuncs()
os._exit(0)
"""
"""Left at once: in torch's own end of a gloo process a thread aborts it now and then, watched or not."""


def healthy(rank):
    return replace(observed(lambda: fit(net(), classes())), rank=rank)


def faulty(rank):
    return replace(observed(lambda: fit(net(last=nn.Softmax(1)), classes())), rank=rank)


def test_a_fault_of_one_rank_names_it_and_one_of_all_ranks_names_none():
    alone = judged([healthy(0), faulty(1)])[1]
    assert (alone[0].code, alone[0].where.rank) == ("activations.softmax_twice", 1)
    assert "activations.head_sound" not in [one.code for one in alone]
    both = judged([faulty(0), faulty(1)])[1]
    assert both[0].code == "activations.softmax_twice"
    assert both[0].where.rank is None
    assert [one.code for one in both].count("activations.softmax_twice") == 1


def test_processes_without_a_rank_are_not_of_the_training():
    one, other = healthy(None), faulty(None)
    assert ranks_of([one, other]) == {}
    assert [found for found in judged([one, other])[1] if found.severity.rank >= 2] == []


def test_two_ranks_under_torchrun_end_with_the_same_bits_and_one_report(tmp_path, capfd):
    script = tmp_path / "train.py"
    script.write_text(SCRIPT, encoding="utf-8")
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", str(script)]
    bare = [subprocess.run(launch, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    report, code = watch_script(["--", *launch], WatchOptions(overhead=0.5))
    assert bare[0] == bare[1]
    assert (code, capfd.readouterr().out) == (0, bare[0])
    assert report.provenance["ranks"] == [0, 1]
    assert report.provenance["steps"] == 40
    assert "observer" not in report.provenance
    assert [found.code for found in report.findings if found.severity.rank >= 2] == []
