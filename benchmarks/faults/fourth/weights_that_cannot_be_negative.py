# a curve that may only rise, with weights that cannot be negative
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Rising(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.raw = nn.Parameter(torch.randn(n_out, n_in) * 0.5 - 1.0)
        self.bias = nn.Parameter(torch.randn(n_out))

    def forward(self, x):
        return x @ nn.functional.softplus(self.raw).T + self.bias


dose = torch.rand(900, 2) * 4 - 2
effect = torch.sigmoid(3 * dose[:, :1]) + 0.5 * torch.sigmoid(4 * dose[:, 1:] - 2) + 0.05 * torch.randn(900, 1)
effect = (effect - effect[:600].mean()) / effect[:600].std()
model = nn.Sequential(Rising(2, 24), nn.Tanh(), Rising(24, 12), nn.Tanh(), Rising(12, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
EPOCHS = 110
for epoch in range(EPOCHS):
    for rows in torch.randperm(600).split(50):
        loss = (model(dose[rows]) - effect[rows]).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - ((model(dose[600:]) - effect[600:]).pow(2).mean() / effect[600:].var()).item()
