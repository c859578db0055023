"""The second set's faults of a whole run: modes, dropout, batch norm, fitting too little or too much, rows and splits."""
# ruff: noqa: E501, ISC002  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator

from case import Program
from second_faults import PLAIN, SMALL, plant
from second_networks import BODY, lenet, mlp, net, signal, words
from second_styles import HEAD, _renamed

DROPS = mlp(96, 96, after=", nn.Dropout(0.4)")
NORMED = mlp(48, 48, after=", nn.BatchNorm1d(b)")
NORMED_SIGNAL = signal(norm="nn.BatchNorm1d(12),", norm2="nn.BatchNorm1d(24),")
NORMED_IMAGES = lenet(init="self.norm = nn.BatchNorm2d(8)").replace(
    "F.relu(self.conv1(x))", "F.relu(self.norm(self.conv1(x)))"
)


def faults() -> Iterator[Program]:
    """Of a whole run."""
    yield from _dropout()
    yield from _norms()
    yield from _fits()
    yield from _rows()


def _dropout() -> Iterator[Program]:
    yield from plant("evaluation_mode_forgotten", ("dropout",), [("tutorial", "diabetes", DROPS), ("config", "quantiles", DROPS), ("system", "hastie", DROPS)],
                     eval_mode="<<pass||model.eval()>>")  # fmt: skip
    inside = BODY.replace(
        "return self.out(x)", "x = <<nn.Dropout(0.5)(x)||F.dropout(x, 0.5, self.training)>>\nreturn self.out(x)"
    )
    yield from plant(
        "dropout_made_in_the_forward_pass",
        ("dropout",),
        [("tutorial", "quantiles", net(inside)), ("endless", "diabetes", net(inside))],
    )
    always = lenet(middle="x = x.flatten(1)\nx = F.dropout(x, 0.4<<||, self.training>>)")
    yield from plant(
        "functional_dropout_without_mode", ("dropout",), [("config", "bars", always), ("tutorial", "dots", always)]
    )
    most = mlp(48, 48, after=", nn.Dropout(p=<<0.95||0.05>>)")
    yield from plant(
        "share_to_keep_as_share_to_drop",
        ("dropout",),
        [("tutorial", "hastie", most), ("system", "quantiles", most), ("endless", "circuit", most)],
    )
    first = mlp(48, 48, first="nn.Dropout(<<0.8||0.0>>)")
    yield from plant(
        "inputs_mostly_dropped", ("dropout",), [("config", "customers", first), ("tutorial", "swiss", first)]
    )
    last = mlp(48, last=", nn.Dropout(<<0.5||0.0>>)")
    yield from plant(
        "answers_dropped", ("dropout", "activations"), [("endless", "quantiles", last), ("config", "pendulum", last)]
    )
    mask = "class Mask(nn.Module):\n    def forward(self, x):\n        if self.training:\n            kept = (torch.rand_like(x) < 0.3).float()\n            return x * kept<<|| / 0.3>>\n        return x\n\n\n"
    thin = mask + mlp(96, 96, after=", Mask()")
    yield from plant(
        "mask_without_its_scale", ("dropout",), [("tutorial", "circuit", thin), ("system", "spiral", thin)]
    )


def _norms() -> Iterator[Program]:
    yield from plant("scores_by_the_batch", ("batchnorm",), [("tutorial", "quantiles", NORMED), ("config", "signals", NORMED_SIGNAL), ("system", "dots", NORMED_IMAGES)],
                     eval_mode="<<pass||model.eval()>>")  # fmt: skip
    yield from plant("stays_in_evaluation_mode", ("batchnorm", "dropout"),
                     [("endless", "bars", NORMED_IMAGES), ("config", "circuit", NORMED), ("tutorial", "diabetes", DROPS), ("system", "spiral", NORMED)],
                     train_mode="<<model.eval()||model.train()>>",
                     extra="x_train, x_test = 3 * x_train + 2, 3 * x_test + 2")  # fmt: skip
    pairs = [("tutorial", "quantiles", NORMED), ("config", "pendulum", NORMED), ("endless", "signals", NORMED_SIGNAL)]
    yield from plant("norm_of_pairs", ("batchnorm", "optimizers"), pairs[:2], batch="<<2||32>>", epochs="<<4||16>>")
    slow = mlp(48, 48, after=", nn.BatchNorm1d(b, momentum=<<0.0001||0.1>>)")
    yield from plant(
        "statistics_hardly_move",
        ("batchnorm",),
        [("tutorial", "circuit", slow), ("system", "hastie", slow)],
        extra="x_train, x_test = 4 * x_train + 5, 4 * x_test + 5",
    )
    yield from plant("norm_of_the_answers", ("batchnorm", "activations"), [("tutorial", "diabetes", mlp(32, last="<<, nn.BatchNorm1d(1, affine=False)||>>")),
                     ("config", "swiss", mlp(48, last="<<, nn.BatchNorm1d(1, affine=False)||>>"))],
                     extra="y_train, y_test = 4 + 2 * y_train, 4 + 2 * y_test")  # fmt: skip


