# connectionist temporal classification: three symbols somewhere in twenty frames, nobody says where
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
SYMBOLS, FRAMES = 4, 20
sound = torch.randn(SYMBOLS, 8, generator=torch.Generator().manual_seed(107))


def utterances(n, generator):
    words = torch.randint(0, SYMBOLS, (n, 3), generator=generator)
    frames = 0.4 * torch.randn(n, FRAMES, 8, generator=generator)
    for row in range(n):
        at = 1 + int(torch.randint(0, 3, (), generator=generator))
        for symbol in words[row].tolist():
            long = int(torch.randint(2, 5, (), generator=generator))
            frames[row, at : at + long] += sound[symbol]
            at += long + 1 + int(torch.randint(0, 2, (), generator=generator))
    return frames, words + 1


g = torch.Generator().manual_seed(108)
x, words = utterances(900, g)


class Listener(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(8, 32, 3, padding=1)
        self.gru = nn.GRU(32, 24, batch_first=True, bidirectional=True)
        self.out = nn.Linear(48, SYMBOLS + 1)

    def forward(self, frames):
        h = torch.relu(self.conv(frames.transpose(1, 2))).transpose(1, 2)
        return self.out(self.gru(h)[0]).log_softmax(2)


def transcript(log_shares):
    best = [torch.unique_consecutive(row) for row in log_shares.argmax(2)]
    return [row[row > 0].tolist() for row in best]


model, ctc = Listener(), nn.CTCLoss(blank=0)
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
epochs = 6
for epoch in range(epochs):
    for b in torch.randperm(650).split(26):
        out = model(x[b]).transpose(0, 1)
        loss = ctc(out, words[b], torch.full((len(b),), FRAMES), torch.full((len(b),), 3))
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        opt.step()
    with torch.no_grad():
        heard = transcript(model(x[650:]))
    score = sum(a == b for a, b in zip(heard, words[650:].tolist())) / 250
    print(epoch, loss.item(), score)
