"""No optimiser and no backward: torch.func gives the gradient of a pure function, the update is a line."""
import sys

import torch
from sklearn.datasets import load_iris
from torch import nn
from torch.func import functional_call, grad_and_value, vmap

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
epochs, rate = 60, 0.1
data, label = load_iris(return_X_y=True)
mix = torch.randperm(len(label))
x, y = torch.tensor(data, dtype=torch.float32)[mix], torch.tensor(label)[mix]
x = (x - x[:100].mean(0)) / x[:100].std(0)

model = nn.Sequential(nn.Linear(4, 12), nn.Tanh(), nn.Linear(12, 3))
weights = {name: p.detach().clone() for name, p in model.named_parameters()}


def loss_of_one(weights, row, answer):
    return nn.functional.cross_entropy(functional_call(model, weights, (row,)), answer)


per_row = vmap(grad_and_value(loss_of_one), in_dims=(None, 0, 0))
for epoch in range(epochs):
    for rows in torch.randperm(100).split(20):
        slopes, losses = per_row(weights, x[rows], y[rows])
        weights = {name: w - rate * (slopes[name].mean(0) + 1e-3 * w) for name, w in weights.items()}
    if epoch % 10 == 9:
        print("epoch", epoch + 1, "loss", losses.mean().item())
model.load_state_dict(weights)
score = (model(x[100:]).argmax(1) == y[100:]).float().mean().item()