def _fits() -> Iterator[Program]:
    yield from plant("one_short_epoch", ("overfitting", "optimizers"), [("tutorial", "bars", lenet()), ("config", "circuit", PLAIN), ("system", "signals", signal())],
                     epochs="<<1||25>>", batch="<<200||25>>", optimizer="torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)")  # fmt: skip
    yield from plant(
        "bottleneck_of_one",
        ("overfitting",),
        [
            ("tutorial", "spiral", mlp(48, "<<1||48>>", 48)),
            ("endless", "letters", words().replace("48", "<<1||48>>")),
            ("config", "pendulum", mlp("<<1||48>>")),
        ],
    )
    stop = "best, waited = float('inf'), 0"
    wrong = "with torch.no_grad():\n    now = loss_of(model(x_test), y_test).item()\nif now << < || > >> best - 1e-6:\n    waited += 1\nbest = min(best, now)\nif waited >= 2<<|| + 20>>:\n    break"
    yield from plant("stops_while_it_improves", ("overfitting", "optimizers"), [("tutorial", "circuit", PLAIN), ("tutorial", "bars", lenet()), ("tutorial", "spiral", PLAIN)],
                     extra=stop, after_epoch=wrong, optimizer="torch.optim.Adam(model.parameters(), lr=0.002)")  # fmt: skip
    few = "kept = <<30||len(x_train)>>\nx_train, y_train = x_train[:kept], y_train[:kept]"
    large = mlp(200, 200)
    yield from plant("thirty_rows_by_heart", ("overfitting",), [("tutorial", "diabetes", large), ("config", "hastie", large), ("system", "signals", signal())],
                     extra=few, epochs="<<250||6>>", optimizer="torch.optim.Adam(model.parameters(), lr=0.002)")  # fmt: skip
    yield from plant("noise_by_heart", ("overfitting",), [("config", "diabetes", large), ("tutorial", "customers", large)],
                     extra="y_train = <<torch.where(torch.rand(y_train.shape) < 0.4, y_train[torch.randperm(len(y_train))], y_train)||y_train>>\nx_train, y_train = x_train[<<:150||:>>], y_train[<<:150||:>>]", epochs="<<150||6>>")  # fmt: skip


