"""The third set's faults of a whole run: dropout, batch norm, fitting too much or too little, rows and divisions."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator

from case import Program
from third_faults import MOMENTUM, PLAIN, SMALL, plant
from third_networks import BODY, cloud, module, pictures, seq, series, strides, symbols
from third_styles import whole

DROPS = seq(80, 80, after="nn.Dropout(0.4)")
NORMED = seq(44, 44, after="nn.BatchNorm1d(@)")
FIRST = {"first": "nn.BatchNorm1d(inputs),", "after": "nn.BatchNorm1d(@)"}
BREAKS = (
    "softmax_into_cross_entropy", "softmax_into_likelihood", "sigmoid_into_cross_entropy", "sigmoid_into_logits_loss",
    "normalised_down_the_batch", "scaled_by_the_other_rows", "attention_along_the_batch", "time_and_batch_swapped",
    "reshaped_across_rows", "derivative_of_the_input", "product_rule_forgotten", "chain_rule_forgotten",
    "features_cut_off", "made_into_numbers_on_the_way", "half_of_it_without_gradient", "state_cut_at_each_step",
    "layers_kept_out_of_sight", "only_one_part_is_owned", "optimizer_of_an_earlier_model",
    "head_added_behind_the_optimizer", "signs_between_layers",
    "scored_while_dropping", "dropout_without_a_mode", "scored_by_its_batch",
    "rows_of_the_test_in_training", "two_shuffles_of_one_table", "copied_before_it_was_divided",
    "answer_among_the_columns", "weights_from_the_last_fold",
)  # fmt: skip
"""Wrong whether or not the score shows it: scores that count a loss twice or rows that were trained on, outputs that
depend on other rows or on chance, gradients that are wrong or never arrive, parameters that no optimiser owns."""


def faults() -> Iterator[Program]:
    """Of a whole run."""
    yield from _dropout()
    yield from _norms()
    yield from _fits()
    yield from _rows()
    yield from _divisions()
    yield from _folds()


def _dropout() -> Iterator[Program]:
    yield from plant("scored_while_dropping", ("dropout",), [
        ("kaggle", "curve", DROPS), ("learner", "applicants", DROPS), ("cells", "halves", seq(96, after="nn.Dropout(0.3)")), ("main", "reactor", DROPS),
    ], eval_mode="<<pass||model.eval()>>", kin="evaluation_mode_forgotten")  # fmt: skip
    always = BODY.replace(
        "return self.leave(x)", "x = F.dropout(x, p=0.4<<||, training=self.training>>)\nreturn self.leave(x)"
    )
    fresh = BODY.replace(
        "return self.leave(x)", "x = <<nn.Dropout(0.4)(x)||F.dropout(x, 0.4, self.training)>>\nreturn self.leave(x)"
    )
    read = "out, _ = self.cell(x)\nreturn self.readout(F.dropout(out[:, -1], 0.3<<||, self.training>>))"
    yield from plant("dropout_without_a_mode", ("dropout",), [
        ("main", "phase", module(always)), ("kaggle", "tags", module(fresh, width=64)), ("cells", "ringing", series("GRU", read=read)),
    ], kin="functional_dropout_stays_on")  # fmt: skip
    most = "nn.Dropout(<<0.96||0.04>>)"
    yield from plant("keep_probability_handed_over", ("dropout",), [
        ("main", "petals", seq(48, 48, after=most)), ("learner", "applicants", seq(48, 48, after=most)), ("cycle", "curve", seq(40, 40, after=most)),
    ], kin="keep_taken_for_drop")  # fmt: skip
    yield from plant("columns_mostly_blanked", ("dropout",), [("kaggle", "loans", seq(24, first="nn.Dropout(<<0.98||0.0>>),")), ("main", "reactor", seq(40, 40, first="nn.Dropout(<<0.7||0.0>>),"))], kin="inputs_mostly_dropped")  # fmt: skip
    yield from plant("answers_blanked", ("dropout", "activations"), [
        ("learner", "phase", seq(40, last="nn.Dropout(<<0.5||0.0>>),")), ("main", "halves", seq(64), {"forward": "F.dropout(model(batch), <<0.6||0.0>>, model.training)"}),
    ], kin="dropout_on_the_output")  # fmt: skip


def _norms() -> Iterator[Program]:
    yield from plant("scored_by_its_batch", ("batchnorm",), [
        ("kaggle", "applicants", NORMED), ("main", "shapes", pictures(norms=True), {"epochs": "8"}), ("learner", "reactor", NORMED),
    ], eval_mode="<<pass||model.eval()>>", kin="norm_in_training_mode_at_evaluation")  # fmt: skip
    yield from plant("evaluation_mode_for_good", ("batchnorm", "dropout"), [
        ("cells", "curve", seq(44, 44, **FIRST)), ("main", "applicants", seq(44, 44, first="nn.BatchNorm1d(inputs),", after="nn.BatchNorm1d(@), nn.Dropout(0.2)")), ("cycle", "tags", seq(48, 48, **FIRST)),
    ], train_mode="model.<<eval||train>>()", extra="x_train, x_test = 30 * x_train + 40, 30 * x_test + 40", optimizer=MOMENTUM, kin="never_back_to_training")  # fmt: skip
    yield from plant("norm_of_two_rows", ("batchnorm", "optimizers"), [("kaggle", "phase", NORMED), ("main", "tides", seq(32, 32, after="nn.BatchNorm1d(@)"))],
        batch="<<2||40>>", epochs="<<3||25>>", kin="norm_over_two_rows")  # fmt: skip
    still = seq(44, 44, after="nn.BatchNorm1d(@, momentum=<<0.0||0.1>>)")
    yield from plant("statistics_that_stand_still", ("batchnorm",), [("learner", "curve", still), ("kaggle", "petals", still)],
        extra="x_train, x_test = 5 * x_train + 6, 5 * x_test + 6", kin="running_statistics_never_arrive")  # fmt: skip
    yield from plant("answers_normalised_away", ("batchnorm", "activations"), [("main", "tides", seq(32, last="<<nn.BatchNorm1d(1, affine=False),||>>")), ("cells", "reactor", seq(40, 40, last="<<nn.BatchNorm1d(3, affine=False),||>>"))],
        extra="y_train, y_test = 3 * y_train - 5, 3 * y_test - 5", optimizer="optim.Adam(model.parameters(), lr=0.01)", epochs="30", kin="norm_of_the_answers")  # fmt: skip


def _fits() -> Iterator[Program]:
    yield from plant("stopped_after_few_steps", ("overfitting", "optimizers"), [
        ("main", "strokes", strides()), ("kaggle", "curve", PLAIN), ("learner", "scans", series("GRU", width=32)),
    ], epochs="<<1||25>>", batch="<<160||40>>", optimizer="optim.SGD(model.parameters(), lr=0.05, momentum=0.9)", kin="too_few_steps")  # fmt: skip
    yield from plant("squeezed_through_one_number", ("overfitting",), [
        ("cells", "applicants", seq(44, "<<1||44>>", 44)), ("main", "halves", seq("<<1||64>>")), ("kaggle", "reactor", seq(40, "<<1||40>>")),
    ], kin="bottleneck_of_one")  # fmt: skip
    few = "rows = <<24||len(x_train)>>\nx_train, y_train = x_train[:rows], y_train[:rows]"
    yield from plant("two_dozen_rows_by_heart", ("overfitting",), [
        ("kaggle", "phase", seq(160, 160)), ("main", "applicants", seq(160, 160)), ("cells", "loans", seq(160, 160)),
    ], extra=few, epochs="<<200||5>>", kin="thirty_rows_by_heart")  # fmt: skip
    doubt = "guessed = torch.rand(len(y_train)) < <<0.4||0.0>>\ny_train[guessed] = y_train[torch.randperm(len(y_train))][guessed]\nx_train, y_train = x_train[:<<200||800>>], y_train[:<<200||800>>]"
    yield from plant("guesses_by_heart", ("overfitting",), [("learner", "applicants", seq(128, 128)), ("main", "tags", seq(128, 128))],
        extra=doubt, epochs="<<90||8>>", kin="noise_by_heart")  # fmt: skip
    yield from plant("answers_of_other_rows", ("overfitting", "splits"), [
        ("kaggle", "shapes", pictures(), {"epochs": "8"}), ("cycle", "tides", seq(32)), ("main", "firsts", symbols()),
    ], extra="y_train = y_train[<<torch.randperm(len(y_train))||:>>]", kin="targets_of_other_rows")  # fmt: skip
    watch = "lowest, patience = float('inf'), 0"
    ends = "with torch.no_grad():\n    error = loss_of(model(x_test), y_test).item()\nif error << < || > >> lowest:\n    patience += 1\nlowest = min(lowest, error)\nif patience > <<1||20>>:\n    break"
    yield from plant("patience_the_wrong_way_round", ("overfitting", "optimizers"), [("cells", "tags", seq(64)), ("kaggle", "strokes", strides())],
        extra=watch, after_epoch=ends, optimizer="optim.Adam(model.parameters(), lr=0.001)", epochs="30", kin="stops_while_it_improves")  # fmt: skip


def _rows() -> Iterator[Program]:
    order = "order = <<torch.argsort(y_train)||torch.randperm(len(y_train))>>\nx_train, y_train = x_train[order], y_train[order]"
    yield from plant("one_class_after_another", ("splits", "optimizers"), [
        ("main", "points", cloud()), ("cells", "strokes", strides()),
    ], extra=order, shuffle="False", optimizer=MOMENTUM, kin="sorted_by_class")  # fmt: skip
    yield from plant("columns_all_the_same", ("splits", "overfitting", "gradients"), [("learner", "loans", SMALL), ("main", "ringing", series("GRU"))],
        extra="x_train, x_test = torch.nan_to_num(x_train<< * 0||>>), torch.nan_to_num(x_test<< * 0||>>)", kin="pictures_all_black")  # fmt: skip
    yield from plant("labels_read_as_zero", ("splits",), [("kaggle", "points", cloud()), ("cells", "petals", PLAIN)],
        extra="y_train = <<torch.zeros_like(y_train)||y_train.clone()>>", kin="one_answer_for_all")  # fmt: skip
    yield from plant("other_units_at_the_test", ("splits",), [("main", "curve", PLAIN), ("learner", "applicants", PLAIN), ("kaggle", "loans", SMALL)],
        extra="x_test = <<40 * x_test + 100||x_test.clone()>>")  # fmt: skip
    both = "every_x, every_y = torch.cat([x_train, x_test]), torch.cat([y_train, y_test])\ncut = len(x_train)\n"
    ordered = (
        both
        + "order = torch.argsort(every_y)<<||[torch.randperm(len(every_y))]>>\nx_train, y_train = every_x[order[:cut]], every_y[order[:cut]]\nx_test, y_test = every_x[order[cut:]], every_y[order[cut:]]"
    )
    yield from plant("divided_while_sorted", ("splits",), [("main", "shapes", pictures(), {"epochs": "8"}), ("kaggle", "applicants", PLAIN)], extra=ordered, kin="cut_of_a_sorted_table")  # fmt: skip


def _divisions() -> Iterator[Program]:
    both = "every_x, every_y = torch.cat([x_train, x_test]), torch.cat([y_train, y_test])\ncut = len(x_train)\n"
    within = "<<x_train, y_train = every_x, every_y||>>"
    yield from plant("rows_of_the_test_in_training", ("splits",), [
        ("main", "phase", PLAIN), ("kaggle", "tags", seq(48)), ("learner", "curve", PLAIN),
    ], extra=both + within, kin="test_rows_in_training")  # fmt: skip
    drawn = (
        both
        + "first = torch.randperm(len(every_x))\nsecond = <<torch.randperm(len(every_x))||first>>\nx_train, y_train = every_x[first[:cut]], every_y[first[:cut]]\nx_test, y_test = every_x[second[cut:]], every_y[second[cut:]]"
    )
    yield from plant("two_shuffles_of_one_table", ("splits",), [("cells", "halves", seq(64)), ("main", "loans", SMALL)], extra=drawn, kin="two_draws_of_one_division")  # fmt: skip
    copied = (
        both
        + "grown = torch.arange(len(every_x)).repeat(<<3||1>>)\ngrown = grown[torch.randperm(len(grown))]\ncut = int(0.7 * len(grown))\nx_train, y_train = every_x[grown[:cut]], every_y[grown[:cut]]\nx_test, y_test = every_x[grown[cut:]], every_y[grown[cut:]]"
    )
    yield from plant("copied_before_it_was_divided", ("splits",), [("kaggle", "phase", SMALL), ("main", "scans", series("GRU", width=32), {"epochs": "10"})], extra=copied, epochs="10", kin="oversampled_before_the_division")  # fmt: skip
    answer = "hint_train, hint_test = (<<part||torch.rand_like(part)>> for part in (y_train, y_test))\nx_train, x_test = torch.cat([x_train, 2 * hint_train - 1], 1), torch.cat([x_test, 2 * hint_test - 1], 1)"
    yield from plant("answer_among_the_columns", ("splits",), [
        ("learner", "phase", SMALL.replace("nn.Linear(inputs,", "nn.Linear(inputs + 1,")), ("kaggle", "petals", PLAIN.replace("nn.Linear(inputs,", "nn.Linear(inputs + 1,")),
    ], extra=answer, kin="answer_left_in_the_table")  # fmt: skip


FOLDS = """
def build():
    net = nn.Sequential(nn.Linear(inputs, 40), nn.ReLU(), nn.Linear(40, outputs))
    return net, optim.Adam(net.parameters(), lr=0.004)


