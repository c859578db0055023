import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
N_PLACES = 25
place_level = torch.randn(N_PLACES, generator=torch.Generator().manual_seed(66)) * 0.4


def houses(n):
    place = torch.randint(0, N_PLACES, (n,))
    area = torch.exp(4.6 + 0.4 * torch.randn(n))
    rooms = (area / 28 + torch.randn(n)).clamp(1, 9).round()
    built = torch.randint(1920, 2021, (n,)).float()
    garden = (torch.rand(n) < 0.4).float()
    log_price = 8.2 + 0.85 * area.log() + place_level[place] + 0.003 * (built - 1970) + 0.12 * garden + 0.03 * rooms
    return place, torch.stack([area.log(), rooms, built, garden], 1), log_price + 0.15 * torch.randn(n)


class PriceModel(nn.Module):
    def __init__(self, dim=4, width=32):
        super().__init__()
        self.place = nn.Embedding(N_PLACES, dim)
        self.mlp = nn.Sequential(nn.Linear(dim + 4, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, place, numbers):
        return self.mlp(torch.cat([self.place(place), numbers], -1)).squeeze(-1)


place, numbers, price = houses(2500)
place_t, numbers_t, price_t = houses(800)
mu, sd = numbers.mean(0), numbers.std(0)
numbers, numbers_t = (numbers - mu) / sd, (numbers_t - mu) / sd
pm, ps = price.mean(), price.std()
price, price_t = (price - pm) / ps, (price_t - pm) / ps

model = PriceModel()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-2)
loss_fn = nn.SmoothL1Loss()
n_epochs = 25
warm = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: min(1.0, (e + 1) / 3) * (1 - e / n_epochs))
for epoch in range(n_epochs):
    order = torch.randperm(len(price))
    for k in range(0, len(order), 50):
        j = order[k : k + 50]
        loss = loss_fn(model(place[j], numbers[j]), price[j])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    warm.step()
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1} loss {loss.item():.4f}")
with torch.no_grad():
    off = model(place_t, numbers_t) - price_t
score = 1 - (off.pow(2).mean() / price_t.var()).item()
