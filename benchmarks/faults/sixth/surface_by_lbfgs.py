"""A smooth surface from 300 readings by L-BFGS with a line search, full batch, a small ridge on the weights."""
import sys
import torch

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def surface(p):
    return torch.sin(2 * p[:, :1]) * torch.exp(-(p[:, 1:] ** 2)) + 0.3 * p[:, 1:]


p_train, p_test = torch.rand(400, 2) * 4 - 2, torch.rand(400, 2) * 4 - 2
z_train = surface(p_train) + 0.05 * torch.randn(400, 1)
z_test = surface(p_test)
model = torch.nn.Sequential(torch.nn.Linear(2, 24), torch.nn.Tanh(), torch.nn.Linear(24, 1))
optimizer = torch.optim.LBFGS(model.parameters(), lr=1.0, max_iter=10, history_size=20, line_search_fn="strong_wolfe")
rounds = 20


def closure():
    optimizer.zero_grad()
    ridge = sum(p.pow(2).sum() for p in model.parameters() if p.dim() > 1)
    loss = (model(p_train) - z_train).pow(2).mean() + 1e-5 * ridge
    loss.backward()
    return loss


for k in range(rounds):
    loss = optimizer.step(closure)
    print(k, loss.item())
with torch.no_grad():
    score = 1 - ((model(p_test) - z_test).pow(2).mean() / z_test.var()).item()
