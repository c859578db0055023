"""The second set's awkward healthy programs whose loops have a shape of their own, written out whole."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from loops import TAIL
from second_data import SECOND
from second_styles import HEAD

VALUES = """
size = 7
model = nn.Sequential(nn.Linear(size, 32), nn.ReLU(), nn.Linear(32, 2))
behind = copy.deepcopy(model)
rule = torch.optim.Adam(model.parameters(), lr=5e-3)
memory, place = [], 3
for step in range(700):
    state = F.one_hot(torch.tensor(place), size).float()
    explore = torch.rand(1).item() < max(0.2, 1 - step / 300)
    with torch.no_grad():
        move = int(torch.randint(0, 2, (1,))) if explore else int(model(state).argmax())
    place = min(max(place + 2 * move - 1, 0), size - 1)
    memory.append((state, move, float(place == size - 1), F.one_hot(torch.tensor(place), size).float()))
    place = 3 if place == size - 1 else place
    if len(memory) >= 64:
        drawn = [memory[i] for i in torch.randint(0, len(memory), (32,))]
        states, nexts = torch.stack([d[0] for d in drawn]), torch.stack([d[3] for d in drawn])
        moves, gains = torch.tensor([d[1] for d in drawn]), torch.tensor([d[2] for d in drawn])
        with torch.no_grad():
            goal = gains + 0.9 * behind(nexts).amax(1) * (1 - gains)
        loss = F.smooth_l1_loss(model(states).gather(1, moves[:, None])[:, 0], goal)
        rule.zero_grad()
        loss.backward()
        rule.step()
    if step % 50 == 0:
        behind.load_state_dict(model.state_dict())
with torch.no_grad():
    score = (model(torch.eye(size)[:-1]).argmax(1) == 1).float().mean().item()
"""

DENOISER = """
data = torch.cat([torch.randn(700, 2) * 0.2 + 1, torch.randn(700, 2) * 0.2 - 1])
keep = torch.linspace(0.999, 0.95, 30).cumprod(0)
model = nn.Sequential(nn.Linear(3, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 2))
rule = torch.optim.AdamW(model.parameters(), lr=3e-3)
for step in range(500):
    rows = data[torch.randint(0, len(data), (64,))]
    time = torch.randint(0, 30, (64,))
    noise, left = torch.randn_like(rows), keep[time][:, None]
    dirty = left.sqrt() * rows + (1 - left).sqrt() * noise
    loss = F.mse_loss(model(torch.cat([dirty, time[:, None] / 30], 1)), noise)
    rule.zero_grad()
    loss.backward()
    rule.step()
score = 1 - loss.item()
"""

FLOW = """
class Coupling(nn.Module):
    def __init__(self, turned):
        super().__init__()
        self.turned = turned
        self.net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 2))
        nn.init.zeros_(self.net[2].weight)

    def forward(self, x):
        a, b = x.flip(1).chunk(2, 1) if self.turned else x.chunk(2, 1)
        scale, shift = self.net(a).chunk(2, 1)
        scale = torch.tanh(scale)
        return torch.cat([a, b * scale.exp() + shift], 1), scale[:, 0]


bend = torch.randn(1200, 1)
data = torch.cat([bend, 0.6 * bend**2 + 0.3 * torch.randn(1200, 1)], 1)
model = nn.ModuleList([Coupling(i % 2 == 1) for i in range(4)])
rule = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(15):
    for rows in data[torch.randperm(len(data))].split(60):
        total = torch.zeros(len(rows))
        for layer in model:
            rows, more = layer(rows)
            total = total + more
        loss = (0.5 * rows.pow(2).sum(1) - total).mean()
        rule.zero_grad()
        loss.backward()
        rule.step()
score = -loss.item()
"""

TRIPLETS = """
model = nn.Sequential(nn.Linear(inputs, 48), nn.ReLU(), nn.Linear(48, 8))
rule = torch.optim.Adam(model.parameters(), lr=3e-3)
by_class = [torch.nonzero(y_train == c)[:, 0] for c in range(outputs)]
for step in range(350):
    c = torch.randint(0, outputs, (32,))
    d = (c + torch.randint(1, outputs, (32,))) % outputs
    pick = lambda classes: torch.stack([by_class[k][torch.randint(0, len(by_class[k]), (1,))[0]] for k in classes])
    a, p, n = (model(x_train[pick(k)]) for k in (c, c, d))
    loss = F.triplet_margin_loss(a, p, n, margin=0.5)
    rule.zero_grad()
    loss.backward()
    rule.step()
