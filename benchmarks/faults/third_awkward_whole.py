"""The third set's awkward healthy programs written out whole: two players, densities, contrasts, rewards, streams."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from third_styles import whole

PLAYERS = """
real = lambda n: torch.randn(n, 1) * 0.5 + 2.0
maker = nn.Sequential(nn.Linear(2, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
critic = nn.Sequential(nn.Linear(1, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
model = nn.ModuleDict({"maker": maker, "critic": critic})
opt_m = optim.Adam(maker.parameters(), lr=2e-3, betas=(0.5, 0.9))
opt_c = optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.9))
yes, no = torch.ones(64, 1), torch.zeros(64, 1)
for step in range(400):
    fake = maker(torch.randn(64, 2))
    loss_c = F.binary_cross_entropy_with_logits(critic(real(64)), yes) + F.binary_cross_entropy_with_logits(critic(fake.detach()), no)
    opt_c.zero_grad()
    loss_c.backward()
    opt_c.step()
    loss_m = F.binary_cross_entropy_with_logits(critic(maker(torch.randn(64, 2))), yes)
    opt_m.zero_grad()
    loss_m.backward()
    opt_m.step()
with torch.no_grad():
    made = maker(torch.randn(1000, 2))
score = 1 - (made.mean() - 2.0).abs().item()
"""

WASSERSTEIN = """
def real(n):
    turn = 2 * math.pi * torch.rand(n)
    return torch.stack([turn.cos(), turn.sin()], 1)


maker = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(2, 48), nn.LeakyReLU(0.2), nn.Linear(48, 48), nn.LeakyReLU(0.2), nn.Linear(48, 1))
model = nn.ModuleList([maker, critic])
opt_m, opt_c = optim.Adam(maker.parameters(), 1e-3, (0.0, 0.9)), optim.Adam(critic.parameters(), 1e-3, (0.0, 0.9))
for step in range(200):
    for _ in range(3):
        good, fake = real(64), maker(torch.randn(64, 2)).detach()
        share = torch.rand(64, 1)
        between = (share * good + (1 - share) * fake).requires_grad_()
        (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        loss_c = critic(fake).mean() - critic(good).mean() + 5 * (slope.norm(dim=1) - 1).pow(2).mean()
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
    loss_m = -critic(maker(torch.randn(64, 2))).mean()
    opt_m.zero_grad()
    loss_m.backward()
    opt_m.step()
with torch.no_grad():
    score = 1 - (maker(torch.randn(500, 2)).norm(dim=1).mean() - 1).abs().item()
"""

VARIATIONAL = """
class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(32, 48), nn.ReLU())
        self.mean, self.log_var = nn.Linear(48, 6), nn.Linear(48, 6)
        self.decode = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 32))

    def forward(self, x):
        h = self.encode(x)
        mean, log_var = self.mean(h), self.log_var(h)
        z = mean + torch.randn_like(mean) * (0.5 * log_var).exp()
        return self.decode(z), mean, log_var


model = Vae()
optimizer = optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(15):
    for (pixels,) in DataLoader(TensorDataset(x_train), batch_size=40, shuffle=True):
        found, mean, log_var = model(pixels)
        apart = F.binary_cross_entropy_with_logits(found, pixels, reduction="none").sum(1)
        kl = -0.5 * (1 + log_var - mean**2 - log_var.exp()).sum(1)
        loss = (apart + 0.5 * kl).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - F.mse_loss(torch.sigmoid(model(x_test)[0]), x_test).item() / x_test.var(0).mean().item()
"""

MIXTURE = """
x = torch.rand(1200, 1) * 2 - 1
side = (torch.rand(1200, 1) < 0.5).float() * 2 - 1
y = side * (0.4 + 0.6 * x.abs()) + 0.08 * torch.randn(1200, 1)
model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 6))


def log_density(rows, answers):
    weight, middle, size = model(rows).chunk(3, dim=1)
    each = torch.distributions.Normal(middle, F.softplus(size) + 0.02).log_prob(answers)
    return torch.logsumexp(weight.log_softmax(1) + each, dim=1)


