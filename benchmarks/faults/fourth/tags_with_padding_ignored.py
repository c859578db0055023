import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
PAD, IGNORED = 0, -100

# each symbol is tagged: 0 plain, 1 between brackets, 2 right before a closing bracket
def sentence(generator):
    n = int(torch.randint(6, 15, (), generator=generator))
    symbols = torch.randint(3, 20, (n,), generator=generator)
    a, b = sorted(torch.randperm(n, generator=generator)[:2].tolist())
    symbols[a], symbols[b] = 1, 2
    tags = torch.zeros(n, dtype=torch.long)
    tags[a + 1 : b] = 1
    if b > a + 1:
        tags[b - 1] = 2
    return symbols, tags


generator = torch.Generator().manual_seed(97)
rows = [sentence(generator) for _ in range(900)]
symbols = nn.utils.rnn.pad_sequence([s for s, _ in rows], batch_first=True, padding_value=PAD)
tags = nn.utils.rnn.pad_sequence([t for _, t in rows], batch_first=True, padding_value=IGNORED)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16, padding_idx=PAD)
        self.lstm = nn.LSTM(16, 24, bidirectional=True, batch_first=True)
        self.tag = nn.Linear(48, 3)

    def forward(self, s):
        return self.tag(self.lstm(self.embed(s))[0])


model = Tagger()
loss_fn = nn.CrossEntropyLoss(ignore_index=IGNORED)
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
epochs = 7
for epoch in range(epochs):
    for b in torch.randperm(650).split(32):
        loss = loss_fn(model(symbols[b]).flatten(0, 1), tags[b].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        found, truth = model(symbols[650:]).argmax(2), tags[650:]
        real = truth != IGNORED
        score = (found[real] == truth[real]).float().mean().item()
    print("epoch", epoch, "loss", loss.item(), "tags right", score)
