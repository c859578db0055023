"""Scripts in the styles that a watcher trips over: how they start, what they do with the network, how they end."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from manifest import programs

START = """
import hashlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(3)
@threads@
x, y = torch.randn(256, 8), torch.randint(0, 3, (256,))


def digest(tensors):
    return hashlib.sha256(b"".join(t.detach().float().numpy().tobytes() for t in tensors)).hexdigest()


def train(model, steps=60, rule=None):
    rule = rule or torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(steps):
        rows = torch.randint(0, 256, (32,))
        rule.zero_grad()
        loss = F.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        rule.step()
    print("loss", loss.item())
    return model


def net(*more):
    return nn.Sequential(nn.Linear(8, 32), nn.ReLU(), *more, nn.Linear(32, 3))


"""

ENDINGS = {
    "threads_before_import": "import os\nos.environ['OMP_NUM_THREADS'] = '1'\n" + START
    + "print(torch.get_num_threads(), digest(train(net()).parameters()))\n",
    "whole_network_saved": START + "import io\nfile = io.BytesIO()\ntorch.save(train(net()), file)\n"
    "print(hashlib.sha256(file.getvalue()).hexdigest(), len(file.getvalue()))\n",
    "pickled_by_class": START + "import pickle\n\nclass Own(nn.Sequential):\n    pass\n\n"
    "model = train(Own(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3)))\n"
    "print(hashlib.sha256(pickle.dumps(model)).hexdigest(), sorted(vars(model)))\n",
    "deep_copies": START + "import copy\nmodel = train(net(nn.Dropout(0.2)))\nother = copy.deepcopy(model)\n"
    "train(other)\nprint(digest(model.parameters()), digest(other.parameters()), digest(train(model).parameters()))\n",
    "averaged": START + "model = net()\naverage = torch.optim.swa_utils.AveragedModel(model)\nfor _ in range(5):\n"
    "    train(model, 10)\n    average.update_parameters(model)\nprint(digest(average.parameters()))\n",
    "in_place": START + "print(digest(train(nn.Sequential(nn.Linear(8, 16), nn.ReLU(inplace=True), nn.Linear(16, 16),"
    " nn.ELU(inplace=True), nn.Dropout(0.1, inplace=True), nn.Linear(16, 3))).parameters()))\n",
    "second_moments": START + "model = net()\nrule = torch.optim.LBFGS(model.parameters())\n\ndef closure():\n"
    "    rule.zero_grad()\n    loss = F.cross_entropy(model(x), y)\n    loss.backward()\n    return loss\n\n"
    "for _ in range(5):\n    print(rule.step(closure).item())\nprint(digest(model.parameters()))\n",
    "gradient_penalty": START + "model = net()\nrule = torch.optim.SGD(model.parameters(), lr=0.05)\nfor _ in range(40):\n"
    "    rows = x[torch.randint(0, 256, (32,))].requires_grad_()\n    out = model(rows).sum()\n"
    "    (slope,) = torch.autograd.grad(out, rows, create_graph=True)\n    loss = (slope.norm(dim=1) - 1).pow(2).mean()\n"
    "    rule.zero_grad()\n    loss.backward()\n    rule.step()\nprint(loss.item(), digest(model.parameters()))\n",
    "checkpointed": START + "from torch.utils.checkpoint import checkpoint\n\nclass Thrifty(nn.Module):\n"
    "    def __init__(self):\n        super().__init__()\n        self.a, self.b = net(nn.Dropout(0.3)), nn.Linear(3, 3)\n\n"
    "    def forward(self, x):\n        return self.b(checkpoint(self.a, x, use_reentrant=False))\n\n"
    "print(digest(train(Thrifty()).parameters()))\n",
    "attention_fast_path": START + "layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)\n"
    "model = nn.Sequential(nn.TransformerEncoder(layer, 2), nn.Flatten(), nn.Linear(32, 3))\nx = torch.randn(256, 4, 8)\n"
    "for _ in range(4):\n    train(model.train(), 8)\n    model.eval()\n    with torch.inference_mode():\n"
    "        print(hashlib.sha256(model(x).numpy().tobytes()).hexdigest())\n",
    "scripted": START + "class Loss(nn.Module):\n    def forward(self, a, b):\n        return F.cross_entropy(a, b)\n\n"
    "model, loss_of = torch.jit.script(net()), torch.jit.script(Loss())\nrule = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "for _ in range(30):\n    rule.zero_grad()\n    loss = loss_of(model(x), y)\n    loss.backward()\n    rule.step()\n"
    "print(loss.item(), digest(model.parameters()))\n",
    "workers": START + "from torch.utils.data import DataLoader, TensorDataset\n\nif __name__ == '__main__':\n    model = net()\n"
    "    rule = torch.optim.Adam(model.parameters())\n    for a, b in DataLoader(TensorDataset(x, y), 32, True, num_workers=2):\n"
    "        rule.zero_grad()\n        F.cross_entropy(model(a), b).backward()\n        rule.step()\n"
    "    print(digest(model.parameters()))\n",
    "forks": START + "import os\nmodel = train(net())\nsys.stdout.flush()\nchild = os.fork()\nif child == 0:\n"
    "    train(model, 5)\n    sys.stdout.flush()\n    os._exit(0)\nos.waitpid(child, 0)\nprint(digest(train(model).parameters()))\n",
    "spawns": START + "import os, subprocess\ntrain(net())\nsys.stdout.flush()\n"
    "subprocess.run([sys.executable, '-c', 'import os, torch; print(os.environ.get(\"PYTHONPATH\"),"
    " torch.autograd._engine_run_backward.__module__)'])\nprint('PYTHONPATH' in os.environ, any('whyfit' in k.lower() for k in os.environ))\n",
    "exits_with_three": START + "train(net())\nsys.exit(3)\n",
    "leaves_at_once": START + "import os\ntrain(net())\nsys.stdout.flush()\nos._exit(5)\n",
    "crashes": START + "train(net())\nprint({}['gone'])\n",
    "killed": START + "import os, signal\ntrain(net())\nsys.stdout.flush()\nos.kill(os.getpid(), signal.SIGKILL)\n",
    "interrupted": START + "import os, signal\ntrain(net())\nsys.stdout.flush()\nos.kill(os.getpid(), signal.SIGINT)\n",
    "never_trains": START + "print(digest(net().parameters()))\n",
    "without_torch": "print(sum(range(10)))\n",
    "asks_who_stands_here": START + "train(net())\nprint(sys.meta_path[0].__class__, sys.path[0] == '', 'sitecustomize' in sys.modules and"
    " sys.modules['sitecustomize'].__file__.count('whyfit'), F.cross_entropy.__name__, F.cross_entropy.__module__)\n",
    "own_patches": START + "before = F.cross_entropy\nF.cross_entropy = lambda *a, **k: before(*a, **k) * 1.0\ntrain(net())\n"
    "F.cross_entropy = before\nprint(digest(train(net()).parameters()))\n",
    "random_after": START + "import random\nimport numpy as np\ntrain(net())\nprint(torch.rand(1).item(), random.random(), np.random.rand())\n",
    "two_threads_train": START + "import threading\ntorch.set_num_threads(1)\nmodels = [net(), net()]\n\ndef work(model):\n"
    "    rule = torch.optim.SGD(model.parameters(), lr=0.1)\n    for _ in range(30):\n        rule.zero_grad()\n"
    "        F.cross_entropy(model(x), y).backward()\n        rule.step()\n\n"
    "threads = [threading.Thread(target=work, args=(m,)) for m in models]\n[t.start() for t in threads]\n[t.join() for t in threads]\n"
    "print([digest(m.parameters()) for m in models])\n",
}  # fmt: skip
"""Name to text. `asks_who_stands_here` and `spawns` look for what a watcher may leave; see `trace.py` for what they may find."""

OWN_THREADS = "threads_before_import"
"""The script that sets its threads before it imports torch; the others set one, or a busy machine makes them crawl."""

ORDINARY = (
    "awkward-bfloat16_autocast", "awkward-adversaries", "awkward-two_optimizers", "awkward-tied_weights",
    "awkward-gradients_by_hand", "awkward-sparse_table", "awkward-updated_norm", "awkward-policy", "healthy-loader-sequences-5",
)  # fmt: skip
"""Programs of the benchmark that belong here too."""


def styles() -> dict[str, str]:
    """All scripts."""
    ordinary = {program.name: program.source for program in programs() if program.name in ORDINARY}
    one = "torch.set_num_threads(1)"
    endings = {name: text.replace("@threads@", "" if name == OWN_THREADS else one) for name, text in ENDINGS.items()}
    return endings | ordinary
