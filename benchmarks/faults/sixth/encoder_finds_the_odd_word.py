import sys
import math
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# ten words of one of four themes, one word of another theme among them: which place is the odd one out?
THEMES, WORDS, L = 4, 8, 8


def lists(n):
    theme = torch.randint(THEMES, (n, 1))
    other = (theme + torch.randint(1, THEMES, (n, 1))) % THEMES
    words = theme * WORDS + torch.randint(WORDS, (n, L))
    place = torch.randint(L, (n,))
    words[torch.arange(n), place] = (other * WORDS + torch.randint(WORDS, (n, 1)))[:, 0]
    return words, place


class OddOneOut(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.embed = nn.Embedding(THEMES * WORDS, d)
        layer = nn.TransformerEncoderLayer(d, nhead=4, dim_feedforward=64, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=1, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(d)
        self.score = nn.Linear(d, 1)
        self.scale = math.sqrt(d)

    def forward(self, words):
        return self.score(self.norm(self.encoder(self.embed(words)))).squeeze(-1)


words, place = lists(3000)
words_test, place_test = lists(500)
model = OddOneOut()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()
epochs = 6
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(3000).split(60):
        loss = loss_fn(model(words[rows]), place[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1} loss {loss.item():.4f}")
model.eval()
with torch.no_grad():
    score = (model(words_test).argmax(1) == place_test).float().mean().item()
