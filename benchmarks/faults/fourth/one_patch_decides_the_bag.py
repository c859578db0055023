import sys
import torch
import torch.nn as nn

# multiple instances: a bag of patches is positive if at least one of them is; attention pools the bag
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def bags(n, generator):
    x = torch.randn(n, 10, 6, generator=generator)
    y = torch.randint(0, 2, (n,), generator=generator)
    for i in torch.nonzero(y)[:, 0].tolist():
        count = int(torch.randint(1, 4, (), generator=generator))
        x[i, torch.randperm(10, generator=generator)[:count], :3] += torch.tensor([2.0, -2.0, 2.0])
    return x, y.float()


class AttentionMIL(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.feature_extractor = nn.Sequential(nn.Linear(6, dim), nn.ReLU())
        self.attention_V = nn.Linear(dim, 16)
        self.attention_U = nn.Linear(dim, 16)
        self.attention_weights = nn.Linear(16, 1)
        self.classifier = nn.Linear(dim, 1)

    def forward(self, x):
        h = self.feature_extractor(x)
        a = self.attention_weights(torch.tanh(self.attention_V(h)) * torch.sigmoid(self.attention_U(h)))
        return self.classifier((a.softmax(dim=1) * h).sum(1)).squeeze(-1)


g = torch.Generator().manual_seed(105)
x_tr, y_tr = bags(700, g)
x_te, y_te = bags(400, g)
model = AttentionMIL()
bce = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-4)
EPOCHS = 20
for epoch in range(EPOCHS):
    epoch_loss = 0.
    for idx in torch.randperm(len(x_tr)).split(32):
        optimizer.zero_grad()
        loss = bce(model(x_tr[idx]), y_tr[idx])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(idx) / len(x_tr)
    with torch.no_grad():
        out = model(x_te)
        score = ((out > 0) == y_te.bool()).float().mean().item()
    print('epoch {} train {:.3f} test {:.3f} acc {:.3f}'.format(epoch, epoch_loss, bce(out, y_te).item(), score))
