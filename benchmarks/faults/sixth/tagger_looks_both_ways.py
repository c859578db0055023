import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

# a symbol's tag depends on its left and right neighbours: a two-way LSTM tags each place
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
S, TAGS, T = 8, 4, 12
rule = torch.randint(0, TAGS, (S, S, S), generator=torch.Generator().manual_seed(71))
base = torch.randint(0, TAGS, (S,), generator=torch.Generator().manual_seed(72))


def corpus(n):
    s = torch.randint(S, (n, T))
    left, right = s.roll(1, 1), s.roll(-1, 1)
    left[:, 0] = right[:, -1] = 0
    return s, (base[s] + (left > 3).long() + 2 * (right > 4).long()) % TAGS


class Tagger(nn.Module):
    def __init__(self, dim=16, hidden=20):
        super().__init__()
        self.word_embeddings = nn.Embedding(S, dim)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.hidden2tag = nn.Linear(2 * hidden, TAGS)

    def forward(self, sentence):
        lstm_out, _ = self.lstm(self.word_embeddings(sentence))
        return F.log_softmax(self.hidden2tag(lstm_out), dim=2)


x_train, y_train = corpus(400)
x_test, y_test = corpus(200)
model = Tagger()
loss_function = nn.NLLLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 14
for epoch in range(epochs):
    for sentences in torch.randperm(len(x_train)).split(16):
        model.zero_grad()
        tag_scores = model(x_train[sentences])
        loss = loss_function(tag_scores.transpose(1, 2), y_train[sentences])
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    score = (model(x_test).argmax(2) == y_test).float().mean().item()
