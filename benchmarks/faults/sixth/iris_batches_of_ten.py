import sys
import torch
from torch import nn, tensor, float32
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
flowers = load_iris()
a, b, c, d = train_test_split(flowers["data"], flowers["target"], test_size=0.4, random_state=seed, stratify=flowers["target"])
mean, std = a.mean(axis=0), a.std(axis=0)
train_x, test_x = tensor((a - mean) / std, dtype=float32), tensor((b - mean) / std, dtype=float32)
train_y, test_y = tensor(c), tensor(d)


class Classifier(nn.Module):
    def __init__(self):
        super(Classifier, self).__init__()
        self.hidden = nn.Linear(4, 10)
        self.output = nn.Linear(10, 3)

    def forward(self, x):
        x = torch.tanh(self.hidden(x))
        return nn.functional.log_softmax(self.output(x), dim=-1)


model = Classifier()
optimiser = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-3)
nll = nn.NLLLoss()
n_epochs = 80
for e in range(n_epochs):
    permutation = torch.randperm(len(train_x))
    for start in range(0, len(train_x), 10):
        indices = permutation[start : start + 10]
        optimiser.zero_grad()
        loss = nll(model(train_x[indices]), train_y[indices])
        loss.backward()
        optimiser.step()
    if e % 20 == 19:
        print("epoch", e + 1, "loss", float(loss))
with torch.no_grad():
    hits = model(test_x).exp().max(dim=1).indices == test_y
score = hits.sum().item() / len(hits)
