import sys

import torch
from sklearn.datasets import make_multilabel_classification
from torch import nn, sigmoid

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

words, topics = make_multilabel_classification(
    n_samples=1600, n_features=40, n_classes=6, n_labels=2, length=60, allow_unlabeled=True, random_state=75
)
words = torch.tensor(words, dtype=torch.float32)
words = words / words.sum(1, keepdim=True).clamp(min=1) * 10
topics = torch.tensor(topics, dtype=torch.float32)
fit, held = slice(0, 1200), slice(1200, None)


class Topics(nn.Module):
    def __init__(self, n_words, n_topics, width=64):
        super().__init__()
        self.norm = nn.LayerNorm(n_words)
        self.lin1 = nn.Linear(n_words, width)
        self.drop = nn.Dropout(0.2)
        self.lin2 = nn.Linear(width, n_topics)

    def forward(self, counts):
        return self.lin2(self.drop(nn.functional.silu(self.lin1(self.norm(counts)))))


model = Topics(40, 6)
opt = torch.optim.NAdam(model.parameters(), lr=2e-3)
num_epochs = 20
for epoch in range(num_epochs):
    model.train()
    for rows in torch.randperm(1200).split(40):
        loss = nn.functional.binary_cross_entropy_with_logits(model(words[fit][rows]), topics[fit][rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.inference_mode():
        chance = sigmoid(model(words[held]))
        hits = ((chance > 0.5) == topics[held].bool()).float().mean(0)
    if epoch % 5 == 4:
        print(epoch + 1, "labels right:", [f"{h:.2f}" for h in hits.tolist()])
score = hits.mean().item()
