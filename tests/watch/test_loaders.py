"""Rows are followed from the DataLoader: leaks, order, labels and columns are found, and healthy twins are silent."""

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, SequentialSampler, Subset, TensorDataset

from watch.planted import classes, net, observed
from whyfit.exams.watched.all import examine_watched
from whyfit.vitals.loaders import Loaders
from whyfit.vitals.prints import prints_of
from whyfit.vitals.pulse import Pulse
from whyfit.vitals.rows import Rows

ROWS, TRAINED = 600, 480


def found(seen):
    return {finding.code: finding for finding in examine_watched(seen)[1]}


def why(seen):
    return examine_watched(seen)[0]["splits"].why_code


def train(trained, scored=None, *, model=None, epochs=4, sampler=None, change=None, score_every=1, shuffle=True):
    """An ordinary loop over loaders, scored after every epoch."""
    model = model or net()
    rule = torch.optim.Adam(model.parameters(), lr=0.01)
    loader = DataLoader(trained, batch_size=32, shuffle=shuffle and sampler is None, sampler=sampler)
    for epoch in range(epochs):
        model.train()
        for x, y in loader:
            rule.zero_grad()
            inputs = x if change is None else change(x)
            nn.functional.cross_entropy(model(inputs), y).backward()
            rule.step()
        if scored is not None and epoch % score_every == 0:
            model.eval()
            for x, _ in scored if isinstance(scored, DataLoader) else DataLoader(scored, batch_size=64):
                with torch.no_grad():
                    model(x)
    return model


def data(rows=ROWS, seed=5):
    return TensorDataset(*classes(rows, seed=seed))


def parts(share):
    """A training part, and a scored part of which that share are training rows."""
    x, y = classes(ROWS)
    leaked = round(share * (ROWS - TRAINED))
    rows = torch.cat([torch.arange(leaked), torch.arange(TRAINED + leaked, ROWS)])
    return TensorDataset(x[:TRAINED], y[:TRAINED]), TensorDataset(x[rows], y[rows])


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_scored_rows_that_were_trained_on_are_found_with_their_share(share):
    one = found(observed(lambda: train(*parts(share))))["splits.scored_rows_trained_on"]
    assert one.numbers["share"] == pytest.approx(share, abs=0.01)


def test_parts_that_share_nothing_are_apart_with_what_could_be_missed():
    ok = found(observed(lambda: train(*parts(0.0))))
    assert "splits.scored_rows_trained_on" not in ok
    assert ok["splits.apart"].numbers["rows"] == ROWS - TRAINED
    assert ok["splits.apart"].numbers["could_be"] == pytest.approx(3 / (ROWS - TRAINED))


def test_a_leak_is_found_whatever_happens_to_a_batch_before_the_network():
    seen = observed(lambda: train(*parts(0.3), change=lambda x: 2 * x.double().float() + 1))
    assert "splits.scored_rows_trained_on" in found(seen)


class Halves(Dataset):
    """One dataset with two samplers, as an index list of each part is often used."""

    def __init__(self):
        self.x, self.y = classes(ROWS)

    def __len__(self):
        return ROWS

    def __getitem__(self, row):
        return self.x[row], self.y[row]


@pytest.mark.parametrize("overlap", [0, 60])
def test_two_samplers_on_one_dataset_are_told_apart(overlap):
    whole = Halves()
    trained = SequentialSampler(range(TRAINED))
    scored = DataLoader(whole, batch_size=60, sampler=SequentialSampler(range(TRAINED - overlap, ROWS)).data_source)
    codes = found(observed(lambda: train(whole, scored, sampler=trained)))
    assert ("splits.scored_rows_trained_on" in codes) == bool(overlap)


def test_a_score_on_training_rows_is_no_leak_and_is_said_where_there_is_no_other():
    trained, scored = parts(0.0)
    alone = found(observed(lambda: train(trained, Subset(trained, range(TRAINED)))))
    assert alone["splits.scored_on_training_rows"].severity == "note"

    def both():
        train(trained, Subset(trained, range(TRAINED)), epochs=2)
        train(trained, scored, epochs=2)

    codes = found(observed(both))
    assert not {"splits.scored_on_training_rows", "splits.scored_rows_trained_on"} & set(codes)


class Noisy(Dataset):
    """Rows that change each time they are loaded."""

    def __init__(self, base):
        self.base = base

    def __len__(self):
        return len(self.base)

    def __getitem__(self, row):
        x, y = self.base[row]
        return x + 0.01 * torch.randn(x.shape), y


