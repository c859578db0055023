# mixture density network, inverse of x = t + 0.3 sin(2 pi t): several t for one x
import math
import sys

import torch

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
STEPS = 1000
t = torch.rand(3000, 1)
x = t + 0.3 * torch.sin(2 * math.pi * t) + 0.05 * torch.randn(3000, 1)
train_x, train_t, test_x, test_t = x[:2200], t[:2200], x[2200:], t[2200:]


class MDN(torch.nn.Module):
    def __init__(self, parts=5):
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh())
        self.head = torch.nn.Linear(40, 3 * parts)
        self.parts = parts

    def log_likelihood(self, x, t):
        share, mean, log_sd = self.head(self.body(x)).chunk(3, dim=1)
        log_sd = log_sd.clamp(-4, 2)
        each = -0.5 * ((t - mean) / log_sd.exp()) ** 2 - log_sd - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(share.log_softmax(1) + each, dim=1)


model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=0.012)
lr = torch.optim.lr_scheduler.CosineAnnealingLR(opt, STEPS)
for step in range(STEPS):
    b = torch.randint(len(train_x), (128,))
    nll = -model.log_likelihood(train_x[b], train_t[b]).mean()
    opt.zero_grad()
    nll.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    opt.step()
    lr.step()
    if step % 200 == 199:
        with torch.no_grad():
            print(step + 1, "train", -nll.item(), "test", model.log_likelihood(test_x, test_t).mean().item())
with torch.no_grad():
    score = model.log_likelihood(test_x, test_t).mean().item()