optimizer = optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(25):
    for rows in torch.randperm(900).split(50):
        loss = -log_density(x[rows], y[rows]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = log_density(x[900:], y[900:]).mean().item()
"""

TWINS = """
model = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 16))
views = lambda rows: (rows * (torch.rand_like(rows) > 0.2) + 0.05 * torch.randn_like(rows))
optimizer = optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(12):
    for rows in torch.randperm(len(x_train)).split(50):
        z = F.normalize(torch.cat([model(views(x_train[rows])), model(views(x_train[rows]))]), dim=1)
        near = (z @ z.T / 0.3).fill_diagonal_(-1e4)
        partner = torch.arange(len(z)).roll(len(rows))
        loss = F.cross_entropy(near, partner)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    one, other = (F.normalize(model(views(x_test)), dim=1) for _ in range(2))
    score = ((one @ other.T).argmax(1) == torch.arange(len(x_test))).float().mean().item()
"""

POLICY = """
model = nn.Sequential(nn.Linear(4, 24), nn.Tanh(), nn.Linear(24, 3))
optimizer = optim.Adam(model.parameters(), lr=1e-2)
best = torch.tensor([0, 2, 1, 2])
level = 0.0
for step in range(250):
    place = torch.randint(0, 4, (32,))
    choice = torch.distributions.Categorical(logits=model(F.one_hot(place, 4).float()))
    move = choice.sample()
    reward = (move == best[place]).float() + 0.1 * torch.randn(32)
    level = 0.9 * level + 0.1 * reward.mean().item()
    loss = -((reward - level) * choice.log_prob(move)).mean() - 0.01 * choice.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    score = (model(torch.eye(4)).argmax(1) == best).float().mean().item()
"""

ACTOR = """
class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 32), nn.Tanh())
        self.move, self.value = nn.Linear(32, 2), nn.Linear(32, 1)

    def forward(self, state):
        h = self.body(state)
        return torch.distributions.Categorical(logits=self.move(h)), self.value(h).squeeze(-1)


model = Actor()
optimizer = optim.RMSprop(model.parameters(), lr=3e-3)
for episode in range(120):
    spot, speed = 2 * torch.rand(16) - 1, torch.zeros(16)
    logs, values, rewards = [], [], []
    for _ in range(8):
        chosen, value = model(torch.stack([spot, speed], 1))
        push = chosen.sample()
        speed = 0.8 * speed + 0.15 * (2.0 * push - 1)
        spot = (spot + speed).clamp(-2, 2)
        logs.append(chosen.log_prob(push))
        values.append(value)
        rewards.append(-spot.abs())
    total, returns = torch.zeros(16), []
    for reward in reversed(rewards):
        total = reward + 0.9 * total
        returns.insert(0, total)
    returns, values = torch.stack(returns), torch.stack(values)
    gain = returns - values.detach()
    loss = -(torch.stack(logs) * gain).mean() + 0.5 * F.mse_loss(values, returns)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
with torch.no_grad():
    left = model(torch.tensor([[1.0, 0.0]]))[0].probs[0, 0]
    right = model(torch.tensor([[-1.0, 0.0]]))[0].probs[0, 1]
    score = ((left + right) / 2).item()
