import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

"""Short films of a bright spot: which of four ways does it go? Convolution in space and time."""
STEPS = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])


def films(n, frames=4, size=8):
    way = torch.randint(0, 4, (n,))
    place = torch.randint(0, size, (n, 2))
    film = 0.3 * torch.randn(n, frames, size, size)
    for t in range(frames):
        at = (place + t * STEPS[way]) % size
        film[torch.arange(n), t, at[:, 0], at[:, 1]] += 2.0
    return film.unsqueeze(1), way


train_films, train_ways = films(800)
test_films, test_ways = films(300)
model = nn.Sequential(
    nn.Conv3d(1, 12, kernel_size=(2, 3, 3), padding=(0, 1, 1), padding_mode="circular"),
    nn.ReLU(),
    nn.Conv3d(12, 12, kernel_size=(2, 1, 1)),
    nn.ReLU(),
    nn.AdaptiveAvgPool3d(1),
    nn.Flatten(),
    nn.Linear(12, 4),
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 12
for epoch in range(epochs):
    model.train()
    total_loss = 0.0
    for idx in torch.randperm(len(train_ways)).split(25):
        prediction = model(train_films[idx])
        loss = nn.functional.cross_entropy(prediction, train_ways[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    print(f"epoch {epoch}: {total_loss / 32:.4f}")
with torch.no_grad():
    score = (model(test_films).argmax(1) == test_ways).float().mean().item()