model.eval()
with torch.no_grad():
    near = torch.cdist(model(x_test), model(x_train)).argmin(1)
    score = (y_train[near] == y_test).float().mean().item()
"""

EXPERTS = """
class Experts(nn.Module):
    def __init__(self, count=4):
        super().__init__()
        self.gate = nn.Linear(inputs, count)
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(inputs, 24), nn.ReLU(), nn.Linear(24, outputs)) for _ in range(count)])

    def forward(self, x):
        shares = self.gate(x).softmax(1)
        best, which = shares.topk(2, dim=1)
        chosen = torch.zeros_like(shares).scatter(1, which, best)
        return sum(chosen[:, i : i + 1] * expert(x) for i, expert in enumerate(self.experts))


model = Experts()
rule = torch.optim.Adam(model.parameters(), lr=6e-3)
for epoch in range(20):
    for rows in torch.randperm(len(x_train)).split(32):
        loss = F.mse_loss(model(x_train[rows]), y_train[rows])
        rule.zero_grad()
        loss.backward()
        rule.step()
with torch.no_grad():
    score = 1 - F.mse_loss(model(x_test), y_test).item() / y_test.var().item()
"""

DISTILLED = """
def fit(net, loss_of, epochs):
    rule = torch.optim.Adam(net.parameters(), lr=4e-3)
    for epoch in range(epochs):
        net.train()
        for rows in torch.randperm(len(x_train)).split(32):
            loss = loss_of(net(x_train[rows]), rows)
            rule.zero_grad()
            loss.backward()
            rule.step()
    net.eval()


teacher = nn.Sequential(nn.Linear(inputs, 96), nn.ReLU(), nn.Linear(96, outputs))
fit(teacher, lambda out, rows: F.cross_entropy(out, y_train[rows]), 12)
with torch.no_grad():
    soft = (teacher(x_train) / 2).softmax(1)
model = nn.Sequential(nn.Linear(inputs, 24), nn.ReLU(), nn.Linear(24, outputs))
fit(model, lambda out, rows: F.kl_div((out / 2).log_softmax(1), soft[rows], reduction="batchmean") * 4, 12)
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

CROWD = """
members = []
for number in range(3):
    model = nn.Sequential(nn.Linear(inputs, 24), nn.Tanh(), nn.Linear(24, outputs))
    rule = torch.optim.Adam(model.parameters(), lr=8e-3)
    drawn = torch.randint(0, len(x_train), (len(x_train),))
    for epoch in range(15):
        for rows in drawn[torch.randperm(len(drawn))].split(32):
            loss = F.mse_loss(model(x_train[rows]), y_train[rows])
            rule.zero_grad()
            loss.backward()
            rule.step()
    members.append(model.eval())
with torch.no_grad():
    mean = torch.stack([one(x_test) for one in members]).mean(0)
    score = 1 - F.mse_loss(mean, y_test).item() / y_test.var().item()
"""

PHYSICS = """
model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
rule = torch.optim.Adam(model.parameters(), lr=4e-3)
for step in range(700):
    t = (3 * torch.rand(64, 1)).requires_grad_()
    u = model(t)
    (slope,) = torch.autograd.grad(u.sum(), t, create_graph=True)
    start = model(torch.zeros(1, 1))
    loss = (slope + u).pow(2).mean() + 5 * (start - 1).pow(2).mean()
    rule.zero_grad()
    loss.backward()
    rule.step()
with torch.no_grad():
    t = torch.linspace(0, 3, 50)[:, None]
    score = 1 - (model(t) - torch.exp(-t)).abs().max().item()
"""

MOMENTUM = """
model = nn.Sequential(nn.Linear(inputs, 48), nn.ReLU(), nn.Linear(48, outputs))
speed = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
for epoch in range(20):
    for rows in torch.randperm(len(x_train)).split(32):
        loss = F.cross_entropy(model(x_train[rows]), y_train[rows])
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for name, p in model.named_parameters():
                speed[name].mul_(0.9).add_(p.grad)
                p.sub_(0.03 * speed[name])
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

PRIVATE = """
model = nn.Sequential(nn.Linear(inputs, 32), nn.Tanh(), nn.Linear(32, outputs))
rule = torch.optim.SGD(model.parameters(), lr=1.0)


