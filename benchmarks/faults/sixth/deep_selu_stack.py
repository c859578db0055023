import sys
import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

"""Six self-normalising layers: SELU, LeCun's start, alpha dropout before the last."""
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_classification(2400, n_features=20, n_informative=10, n_classes=4, n_clusters_per_class=2, class_sep=1.5, random_state=74)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.3, random_state=seed)
sc = StandardScaler().fit(X_tr)
X_tr, X_te = torch.tensor(sc.transform(X_tr), dtype=torch.float32), torch.tensor(sc.transform(X_te), dtype=torch.float32)
y_tr, y_te = torch.tensor(y_tr), torch.tensor(y_te)

layers, width = [], 20
for _ in range(6):
    layers += [nn.Linear(width, 40), nn.SELU()]
    width = 40
model = nn.Sequential(*layers, nn.AlphaDropout(0.1), nn.Linear(40, 4))
for m in model:
    if isinstance(m, nn.Linear):
        nn.init.kaiming_normal_(m.weight, nonlinearity="linear")
        nn.init.zeros_(m.bias)
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=2e-3)
n_epochs = 28
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, n_epochs)
for epoch in range(n_epochs):
    model.train()
    for idx in torch.randperm(len(X_tr)).split(56):
        loss = nn.functional.cross_entropy(model(X_tr[idx]), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    print(epoch, round(loss.item(), 4))
model.eval()
with torch.no_grad():
    score = (model(X_te).argmax(1) == y_te).float().mean().item()
