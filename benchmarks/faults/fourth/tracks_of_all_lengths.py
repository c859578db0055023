import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
EPOCHS = 10


def walk(kind, gen):
    """A track of 8 to 20 steps: it drifts, it comes back, or it turns."""
    n = int(torch.randint(8, 21, (), generator=gen))
    step = 0.5 * torch.randn(n, 2, generator=gen)
    if kind == 0:
        return (step + torch.tensor([0.25, 0.0])).cumsum(0)
    if kind == 1:
        place = [torch.zeros(2)]
        for s in step:
            place.append(0.6 * place[-1] + s)
        return torch.stack(place[1:])
    angle = torch.arange(n) * 0.7
    return (torch.stack([angle.cos(), angle.sin()], 1) * 0.6 + 0.7 * step).cumsum(0)


gen = torch.Generator().manual_seed(96)
kinds = torch.randint(0, 3, (1100,), generator=gen)
tracks = [(walk(int(k), gen), k) for k in kinds]


def collate(items):
    items.sort(key=lambda item: -len(item[0]))
    return pad_sequence([x for x, _ in items], batch_first=True), torch.tensor([len(x) for x, _ in items]), torch.stack([k for _, k in items])


class TrackNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, 32, batch_first=True)
        self.fc = nn.Linear(32, 3)

    def forward(self, padded, lengths):
        _, last = self.gru(pack_padded_sequence(padded, lengths, batch_first=True))
        return self.fc(last[-1])


train_loader = DataLoader(tracks[:800], batch_size=40, shuffle=True, collate_fn=collate)
test_loader = DataLoader(tracks[800:], batch_size=300, collate_fn=collate)
model = TrackNet()
criterion, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=6e-3)
for epoch in range(EPOCHS):
    for padded, lengths, kind in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(padded, lengths), kind)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        padded, lengths, kind = next(iter(test_loader))
        out = model(padded, lengths)
        score = (out.argmax(1) == kind).float().mean().item()
    print(f"{epoch=} {loss.item()=:.3f} {criterion(out, kind).item()=:.3f} {score=:.3f}")