@pytest.mark.parametrize("fresh", [True, False])
def test_a_division_drawn_anew_is_a_leak_only_where_the_network_is_not_fresh(fresh):
    """Each time a fifth is held out at random: four fifths of it have been trained on, by another network in health."""

    def run():
        whole, kept = data(), None
        for seed in range(3):
            order = torch.randperm(ROWS, generator=torch.Generator().manual_seed(seed))
            kept = train(Subset(whole, order[120:]), Subset(whole, order[:120]), model=None if fresh else kept)

    codes = found(observed(run))
    assert ("splits.scored_rows_trained_on" in codes) != fresh
    assert "splits.scored_on_training_rows" not in codes


def test_a_dataset_that_is_gone_keeps_what_was_seen_of_it_when_another_takes_its_place():
    loaders, whole = Loaders(Rows(), 1.0, Pulse()), data(64)
    for start in range(3):  # each is freed at once, and the next one mostly gets its memory
        loaders._part(Subset(whole, range(start, 32 + start))).evaluated += 8
    assert sum(part["evaluated"] for part in loaders.plain()) == 24


def test_a_network_that_was_not_trained_has_no_known_rows():
    rows = Rows()
    rows.train(prints_of(torch.arange(8.0)[:, None]), first := nn.Linear(1, 1))
    assert rows.evaluate(prints_of(torch.arange(4.0)[:, None]), first) == (4, 4)
    assert rows.evaluate(prints_of(torch.arange(4.0)[:, None]), nn.Linear(1, 1)) is None


def test_rows_that_change_from_epoch_to_epoch_are_not_measured_and_that_is_said():
    trained, scored = parts(0.5)
    seen = observed(lambda: train(Noisy(trained), scored))
    assert why(seen) == "rows_change"
    assert not {"splits.apart", "splits.scored_rows_trained_on"} & set(found(seen))


def test_without_an_evaluation_nothing_is_said_to_be_apart():
    seen = observed(lambda: train(parts(0.0)[0]))
    assert why(seen) == "no_scored_rows"
    assert "splits.apart" not in found(seen)


@pytest.mark.parametrize(
    ("copied", "code"), [(False, "splits.scored_rows_repeat"), (True, "splits.scored_rows_trained_on")]
)
def test_rows_that_repeat_by_themselves_are_told_from_copies(copied, code):
    """Every tenth row stands twice in the whole data by chance; or scored rows alone were put among training rows."""
    draw = torch.Generator().manual_seed(1)
    x, y = classes(2000)
    if not copied:
        x[torch.randperm(2000, generator=draw)[:200]] = x[torch.randperm(2000, generator=draw)[:200]]
    trained, scored = torch.arange(1500), torch.arange(1500, 2000)
    if copied:
        trained = torch.cat([trained, scored[:60]])
    codes = found(observed(lambda: train(TensorDataset(x[trained], y[trained]), TensorDataset(x[scored], y[scored]))))
    assert code in codes
    assert not {"splits.scored_rows_repeat", "splits.scored_rows_trained_on"} - {code} & set(codes)


def test_rows_that_were_scored_before_they_were_trained_on_are_no_leak():
    """As a stream is scored: each chunk first, then trained on."""

    def stream():
        x, y = classes(1200)
        model = net()
        rule = torch.optim.Adam(model.parameters(), lr=0.01)
        for chunk in torch.arange(1200).split(120):
            part = TensorDataset(x[chunk], y[chunk])
            with torch.no_grad():
                for inputs, _ in DataLoader(part, batch_size=60):
                    model(inputs)
            for inputs, labels in DataLoader(part, batch_size=20):
                rule.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                rule.step()

    assert "splits.scored_rows_trained_on" not in found(observed(stream))


@pytest.mark.parametrize("ordered", [True, False])
def test_batches_sorted_by_class_are_found_at_the_loader(ordered):
    x, y = classes(ROWS)
    order = torch.argsort(y) if ordered else torch.arange(ROWS)
    codes = found(observed(lambda: train(TensorDataset(x[order], y[order]), shuffle=False)))
    assert ("splits.batches_of_one_class" in codes) == ordered


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("share", [0.69, 0.85])
def test_batches_of_uneven_classes_are_known_to_be_sorted_beside_chance(share, ordered):
    """Seven of ten batches of one class are few at 85 in a hundred where batches are small, and many at 69."""
    x, _ = classes(ROWS)
    y = (torch.arange(ROWS) >= share * ROWS).long()
    y = y if ordered else y[torch.randperm(ROWS, generator=torch.Generator().manual_seed(0))]
    codes = found(observed(lambda: train(TensorDataset(x, y), shuffle=False)))
    assert ("splits.batches_of_one_class" in codes) == ordered


