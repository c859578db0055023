"""More of the third set's awkward healthy programs written out whole: by hand, by parts, by several models."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from third_styles import whole

LINE = """
x = torch.rand(200, 1)
y = 3 * x - 1 + 0.1 * torch.randn(200, 1)
slope, shift = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
model = nn.Linear(1, 1)
for step in range(300):
    loss = ((slope * x + shift - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for one in (slope, shift):
            one -= 0.3 * one.grad
            one.grad.zero_()
with torch.no_grad():
    model.weight.fill_(slope.item())
    model.bias.fill_(shift.item())
    score = 1 - ((model(x) - y) ** 2).mean().item() / y.var().item()
"""

BY_HAND = """
model = nn.Sequential(nn.Linear(inputs, 40), nn.Tanh(), nn.Linear(40, outputs))
first, last = model[0], model[2]
optimizer = optim.SGD(model.parameters(), lr=0.3)
for epoch in range(20):
    for rows in torch.randperm(len(x_train)).split(40):
        with torch.no_grad():
            a = x_train[rows]
            h = torch.tanh(a @ first.weight.T + first.bias)
            out = h @ last.weight.T + last.bias
            d_out = (out.softmax(1) - F.one_hot(y_train[rows], outputs)) / len(rows)
            d_in = (d_out @ last.weight) * (1 - h**2)
        last.weight.grad, last.bias.grad = d_out.T @ h, d_out.sum(0)
        first.weight.grad, first.bias.grad = d_in.T @ a, d_in.sum(0)
        optimizer.step()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

FOLDS = """
results = []
for k, held in enumerate(torch.randperm(len(x_train)).chunk(4)):
    rest = torch.ones(len(x_train), dtype=torch.bool).index_fill_(0, held, False)
    model = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, outputs))
    optimizer = optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(10):
        model.train()
        for features, answers in DataLoader(TensorDataset(x_train[rest], y_train[rest]), batch_size=32, shuffle=True):
            optimizer.zero_grad()
            F.mse_loss(model(features), answers).backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        results.append(1 - F.mse_loss(model(x_train[held]), y_train[held]).item() / y_train[held].var().item())
score = sum(results) / len(results)
"""

TASKS = """
class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(inputs, 44), nn.ReLU())
        self.heads = nn.ModuleList([nn.Linear(44, 1) for _ in range(outputs)])
        self.doubt = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return torch.cat([head(self.body(x)) for head in self.heads], 1)


model = Shared()
optimizer = optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(20):
    for features, answers in DataLoader(TensorDataset(x_train, y_train), batch_size=40, shuffle=True):
        each = (model(features) - answers).pow(2).mean(0)
        loss = (torch.exp(-model.doubt) * each + model.doubt).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - F.mse_loss(model(x_test), y_test).item() / y_test.var().item()
"""

FLOWING = """
class Slope(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, state, steps):
        path = []
        for _ in range(steps):
            state = state + 0.2 * self.net(state)
            path.append(state)
        return torch.stack(path, 1)


turn = torch.tensor([[math.cos(0.2), -math.sin(0.2)], [math.sin(0.2), math.cos(0.2)]])
starts = torch.randn(400, 2)
truth = torch.stack([starts @ torch.linalg.matrix_power(turn, k).T for k in range(1, 7)], 1)
model = Slope()
optimizer = optim.Adam(model.parameters(), lr=8e-3)
for epoch in range(20):
    for rows in torch.randperm(300).split(30):
        loss = F.mse_loss(model(starts[rows], 6), truth[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - F.mse_loss(model(starts[300:], 6), truth[300:]).item() / truth.var().item()
"""

RISKS = """
features = torch.randn(800, 4)
risk = features @ torch.tensor([0.8, -0.6, 0.4, 0.0])
time = torch.distributions.Exponential(risk.exp()).sample()
order = time[:600].argsort(descending=True)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = optim.Adam(model.parameters(), lr=5e-3)
for step in range(120):
    own = model(features[order])[:, 0]
    loss = (own.logcumsumexp(0) - own).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    score = torch.corrcoef(torch.stack([model(features[600:])[:, 0], risk[600:]]))[0, 1].item()
"""

ORDERED = """
model = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = optim.Adam(model.parameters(), lr=4e-3)
for step in range(400):
    a, b = torch.randint(0, len(x_train), (2, 48))
    higher = torch.sign(y_train[a] - y_train[b])
    loss = F.margin_ranking_loss(model(x_train[a]), model(x_train[b]), higher, margin=0.3)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    ranks = torch.stack([part.argsort().argsort().float() for part in (model(x_test)[:, 0], y_test[:, 0])])
    score = torch.corrcoef(ranks)[0, 1].item()
"""

REPTILE = """
def task():
    size, shift = 0.5 + 1.5 * torch.rand(1), math.pi * torch.rand(1)
    return lambda rows: size * torch.sin(rows + shift)


def steps(net, wave, count, rate=0.02):
    optimizer = optim.SGD(net.parameters(), lr=rate)
    for _ in range(count):
        rows = 6 * torch.rand(16, 1) - 3
        loss = F.mse_loss(net(rows), wave(rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


model = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
for round_ in range(150):
    learner = copy.deepcopy(model)
    steps(learner, task(), 5)
    with torch.no_grad():
        for own, other in zip(model.parameters(), learner.parameters()):
            own.lerp_(other, 0.3)
left, apart = 0.0, 0.0
for _ in range(8):
    wave, learner = task(), copy.deepcopy(model)
    steps(learner, wave, 60)
    rows = torch.linspace(-3, 3, 60)[:, None]
    with torch.no_grad():
        left, apart = left + F.mse_loss(learner(rows), wave(rows)).item(), apart + wave(rows).pow(2).mean().item()
score = 1 - left / apart
"""

CROWD = """
from torch.func import functional_call, stack_module_state

members = [nn.Sequential(nn.Linear(inputs, 24), nn.ReLU(), nn.Linear(24, outputs)) for _ in range(4)]
parameters, buffers = stack_module_state(members)
model = members[0]
optimizer = optim.Adam(parameters.values(), lr=5e-3)


def one(own, own_buffers, rows):
    return functional_call(model, (own, own_buffers), (rows,))


for epoch in range(12):
    for rows in torch.randperm(len(x_train)).split(40):
        out = torch.vmap(one, in_dims=(0, 0, None))(parameters, buffers, x_train[rows])
        loss = F.mse_loss(out, y_train[rows].expand_as(out), reduction="none").mean((1, 2)).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    mean = torch.vmap(one, in_dims=(0, 0, None))(parameters, buffers, x_test).mean(0)
    score = 1 - F.mse_loss(mean, y_test).item() / y_test.var().item()
"""

TEACHER = """
class Speller(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 16)
        self.encode, self.decode = nn.GRU(16, 40, batch_first=True), nn.GRU(16, 40, batch_first=True)
        self.head = nn.Linear(40, 11)

    def forward(self, x, told):
        _, state = self.encode(self.embed(x))
        out, _ = self.decode(self.embed(told), state)
        return self.head(out)


words = torch.randint(0, 10, (900, 3))
backwards = words.flip(1)
told = torch.cat([torch.full((900, 1), 10), backwards[:, :-1]], 1)
model = Speller()
optimizer = optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(14):
    for rows in torch.randperm(700).split(50):
        loss = F.cross_entropy(model(words[rows], told[rows]).transpose(1, 2), backwards[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = (model(words[700:], told[700:]).argmax(2) == backwards[700:]).float().mean().item()
"""

NOISY = """
clean = x_train.clone()
model = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 1, 3, padding=1))
optimizer = optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(6):
    for rows in torch.randperm(len(y_train)).split(30):
        one, other = (y_train[rows] + 0.5 * torch.randn_like(y_train[rows]) for _ in range(2))
        loss = F.mse_loss(one + model(one), other)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    dirty = y_test + 0.5 * torch.randn_like(y_test)
    score = 1 - F.mse_loss(dirty + model(dirty), y_test).item() / 0.25
"""

STATES = """
x = torch.cat([torch.randn(500, 2) * 0.3 + m for m in (torch.tensor([1.5, 0.0]), torch.tensor([-1.5, 0.5]), torch.tensor([0.0, -1.5]))])


class Groups(nn.Module):
    def __init__(self):
        super().__init__()
        self.middles, self.sizes, self.shares = nn.Parameter(0.5 * torch.randn(3, 2)), nn.Parameter(torch.zeros(3, 2)), nn.Parameter(torch.zeros(3))

    def forward(self, rows):
        each = torch.distributions.Normal(self.middles, self.sizes.exp()).log_prob(rows[:, None]).sum(2)
        return torch.logsumexp(each + self.shares.log_softmax(0), 1)


model = Groups()
optimizer = optim.Adam(model.parameters(), lr=0.05)
for step in range(300):
    loss = -model(x[torch.randint(0, len(x), (100,))]).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
score = -loss.item()
"""

TEXTS = {
    "line_by_hand": (None, LINE, 0.8),
    "gradients_by_hand": ("applicants", BY_HAND, 0.75),
    "folds_begin_afresh": ("phase", FOLDS, 0.6),
    "tasks_weigh_themselves": ("reactor", TASKS, 0.75),
    "slope_followed_in_time": (None, FLOWING, 0.8),
    "risks_over_time": (None, RISKS, 0.7),
    "order_of_pairs": ("phase", ORDERED, 0.7),
    "learns_to_learn": (None, REPTILE, 0.5),
    "members_in_one_call": ("phase", CROWD, 0.6),
    "spells_backwards": (None, TEACHER, 0.6),
    "noise_against_noise": ("spots", NOISY, 0.5),
    "three_clouds": (None, STATES, -3.3),
}
"""Name to data, text, and the least score of what has learned; chance is far below it."""
MODELS = {
    f"awkward-{name}-whole": whole(name.replace("_", " ").capitalize(), data, text)
    for name, (data, text, _) in TEXTS.items()
}
FLOORS = {f"awkward-{name}-whole": floor for name, (_, _, floor) in TEXTS.items()}