def one(parameters, x, y):
    return F.cross_entropy(torch.func.functional_call(model, parameters, (x[None],)), y[None])


each = torch.func.vmap(torch.func.grad(one), in_dims=(None, 0, 0))
for step in range(900):
    rows = torch.randint(0, len(x_train), (64,))
    grads = each({k: p.detach() for k, p in model.named_parameters()}, x_train[rows], y_train[rows])
    size = sum(g.flatten(1).pow(2).sum(1) for g in grads.values()).sqrt()
    share = (1.0 / (size + 1e-6)).clamp(max=1.0)
    for name, p in model.named_parameters():
        clipped = (grads[name] * share.view(-1, *[1] * (p.dim()))).mean(0)
        p.grad = clipped + 0.004 * torch.randn_like(p)
    rule.step()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

RESUMED = """
import io


def make():
    net = nn.Sequential(nn.Linear(inputs, 48), nn.ReLU(), nn.Linear(48, outputs))
    return net, torch.optim.Adam(net.parameters(), lr=4e-3)


def epochs(net, rule, count):
    for _ in range(count):
        for rows in torch.randperm(len(x_train)).split(32):
            rule.zero_grad()
            F.mse_loss(net(x_train[rows]), y_train[rows]).backward()
            rule.step()


model, rule = make()
epochs(model, rule, 10)
saved = io.BytesIO()
torch.save({"net": model.state_dict(), "rule": rule.state_dict()}, saved)
saved.seek(0)
model, rule = make()
state = torch.load(saved)
model.load_state_dict(state["net"])
rule.load_state_dict(state["rule"])
epochs(model, rule, 10)
with torch.no_grad():
    score = 1 - F.mse_loss(model(x_test), y_test).item() / y_test.var().item()
"""

PATIENT = """
held = len(x_train) // 5
x_stop, y_stop, x_fit, y_fit = x_train[:held], y_train[:held], x_train[held:], y_train[held:]
model = nn.Sequential(nn.Linear(inputs, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, outputs))
rule = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
best, kept, waited = float("inf"), None, 0
for epoch in range(60):
    model.train()
    for rows in torch.randperm(len(x_fit)).split(32):
        rule.zero_grad()
        F.binary_cross_entropy_with_logits(model(x_fit[rows]), y_fit[rows]).backward()
        rule.step()
    model.eval()
    with torch.no_grad():
        now = F.binary_cross_entropy_with_logits(model(x_stop), y_stop).item()
    if now < best:
        best, kept, waited = now, copy.deepcopy(model.state_dict()), 0
    else:
        waited += 1
    if waited == 3:
        break
model.load_state_dict(kept)
with torch.no_grad():
    score = ((model(x_test) > 0) == (y_test > 0.5)).float().mean().item()
"""

COUNTS = """
rate = (0.8 * x_train[:, :1] + 0.5).exp(), (0.8 * x_test[:, :1] + 0.5).exp()
y_train, y_test = (torch.poisson(r.clamp(max=40)) for r in rate)
model = nn.Sequential(nn.Linear(inputs, 24), nn.ReLU(), nn.Linear(24, 1))
rule = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(12):
    for rows in torch.randperm(len(x_train)).split(32):
        loss = F.poisson_nll_loss(model(x_train[rows]), y_train[rows])
        rule.zero_grad()
        loss.backward()
        rule.step()
with torch.no_grad():
    score = torch.corrcoef(torch.stack([model(x_test).exp()[:, 0], rate[1][:, 0]]))[0, 1].item()
"""

BANDS = """
levels = torch.tensor([0.1, 0.5, 0.9])
model = nn.Sequential(nn.Linear(inputs, 48), nn.ReLU(), nn.Linear(48, 3))
rule = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(20):
    for rows in torch.randperm(len(x_train)).split(32):
        left = y_train[rows] - model(x_train[rows])
        loss = torch.maximum(levels * left, (levels - 1) * left).mean()
        rule.zero_grad()
        loss.backward()
        rule.step()
with torch.no_grad():
    score = 1 - F.mse_loss(model(x_test)[:, 1:2], y_test).item() / y_test.var().item()
"""