def test_rows_that_are_sorted_in_an_evaluation_only_are_no_fault():
    trained, _ = parts(0.0)
    x, y = classes(ROWS, seed=9)
    order = torch.argsort(y)
    codes = found(observed(lambda: train(trained, TensorDataset(x[order], y[order]))))
    assert "splits.batches_of_one_class" not in codes


@pytest.mark.parametrize("constant", [True, False])
def test_a_constant_label_is_found(constant):
    x, y = classes(ROWS)
    codes = found(observed(lambda: train(TensorDataset(x, torch.ones_like(y) if constant else y))))
    assert ("splits.constant_label" in codes) == constant


@pytest.mark.parametrize("constant", [True, False])
def test_columns_that_never_change_are_a_note(constant):
    x, y = classes(1200)
    x[:, 4] = 3.0 if constant else x[:, 4]
    note = found(observed(lambda: train(TensorDataset(x, y), epochs=10))).get("splits.constant_columns")
    assert (note is not None) == constant
    if note:
        assert (note.severity, note.numbers["columns"], note.numbers["first"]) == ("note", 1, 4)


class Stream(IterableDataset):
    """Rows without a length."""

    def __iter__(self):
        return iter(zip(*classes(ROWS), strict=True))


def test_streams_and_lists_are_followed_too():
    (x, y), others = classes(ROWS), classes(ROWS, seed=9)
    scored = list(zip(torch.cat([x[:50], others[0][:50]]), torch.cat([y[:50], others[1][:50]]), strict=True))
    codes = found(observed(lambda: train(Stream(), scored, shuffle=False)))
    assert codes["splits.scored_rows_trained_on"].numbers["share"] == 0.5


def test_short_of_time_training_batches_are_left_out_and_counted():
    rows, x = Rows(), torch.randn(64, 6)
    loaders = Loaders(rows, 0.0, Pulse())
    loaders.spent = 1.0
    iterator = iter(DataLoader(TensorDataset(x), batch_size=16))
    for number in range(4):
        loaders._saw(iterator, [x[16 * number : 16 * number + 16]])
        loaders.called(grad=True)
    (part,) = loaders.plain()
    assert (part["trained"], part["printed"], len(rows.latest.trained.kept)) == (64, 16, 16)


def test_an_iterator_gives_the_same_batches_and_random_numbers_watched_or_not():
    def batches():
        torch.manual_seed(3)
        given = [x.sum().item() for _ in range(2) for x, _ in DataLoader(data(), batch_size=50, shuffle=True)]
        return given, torch.rand(1).item()

    kept = []
    bare = batches()
    observed(lambda: kept.append(batches()))
    assert kept == [bare]


def folds(*, carried, on_training_rows=False, count=5):
    """K-fold by hand: weights go from fold to fold, or each fold begins with fresh ones."""
    x, y = classes(ROWS)
    parts = torch.arange(ROWS).chunk(count)
    model = net()
    for number, held in enumerate(parts):
        rest = torch.cat([part for i, part in enumerate(parts) if i != number])
        trained = TensorDataset(x[rest], y[rest])
        model = train(trained, TensorDataset(x[held], y[held]), model=model if carried else net(), epochs=2)
        if on_training_rows:  # by a loader of its own, and of a copy of the rows
            with torch.no_grad():
                for rows, _ in DataLoader(TensorDataset(x[rest].clone(), y[rest]), batch_size=64):
                    model(rows)


@pytest.mark.parametrize("on_training_rows", [False, True], ids=["held out only", "training rows too"])
def test_weights_that_go_from_fold_to_fold_are_found_and_fresh_ones_are_sound(on_training_rows):
    one = found(observed(lambda: folds(carried=True, on_training_rows=on_training_rows)))["splits.weights_carried"]
    assert (one.severity, dict(one.numbers)) == ("serious", {"folds": 4, "rows": 480})
    twin = found(observed(lambda: folds(carried=False, on_training_rows=on_training_rows)))
    assert "splits.weights_carried" not in twin
    assert "splits.scored_rows_trained_on" not in twin
