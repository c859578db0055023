import sys
import torch
from torch import nn

# sine, square, saw or triangle? any frequency, any phase, noise
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def waves(n, length=48):
    kind = torch.randint(4, (n,))
    t = torch.arange(length) / length * (2 + 3 * torch.rand(n, 1)) + torch.rand(n, 1)
    turn = t % 1.0
    forms = torch.stack([torch.sin(6.2832 * turn), (turn < 0.5).float() * 2 - 1, 2 * turn - 1, 4 * (turn - 0.5).abs() - 1])
    return (forms[kind, torch.arange(n)] + 0.2 * torch.randn(n, length)).unsqueeze(1), kind


class WaveNet(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, channels, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv1d(channels, 2 * channels, 5, stride=2, padding=2),
            nn.ReLU(),
        )
        self.classifier = nn.Linear(2 * channels, 4)

    def forward(self, x):
        return self.classifier(self.features(x).mean(dim=2))


signals, kinds = waves(1200)
test_signals, test_kinds = waves(400)
model = WaveNet()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
loss_function = nn.CrossEntropyLoss()
epochs = 25
for epoch in range(epochs):
    for picked in torch.randperm(len(kinds)).split(40):
        model.zero_grad()
        loss = loss_function(model(signals[picked]), kinds[picked])
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1}: {loss.item():.4f}")
with torch.no_grad():
    score = torch.eq(model(test_signals).argmax(-1), test_kinds).float().mean().item()