def _rows() -> Iterator[Program]:
    lose = "x_train = x_train[<<torch.randperm(len(x_train))||torch.arange(len(x_train))>>]"
    yield from plant(
        "inputs_shuffled_without_answers",
        ("overfitting", "splits"),
        [("tutorial", "bars", lenet()), ("config", "circuit", SMALL), ("endless", "customers", SMALL)],
        extra=lose,
    )
    drawn = "every_x, every_y = torch.cat([x_train, x_test]), torch.cat([y_train, y_test])\nfirst = torch.randperm(len(every_x), generator=torch.Generator().manual_seed(1))\n" \
        "second = <<torch.randperm(len(every_x), generator=torch.Generator().manual_seed(2))||first>>\ncut = len(x_train)\n" \
        "x_train, y_train, x_test, y_test = every_x[first[:cut]], every_y[first[:cut]], every_x[second[cut:]], every_y[second[cut:]]"  # fmt: skip
    yield from plant(
        "two_draws_of_one_division",
        ("splits",),
        [("tutorial", "diabetes", SMALL), ("config", "quantiles", PLAIN), ("system", "bars", lenet())],
        extra=drawn,
    )
    copies = "again = torch.randint(0, len(x_train), (len(x_train),))\nevery_x, every_y = torch.cat([x_train, x_test]), torch.cat([y_train, y_test])\n" \
        "if <<True||False>>:\n    grown = torch.cat([torch.arange(len(every_x)), torch.randint(0, len(every_x), (len(every_x),))])\n    grown = grown[torch.randperm(len(grown))]\n" \
        "    cut = len(grown) * 7 // 10\n    x_train, y_train = every_x[grown[:cut]], every_y[grown[:cut]]\n    x_test, y_test = every_x[grown[cut:]], every_y[grown[cut:]]\n" \
        "else:\n    x_train, y_train = torch.cat([x_train, x_train[again]]), torch.cat([y_train, y_train[again]])"  # fmt: skip
    yield from plant(
        "oversampled_before_the_division",
        ("splits",),
        [("config", "customers", SMALL), ("tutorial", "signals", signal()), ("endless", "pendulum", PLAIN)],
        extra=copies,
    )
    whole = "if <<True||False>>:\n    x_train, y_train = torch.cat([x_train, x_test]), torch.cat([y_train, y_test])"
    yield from plant(
        "all_rows_for_training",
        ("splits",),
        [("tutorial", "customers", SMALL), ("system", "circuit", PLAIN), ("endless", "quantiles", PLAIN)],
        extra=whole,
    )
    order = "order = <<torch.argsort(y_train)||torch.randperm(len(y_train))>>\nx_train, y_train = x_train[order], y_train[order]"
    yield from plant(
        "files_read_class_by_class",
        ("splits", "optimizers"),
        [("tutorial", "quantiles", PLAIN), ("config", "bars", lenet()), ("system", "signals", signal())],
        extra=order,
        shuffle="False",
    )
    cut = "every_x, every_y = torch.cat([x_train, x_test]), torch.cat([y_train, y_test])\ncount = len(x_train)\nif <<True||False>>:\n    order = torch.argsort(every_y)\n    every_x, every_y = every_x[order], every_y[order]\n    count = int((every_y < outputs - 1).sum())\n" \
        "x_train, y_train, x_test, y_test = every_x[:count], every_y[:count], every_x[count:], every_y[count:]"  # fmt: skip
    yield from plant(
        "cut_of_a_sorted_table",
        ("splits",),
        [("tutorial", "spiral", PLAIN), ("config", "signals", signal())],
        extra=cut,
    )
    empty = "x_train, x_test = x_train * <<0.0||1.0>>, x_test * <<0.0||1.0>>"
    yield from plant(
        "pictures_all_black",
        ("splits", "overfitting", "gradients"),
        [("tutorial", "bars", lenet()), ("endless", "dots", lenet())],
        extra=empty,
    )
    column = "x_train, x_test = (torch.cat([part, <<answer||torch.randn(len(answer), 1)>>], 1) for part, answer in ((x_train, y_train), (x_test, y_test)))"
    yield from plant(
        "answer_left_in_the_table",
        ("splits",),
        [
            ("tutorial", "circuit", SMALL.replace("[inputs", "[inputs + 1")),
            ("config", "customers", SMALL.replace("[inputs", "[inputs + 1")),
        ],
        extra=column,
    )
    one = "y_train = y_train * <<0||1>>"
    yield from plant(
        "one_answer_for_all",
        ("splits",),
        [("tutorial", "customers", SMALL), ("config", "signals", signal()), ("endless", "diabetes", SMALL)],
        extra=one,
    )
    yield from _folds()


FOLDS = """
scores = []
<<model, optimizer = fresh()||>>
for fold in range(4):
    <<||model, optimizer = fresh()>>
    held = torch.arange(len(x_train)) % 4 == fold
    model.train()
    for epoch in range(6):
        for rows in torch.nonzero(~held)[:, 0][torch.randperm(int((~held).sum()))].split(25):
            optimizer.zero_grad()
            loss = @loss@(model(x_train[rows]), y_train[rows])
            loss.backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        output, target = model(x_train[held]), y_train[held]
        scores.append(@score@)
    print("fold", fold, scores[-1])
score = sum(scores) / len(scores)
"""


def _folds() -> Iterator[Program]:
    """Weights carried from fold to fold: each later fold is scored on rows that were trained on."""
    from case import fill
    from loops import TAIL
    from second_data import SECOND

    losses = {"numbers": "F.mse_loss", "classes": "F.cross_entropy", "binary": "F.binary_cross_entropy_with_logits"}
    from data_slots import SCORES

    for data, names in (
        ("diabetes", {}),
        ("quantiles", {"model": "clf", "optimizer": "opt"}),
        ("customers", {"model": "learner"}),
    ):
        text, task = SECOND[data]
        fresh = (
            "def fresh():\n"
            + "".join(f"    {line}\n" for line in PLAIN.strip().splitlines())
            + "    return model, torch.optim.Adam(model.parameters(), lr=0.004)"
        )
        source = fill(
            HEAD + FOLDS,
            title="Folds.",
            data=text,
            network=fresh,
            extra="",
            loss=losses[task],
            score=SCORES[task].replace("@threshold@", "0"),
        )
        yield Program(
            f"weights_carried_to_the_next_fold-folds-{data}",
            _renamed(source, names) + TAIL.replace("model.", names.get("model", "model") + "."),
            ("splits",),
        )
