"""Words turned round by an encoder and a decoder with attention; the right letter is fed while training."""
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
SYMBOLS, START, LEN = 10, 10, 6


class Seq2Seq(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.embed = nn.Embedding(SYMBOLS + 1, d)
        self.encoder = nn.GRU(d, d, batch_first=True)
        self.decoder = nn.GRU(d, d, batch_first=True)
        self.query = nn.Linear(d, d)
        self.out = nn.Linear(2 * d, SYMBOLS)

    def decode(self, previous, state, memory):
        states, state = self.decoder(self.embed(previous), state)
        weights = (self.query(states) @ memory.transpose(1, 2)).div(32**0.5).softmax(-1)
        return self.out(torch.cat([states, weights @ memory], -1)), state

    def forward(self, source, target):
        memory, state = self.encoder(self.embed(source))
        shifted = torch.cat([torch.full_like(target[:, :1], START), target[:, :-1]], dim=1)
        return self.decode(shifted, state, memory)[0]

    @torch.no_grad()
    def translate(self, source):
        memory, state = self.encoder(self.embed(source))
        letter, said = torch.full((len(source), 1), START), []
        for _ in range(LEN):
            logits, state = self.decode(letter, state, memory)
            letter = logits.argmax(-1)
            said.append(letter)
        return torch.cat(said, 1)


model = Seq2Seq()
optimizer = torch.optim.Adam(model.parameters(), lr=8e-3)
train_steps = 600
sched = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=train_steps)
for step in range(1, train_steps + 1):
    source = torch.randint(SYMBOLS, (32, LEN))
    target = source.flip(1)
    loss = F.cross_entropy(model(source, target).flatten(0, 1), target.flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    sched.step()
    if step % 60 == 0:
        print(f"step {step} loss {loss.item():.4f}")
source = torch.randint(SYMBOLS, (300, LEN))
score = (model.translate(source) == source.flip(1)).float().mean().item()
