"""An encoder learns to rebuild all digits, then rests; a head on its codes is taught with few labels."""
import sys
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
X, y = load_digits(return_X_y=True)
perm = torch.randperm(len(y))
X = torch.tensor(X / 16, dtype=torch.float32)[perm]
y = torch.tensor(y)[perm]
n_train, n_labelled = 1300, 300
pretrain_epochs, head_epochs = 20, 40

encoder = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU())
decoder = nn.Sequential(nn.Linear(24, 48), nn.ReLU(), nn.Linear(48, 64))
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=3e-3)
for epoch in range(pretrain_epochs):
    for rows in torch.randperm(n_train).split(50):
        loss = nn.functional.mse_loss(decoder(encoder(X[rows])), X[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
print("rebuilding", loss.item())

for p in encoder.parameters():
    p.requires_grad = False
encoder.eval()
head = nn.Linear(24, 10)
model = nn.Sequential(encoder, head)
optimizer = torch.optim.Adam(head.parameters(), lr=1e-2, weight_decay=1e-4)
criterion = nn.CrossEntropyLoss()
for epoch in range(head_epochs):
    for rows in torch.randperm(n_labelled).split(20):
        loss = criterion(model(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 10 == 9:
        print("head, epoch", epoch + 1, loss.item())
with torch.no_grad():
    score = (model(X[n_train:]).argmax(1) == y[n_train:]).float().mean().item()
