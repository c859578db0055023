import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# a denoising autoencoder: fresh noise each step, clean pictures as answers
clean = torch.tensor(load_digits().images, dtype=torch.float32).unsqueeze(1) / 16
clean = clean[torch.randperm(len(clean))]
clean_train, clean_test = clean[:1400], clean[1400:]
SIGMA = 0.35

encoder = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 12, 3, padding=1, stride=2), nn.ReLU())
decoder = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 1, 3, padding=1))
model = nn.Sequential(encoder, decoder)
opt = torch.optim.Adam(model.parameters(), lr=6e-3)
n_epochs = 12
for epoch in range(n_epochs):
    model.train()
    for batch in clean_train[torch.randperm(len(clean_train))].split(50):
        noisy = batch + SIGMA * torch.randn_like(batch)
        restored = model(noisy)
        loss = nn.functional.mse_loss(restored, batch)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"epoch {epoch + 1:2d}, loss {loss.item():.5f}")

model.eval()
with torch.no_grad():
    noisy = clean_test + SIGMA * torch.randn_like(clean_test)
    error = (model(noisy) - clean_test).pow(2).mean()
# share of the pixels' variance over the mean picture that is explained
score = 1 - (error / (clean_test - clean_train.mean(0)).pow(2).mean()).item()