"""

STREAM = """
text = "the cat sat on the mat and the dog sat on the log while the bird sang to the sun " * 40
signs = sorted(set(text))
codes = torch.tensor([signs.index(sign) for sign in text])
streams = codes[: len(codes) // 8 * 8].view(8, -1)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.lstm, self.head = nn.Embedding(len(signs), 16), nn.LSTM(16, 40, batch_first=True), nn.Linear(40, len(signs))

    def forward(self, x, state):
        out, state = self.lstm(self.embed(x), state)
        return self.head(out), state


model = Reader()
optimizer = optim.Adam(model.parameters(), lr=8e-3)
for epoch in range(5):
    state = None
    for start in range(0, streams.shape[1] - 17, 16):
        rows, nexts = streams[:, start : start + 16], streams[:, start + 1 : start + 17]
        logits, state = model(rows, state)
        state = tuple(part.detach() for part in state)
        loss = F.cross_entropy(logits.flatten(0, 1), nexts.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
score = math.exp(-loss.item())
"""

PAIRS = """
groups = torch.arange(30) // 6
first = torch.randint(0, 30, (6000,))
second = groups[first] * 6 + torch.randint(0, 6, (6000,))
model = nn.ModuleDict({"word": nn.Embedding(30, 8, sparse=True), "near": nn.Embedding(30, 8, sparse=True)})
nn.init.normal_(model["word"].weight, std=0.3)
nn.init.normal_(model["near"].weight, std=0.3)
optimizer = optim.SparseAdam(list(model.parameters()), lr=1e-2)
for rows in torch.randperm(6000).repeat(3).split(60):
    word, true = model["word"](first[rows]), model["near"](second[rows])
    false = model["near"](torch.randint(0, 30, (len(rows), 4)))
    loss = -F.logsigmoid((word * true).sum(1)).mean() - F.logsigmoid(-(word[:, None] * false).sum(2)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    close = (model["word"].weight @ model["near"].weight.T).argmax(1)
    score = (groups[close] == groups).float().mean().item()
"""

ADAPTED = """
class Lora(nn.Module):
    def __init__(self, base, rank):
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + x @ self.a.T @ self.b.T


def fit(net, x, y, rate, epochs):
    optimizer = optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=rate)
    for epoch in range(epochs):
        for rows in torch.randperm(len(x)).split(32):
            loss = F.cross_entropy(net(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


base = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))
fit(base, x_train, y_train, 3e-3, 6)
turned_train, turned_test = x_train.roll(1, 1), x_test.roll(1, 1)
base.requires_grad_(False)
model = nn.Sequential(*(Lora(layer, 8) if isinstance(layer, nn.Linear) else layer for layer in base))
fit(model, turned_train, y_train, 1e-2, 12)
with torch.no_grad():
    score = (model(turned_test).argmax(1) == y_test).float().mean().item()
"""

PRETRAINED = """
encoder = nn.Sequential(nn.Linear(32, 40), nn.ReLU())
decoder = nn.Linear(40, 32)
optimizer = optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=3e-3)
for epoch in range(6):
    for rows in torch.randperm(len(x_train)).split(40):
        loss = F.mse_loss(decoder(encoder(x_train[rows])), x_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
encoder.requires_grad_(False)
model = nn.Sequential(encoder, nn.Linear(40, 32))
optimizer = optim.Adam(model[1].parameters(), lr=5e-3)
for epoch in range(14):
    for rows in torch.randperm(len(x_train)).split(40):
        loss = F.mse_loss(model(x_train[rows]), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - F.mse_loss(model(x_test), y_test).item() / y_test.var(0).mean().item()
"""

PUSHED = """
model = nn.Sequential(nn.Linear(inputs, 44), nn.ReLU(), nn.Linear(44, 44), nn.ReLU(), nn.Linear(44, outputs))
optimizer = optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(12):
    for rows in torch.randperm(len(x_train)).split(40):
        leaf = x_train[rows].clone().requires_grad_()
        (slope,) = torch.autograd.grad(F.cross_entropy(model(leaf), y_train[rows]), leaf)
        loss = F.cross_entropy(model(x_train[rows] + 0.1 * slope.sign()), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

TEXTS = {
    "two_players": (None, PLAYERS, 0.5),
    "critic_with_penalty": (None, WASSERSTEIN, 0.6),
    "variational": ("halves", VARIATIONAL, 0.1),
    "mixture_of_two": (None, MIXTURE, 0.0),
    "twin_views": ("halves", TWINS, 0.1),
    "policy_of_rewards": (None, POLICY, 0.9),
    "actor_and_critic": (None, ACTOR, 0.7),
    "stream_of_letters": (None, STREAM, 0.5),
    "pairs_of_words": (None, PAIRS, 0.8),
    "adapted_after_training": ("applicants", ADAPTED, 0.7),
    "encoder_kept_frozen": ("halves", PRETRAINED, 0.1),
    "trained_on_pushed_rows": ("applicants", PUSHED, 0.75),
}
"""Name to data, text, and the least score of what has learned; chance is far below it."""
WHOLE = {
    f"awkward-{name}-whole": whole(name.replace("_", " ").capitalize(), data, text)
    for name, (data, text, _) in TEXTS.items()
}
FLOORS = {f"awkward-{name}-whole": floor for name, (_, _, floor) in TEXTS.items()}