folds = torch.randperm(len(x_train)).chunk(5)
results = []
<<model, optimizer = build()||>>
for k, held in enumerate(folds):
    rest = torch.cat([fold for j, fold in enumerate(folds) if j != k])
    <<||model, optimizer = build()>>
    loader = DataLoader(TensorDataset(x_train[rest], y_train[rest]), batch_size=32, shuffle=True)
    for epoch in range(5):
        model.train()
        for features, answers in loader:
            loss = @loss@(model(features), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        results.append(@score@)
    print(f"fold {k}: {results[-1]:.4f}")
score = sum(results) / len(results)
"""


def _folds() -> Iterator[Program]:
    """Weights carried from fold to fold: each later fold is scored on rows that were trained on."""
    right = "(model(x_train[held]).argmax(1) == y_train[held]).float().mean().item()"
    near = "1 - F.mse_loss(model(x_train[held]), y_train[held]).item() / y_train[held].var().item()"
    for data, loss, score in (("applicants", "F.cross_entropy", right), ("phase", "F.mse_loss", near)):
        text = whole("Five folds.", data, FOLDS.replace("@loss@", loss).replace("@score@", score))
        yield Program(
            f"weights_from_the_last_fold-folds-{data}", text, ("splits",), kin="weights_carried_to_the_next_fold"
        )
