# mixture of experts: the gate picks, a balance term keeps all of them at work
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
laws = torch.randn(4, 6, generator=torch.Generator().manual_seed(11))

def draw(n):
    x = torch.randn(n, 6)
    region = 2 * (x[:, 0] > 0).long() + (x[:, 1] > 0).long()
    y = (laws[region] * x).sum(1) + 0.2 * torch.randn(n)
    return x, y / 2.5

class MoE(nn.Module):
    def __init__(self, n_experts=4, hidden=16):
        super().__init__()
        self.experts = nn.ModuleList([
            nn.Sequential(nn.Linear(6, hidden), nn.ReLU(), nn.Linear(hidden, 1)) for _ in range(n_experts)
        ])
        self.gate = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, n_experts))

    def forward(self, x):
        weights = F.softmax(self.gate(x), dim=-1)
        outs = torch.cat([e(x) for e in self.experts], dim=1)
        return (weights * outs).sum(1), weights

X, Y = draw(4000)
Xv, Yv = draw(1000)
model = MoE()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-2, total_steps=900)
for step in range(900):
    i = torch.randint(0, 4000, (128,))
    pred, w = model(X[i])
    mse = F.mse_loss(pred, Y[i])
    balance = 4 * w.mean(0).pow(2).sum() - 1
    loss = mse + 0.01 * balance
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 150 == 0:
        print(f"step {step} mse {mse.item():.4f} share {[round(s, 2) for s in w.mean(0).tolist()]}")
model.eval()
with torch.no_grad():
    score = 1 - F.mse_loss(model(Xv)[0], Yv).item() / Yv.var().item()
