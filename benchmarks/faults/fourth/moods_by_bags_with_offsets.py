import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
num_epochs = 12

GOOD = "fine warm kind bright lovely gentle clever".split()
BAD = "cold dull rude broken sour noisy cheap".split()
PLAIN = "the a room meal staff was and we had our bed bath door very quite town near walk".split()
vocabulary = {word: i for i, word in enumerate(GOOD + BAD + PLAIN)}


def review(generator):
    """Plain words with some that praise or blame; one in twenty was filed under the wrong mood."""
    mood = int(torch.randint(0, 2, (), generator=generator))
    words = []
    for _ in range(int(torch.randint(6, 16, (), generator=generator))):
        u = torch.rand((), generator=generator)
        pool = PLAIN if u < 0.65 else ((BAD, GOOD)[mood] if u < 0.92 else (GOOD, BAD)[mood])
        words.append(pool[int(torch.randint(0, len(pool), (), generator=generator))])
    if torch.rand((), generator=generator) < 0.05:
        mood = 1 - mood
    return " ".join(words), mood


class Reviews(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


def collate_batch(batch):
    words, offsets, moods = [], [0], []
    for text, mood in batch:
        ids = [vocabulary[word] for word in text.split()]
        words += ids
        offsets.append(len(ids))
        moods.append(mood)
    return torch.tensor(words), torch.tensor(offsets[:-1]).cumsum(0), torch.tensor(moods)


gen = torch.Generator().manual_seed(103)
rows = [review(gen) for _ in range(1300)]
train_dl = DataLoader(Reviews(rows[:900]), batch_size=32, shuffle=True, collate_fn=collate_batch)
valid_dl = DataLoader(Reviews(rows[900:]), batch_size=100, collate_fn=collate_batch)


class TextClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.EmbeddingBag(len(vocabulary), 12)
        self.fc = nn.Linear(12, 2)

    def forward(self, text, offsets):
        return self.fc(self.embedding(text, offsets))


model = TextClassifier()
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(1, num_epochs + 1):
    model.train()
    for text, offsets, mood in train_dl:
        optimizer.zero_grad()
        loss = criterion(model(text, offsets), mood)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
    model.eval()
    right = 0
    with torch.no_grad():
        for text, offsets, mood in valid_dl:
            right += (model(text, offsets).argmax(1) == mood).sum().item()
    print(f"| epoch {epoch:2d} | loss {loss.item():.3f} | valid accuracy {right / 400:.3f}")
score = right / 400
