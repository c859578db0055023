import sys
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
# weights follow noisy small batches; their moving average, with its own norms, is what is scored
X, y = load_digits(return_X_y=True)
order = torch.randperm(len(y))
X, y = torch.tensor(X / 8 - 1).float()[order], torch.tensor(y)[order]
net = nn.Sequential(nn.Linear(64, 48), nn.LayerNorm(48), nn.ReLU(), nn.Linear(48, 10))
model = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.98), use_buffers=True)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-4)
epochs = 12
for epoch in range(epochs):
    net.train()
    for rows in torch.randperm(1200).split(20):
        loss = nn.functional.cross_entropy(net(X[rows]), y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        model.update_parameters(net)
    if epoch % 3 == 2:
        print(epoch + 1, loss.item())
model.eval()
with torch.no_grad():
    score = (model(X[1200:]).argmax(1) == y[1200:]).float().mean().item()
