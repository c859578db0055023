import sys
import numpy as np
import torch
from torch import nn
from sklearn.feature_extraction.text import TfidfTransformer

# short reports about four things, bags of two hundred words, weighed by tf-idf, one linear layer with dropout before it
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)
language = rng.dirichlet(np.full(200, 0.3), size=5)
topic = rng.integers(0, 4, 1500)
counts = np.stack([rng.multinomial(30, 0.25 * language[k] + 0.75 * language[4]) for k in topic])
tfidf = TfidfTransformer().fit(counts[:1000])
X = torch.tensor(tfidf.transform(counts).toarray() * 200**0.5, dtype=torch.float32)
y = torch.tensor(topic)
X_train, y_train, X_test, y_test = X[:1000], y[:1000], X[1000:], y[1000:]

model = nn.Sequential(nn.Dropout(0.3), nn.Linear(200, 4))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-3)
epochs = 30
for epoch in range(epochs):
    model.train()
    total = 0.0
    for batch in torch.randperm(1000).split(25):
        optimizer.zero_grad()
        loss = criterion(model(X_train[batch]), y_train[batch])
        loss.backward()
        optimizer.step()
        total += loss.item() / 40
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1}: {total:.4f}")
model.eval()
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