MASKED = """
class Guess(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.embed = nn.Embedding(inputs + 1, width)
        self.read = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * width, inputs)

    def forward(self, x):
        return self.head(self.read(self.embed(x))[0])


model = Guess()
rule = torch.optim.AdamW(model.parameters(), lr=6e-3)
for epoch in range(10):
    for rows in torch.randperm(len(x_train)).split(50):
        clean = x_train[rows]
        hidden = torch.rand(clean.shape) < 0.2
        out = model(clean.masked_fill(hidden, inputs))
        loss = F.cross_entropy(out.flatten(0, 1), clean.masked_fill(~hidden, -100).flatten(), ignore_index=-100)
        rule.zero_grad()
        loss.backward()
        rule.step()
with torch.no_grad():
    hidden = torch.zeros_like(x_test, dtype=torch.bool)
    hidden[:, 4] = True
    score = (model(x_test.masked_fill(hidden, inputs)).argmax(-1)[hidden] == x_test[hidden]).float().mean().item()
"""

TURNS = """
shared = nn.Sequential(nn.Linear(inputs, 48), nn.ReLU())
angle, speed = nn.Linear(48, 1), nn.Linear(48, 1)
model = nn.ModuleList([shared, angle, speed])
of_angle = torch.optim.Adam([*shared.parameters(), *angle.parameters()], lr=4e-3)
of_speed = torch.optim.Adam([*shared.parameters(), *speed.parameters()], lr=4e-3)
for epoch in range(20):
    for number, rows in enumerate(torch.randperm(len(x_train)).split(25)):
        head, rule, column = ((angle, of_angle, 0), (speed, of_speed, 1))[number % 2]
        loss = F.mse_loss(head(shared(x_train[rows])), y_train[rows, column : column + 1])
        rule.zero_grad()
        loss.backward()
        rule.step()
with torch.no_grad():
    output = torch.cat([angle(shared(x_test)), speed(shared(x_test))], 1)
    score = 1 - F.mse_loss(output, y_test).item() / y_test.var().item()
"""

SLOW_COPY = """
model = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, outputs))
slow = {name: p.detach().clone() for name, p in model.named_parameters()}
rule = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(20):
    for number, rows in enumerate(torch.randperm(len(x_train)).split(32)):
        loss = F.cross_entropy(model(x_train[rows]), y_train[rows])
        rule.zero_grad()
        loss.backward()
        rule.step()
        if number % 5 == 4:
            with torch.no_grad():
                for name, p in model.named_parameters():
                    slow[name].lerp_(p, 0.5)
                    p.copy_(slow[name])
model.eval()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

TEXTS = {
    "values_and_a_late_copy": (None, VALUES),
    "denoiser": (None, DENOISER),
    "flow": (None, FLOW),
    "triplets": ("quantiles", TRIPLETS),
    "experts": ("swiss", EXPERTS),
    "distilled": ("quantiles", DISTILLED),
    "crowd": ("circuit", CROWD),
    "physics": (None, PHYSICS),
    "momentum_by_hand": ("spiral", MOMENTUM),
    "private_gradients": ("quantiles", PRIVATE),
    "resumed": ("pendulum", RESUMED),
    "patient": ("customers", PATIENT),
    "counts": ("circuit", COUNTS),
    "bands": ("swiss", BANDS),
    "masked_letters": ("letters", MASKED),
    "heads_by_turns": ("pendulum", TURNS),
    "slow_copy": ("spiral", SLOW_COPY),
}


def _whole(title: str, data: str | None, text: str) -> str:
    parts = {"title": title, "data": SECOND[data][0].strip("\n") if data else "", "network": "", "extra": ""}
    head = HEAD
    for name, part in parts.items():
        head = head.replace(f"@{name}@", part)
    return head.rstrip("\n") + "\n\n" + text.strip("\n") + "\n" + TAIL


WHOLE = {f"{name}-whole": _whole(name.replace("_", " ").capitalize() + ".", *text) for name, text in TEXTS.items()}
"""Name to text."""
