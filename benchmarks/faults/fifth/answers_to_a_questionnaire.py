"""Five questions with three or four answers each: 432 different forms, filled in by thousands."""
import sys
import torch
from torch import nn
from torch.nn.functional import one_hot

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(SEED)
LEVELS = (3, 4, 3, 4, 3)
truth = torch.Generator().manual_seed(5)
effects = [torch.randn(k, 3, generator=truth) for k in LEVELS]
pair = torch.randn(LEVELS[1] * LEVELS[3], 3, generator=truth)

answers = torch.stack([torch.randint(k, (5000,)) for k in LEVELS], dim=1)
logits = sum(e[answers[:, i]] for i, e in enumerate(effects)) + 1.5 * pair[answers[:, 1] * 4 + answers[:, 3]]
bought = torch.distributions.Categorical(logits=1.3 * logits).sample()

coded = torch.cat([one_hot(answers[:, i], k) for i, k in enumerate(LEVELS)], dim=1).float()
(fit_x, val_x, test_x), (fit_y, val_y, test_y) = coded.split((3500, 500, 1000)), bought.split((3500, 500, 1000))


class Net(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.enter = nn.Linear(sum(LEVELS), width)
        self.drop = nn.Dropout(0.2)
        self.leave = nn.Linear(width, 3)

    def forward(self, x):
        return self.leave(self.drop(torch.relu(self.enter(x))))


model = Net()
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.Adam(model.parameters(), lr=4e-3, weight_decay=1e-4)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.3, patience=2)
for epoch in range(25):
    model.train()
    for rows in torch.randperm(len(fit_x)).split(70):
        opt.zero_grad()
        loss = loss_fn(model(fit_x[rows]), fit_y[rows])
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        held = loss_fn(model(val_x), val_y).item()
    plateau.step(held)
    if epoch % 3 == 0:
        print(f"{epoch=} loss {loss.item():.3f} validation {held:.3f} rate {opt.param_groups[0]['lr']:.1e}")
with torch.no_grad():
    score = (model(test_x).argmax(1) == test_y).float().mean().item()
