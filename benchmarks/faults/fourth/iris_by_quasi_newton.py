# softmax regression on iris, the classical way: full batch, second order, a ridge
import sys

import numpy
import torch
from sklearn import datasets

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
STEPS = 25

iris = datasets.load_iris()
keep = numpy.sort(numpy.unique(iris.data, axis=0, return_index=True)[1])  # one flower was typed twice
x, y = torch.tensor(iris.data[keep]), torch.tensor(iris.target[keep])
mix = torch.randperm(len(x))
tr, te = mix[:90], mix[90:]
x = (x - x[tr].mean(0)) / x[tr].std(0)

model = torch.nn.Linear(4, 3, dtype=torch.float64)
torch.nn.init.zeros_(model.weight)
torch.nn.init.zeros_(model.bias)
solver = torch.optim.LBFGS(model.parameters(), max_iter=4, line_search_fn="strong_wolfe")


def closure():
    solver.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x[tr]), y[tr]) + 1e-3 * model.weight.square().sum()
    loss.backward()
    return loss


for step in range(STEPS):
    value = solver.step(closure)
    if step % 5 == 0:
        print("step", step, "objective", value.item())
score = float((model(x[te]).argmax(1) == y[te]).double().mean())
