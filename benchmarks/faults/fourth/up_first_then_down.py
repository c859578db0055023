import sys

import torch
from sklearn.datasets import make_circles
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


class SAM(torch.optim.Optimizer):
    """Go up to where the loss is worst nearby, take the gradient there, and step from where one was."""

    def __init__(self, params, rho=0.05, **kwargs):
        super().__init__(params, dict(rho=rho))
        self.base = torch.optim.SGD(self.param_groups[0]["params"], **kwargs)

    @torch.no_grad()
    def step(self, closure):
        with torch.enable_grad():
            loss = closure()
        params = [p for group in self.param_groups for p in group["params"]]
        norm = torch.stack([p.grad.norm() for p in params]).norm() + 1e-12
        moves = [p.grad * (self.param_groups[0]["rho"] / norm) for p in params]
        torch._foreach_add_(params, moves)
        with torch.enable_grad():
            closure()
        torch._foreach_sub_(params, moves)
        self.base.step()
        return loss


X, y = make_circles(1300, noise=0.08, factor=0.6, random_state=146)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
optimizer = SAM(model.parameters(), rho=0.05, lr=0.1, momentum=0.9)
max_epochs = 22
for epoch in range(max_epochs):
    for idx in torch.randperm(900).split(45):

        def closure():
            model.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(model(X[idx]), y[idx])
            loss.backward()
            return loss

        loss = optimizer.step(closure)
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    score = ((model(X[900:]) > 0).float() == y[900:]).float().mean().item()
