import sys
import random
import torch
import torch.nn as nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
random.seed(seed)
torch.manual_seed(seed)


def well_formed(n):
    depth, text = 0, ""
    while len(text) < n:
        if depth and (n - len(text) == depth or random.random() < 0.5):
            text, depth = text + ")", depth - 1
        else:
            text, depth = text + "(", depth + 1
    return text


def spoilt(text):
    i = random.randrange(len(text))
    return text[:i] + ("(" if text[i] == ")" else ")") + text[i + 1 :]


def example():
    text = well_formed(2 * random.randint(3, 7))
    bad = random.random() < 0.5
    return (spoilt(text) if bad else text), float(not bad)


def encode(texts):
    out = torch.zeros(len(texts), 14, dtype=torch.long)  # 0 pads
    for row, text in enumerate(texts):
        out[row, : len(text)] = torch.tensor(["_()".index(c) for c in text])
    return out


pairs = {}
while len(pairs) < 1500:
    text, label = example()
    pairs[text] = label
texts = list(pairs)
random.shuffle(texts)
X, y = encode(texts), torch.tensor([pairs[s] for s in texts])
lengths = (X > 0).sum(1)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(3, 6, padding_idx=0)
        self.rnn = nn.LSTM(6, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, x, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.emb(x), lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.rnn(packed)
        return self.fc(h[-1])[:, 0]


model = Reader()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 12
for epoch in range(epochs):
    for rows in torch.randperm(1100).split(50):
        loss = nn.functional.binary_cross_entropy_with_logits(model(X[rows], lengths[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    score = ((model(X[1100:], lengths[1100:]) > 0).float() == y[1100:]).float().mean().item()
