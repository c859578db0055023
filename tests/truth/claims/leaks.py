"""Healthy tables raise a warning of question 1 in at most 16 of 1,000; every planted leak is found in 20 of 20.

"Alike" on a division of whyfit's own is at most a note, and hardly ever one where it is random; so are new rows of the
same population. Tables that are sorted are as healthy as any.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from truth.evidence import Result, Rule, at_least, at_most
from truth.runner import Claim
from truth.tables import healthy, healthy_source
from whyfit.data.alike import alike_facts
from whyfit.data.facts import data_facts, split_facts
from whyfit.data.load import load
from whyfit.data.splits import holdout, kfold
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.evidence import Evidence, SplitFacts
from whyfit.evidence.finding import Severity
from whyfit.exams.split_alike import ALIKE_CODES
from whyfit.exams.splits import SplitsExam

SETS, SETS_A_CHUNK, MOST_ALARMS = 1000, 20, 16
SEEDS = 20
OWN, OWN_A_CHUNK, MOST_NOTES = 200, 20, 4
"""Divisions of whyfit's own, and pairs of data and new rows. The classifier and the columns each may spend 0.002: 0.8
are expected, more than 4 come once in 700."""
DRAWN_HERE = frozenset({"splits.class_missing", "splits.small"})
"""Facts about sizes are no alarms: they are true of a small table."""


def warnings(data: Dataset, *, parts: tuple[np.ndarray, np.ndarray] | None = None) -> list[str]:
    """The codes of all warnings of question 1; with the likeness of two parts, as of a splitter of one's own."""
    facts = split_facts(data, kfold(data))
    if parts is not None:
        facts = replace(facts, kind="own", alike=(alike_facts(data, *parts),))
    found = SplitsExam().judge(Evidence(data=data_facts(data), splits=facts))
    codes = {one.code for one in found if one.severity.rank >= Severity.WARNING.rank}
    return sorted(codes - DRAWN_HERE)


def likeness(data: Dataset, first: np.ndarray, second: np.ndarray, *, kind: str, new: bool = False) -> list[str]:
    """What is said of the likeness of two parts, as `severity code`; the parts of a division, or data and new rows."""
    names = ("data", "new") if new else ("train", "score")
    facts = SplitFacts(kind=kind, stratified=False, folds=5, repeats=1, train=1, stop=1, score=1, times_scored=(1, 1))
    found = SplitsExam().judge(
        Evidence(data=data_facts(data), splits=replace(facts, alike=(alike_facts(data, first, second, names=names),)))
    )
    return sorted(
        f"{one.severity.value} {one.code}"
        for one in found
        if one.code in ALIKE_CODES and one.severity.rank > Severity.OK.rank
    )


def drawn_here(noise: np.random.Generator, number: int) -> list[str]:
    """A healthy table, divided by whyfit: at random or by class, by groups, and in time, in turn."""
    source = healthy_source(noise)
    rows = np.asarray(source["y"]).size
    roles = [{}, {"groups": "who"}, {"time": "when"}][number % 3]
    more = {"who": noise.integers(0, rows // 5, rows), "when": np.arange(rows)}
    data = load(source | {name: more[name] for name in roles.values()}, target="y", **roles)
    split = holdout(data, seed=number) if number % 2 else kfold(data, seed=number)[-1]
    return likeness(data, split.train, split.score, kind="holdout" if number % 2 else "kfold")


def twins(noise: np.random.Generator, _: int) -> list[str]:
    """A healthy table whose last fifth is taken for new rows."""
    data = healthy(noise)
    return likeness(data, *halves(data.rows, noise), kind="kfold", new=True)


def in_order(noise: np.random.Generator, number: int) -> list[str]:
    """A healthy table, sorted by a column, by the target, nearly by a column, or by two of them, in turn."""
    source = {name: np.asarray(values) for name, values in healthy_source(noise).items()}
    source = {name: values for name, values in source.items() if values.dtype.kind != "M"}
    ranks = {name: np.unique(values, return_inverse=True)[1].astype(float) for name, values in source.items()}
    rows, names = source["y"].size, [name for name in source if name != "y"]
    first, second = (ranks[str(name)] for name in noise.choice(names or ["y"], 2))
    blurred = first + 0.3 * first.std() * noise.normal(size=rows)
    keys = [(first,), (ranks["y"],), (blurred,), (np.floor(5 * first / (first.max() + 1)), second)][number % 4]
    order = np.lexsort((noise.random(rows), *keys[::-1]))
    data = load({name: values[order] for name, values in source.items()}, target="y")
    return [f"warning {code}" for code in warnings(data)]


DRAWN: dict[str, Callable[[np.random.Generator, int], list[str]]] = {
    "own divisions": drawn_here,
    "new twins": twins,
    "sorted tables": in_order,
}


def halves(rows: int, noise: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Four fifths and one fifth, at random."""
    order = noise.permutation(rows)
    return order[rows // 5 :], order[: rows // 5]


def copies(noise: np.random.Generator) -> list[str]:
    """8 % of the rows are copies of others, among rows that chance hardly repeats."""
    values = noise.normal(size=(1000, 6)).round(1)
    target = values[:, 0] + noise.normal(size=1000)
    to, of = noise.choice(1000, 80, replace=False), noise.choice(1000, 80)
    values[to], target[to] = values[of], target[of]
    return warnings(load((values, target)))


def near_copies(noise: np.random.Generator) -> list[str]:
    """2 % of the rows are copies with noise of a thousandth of a standard deviation."""
    values = noise.standard_t(5, size=(1000, 6))
    to, of = noise.choice(1000, 20, replace=False), noise.choice(1000, 20)
    values[to] = values[of] + 1e-3 * noise.normal(size=(20, 6))
    return warnings(load((values, values[:, 0] + noise.normal(size=1000))))


def many_near_copies(noise: np.random.Generator) -> list[str]:
    """A seventh of the rows are such copies: they must not rule the measure by which they are found."""
    values = noise.standard_t(5, size=(1000, 6))
    of = noise.choice(1000, 150)
    values = np.concatenate([values, values[of] + 1e-3 * noise.normal(size=(150, 6))])
    return warnings(load((values, values[:, 0] + noise.normal(size=1150))))


def groups(noise: np.random.Generator) -> list[str]:
    """Ten rows each of a hundred patients, who differ more from each other than their rows do."""
    who = noise.integers(0, 100, 1000)
    return _patients(noise, who, who)


def groups_with_gaps(noise: np.random.Generator) -> list[str]:
    """The same with one in ten of the patients' numbers missing."""
    who = noise.integers(0, 100, 1000)
    return _patients(noise, who, np.where(noise.random(1000) < 0.1, np.nan, who))


def _patients(noise: np.random.Generator, who: np.ndarray, shown: np.ndarray) -> list[str]:
    values = noise.normal(size=(100, 5))[who] + 0.3 * noise.normal(size=(1000, 5))
    sick = noise.normal(size=100)[who] + 0.5 * noise.normal(size=1000) > 0
    return warnings(load({"patient": shown, **{f"x{i}": values[:, i] for i in range(5)}, "y": sick}))


def time(noise: np.random.Generator) -> list[str]:
    """A walk in time: what is near in time is near in everything."""
    walk = np.cumsum(noise.normal(size=(1000, 4)), axis=0)
    day = np.datetime64("2020-01-01") + np.arange(1000)
    return warnings(load({"day": day, **{f"x{i}": walk[:, i] for i in range(3)}, "y": walk[:, 3]}))


def shuffled_seconds(noise: np.random.Generator) -> list[str]:
    """The same in seconds since 1970, the rows in any order."""
    return _shuffled(noise, 1.6e9 + 3600.0 * np.arange(1000))


def shuffled_counter(noise: np.random.Generator) -> list[str]:
    """The same with a number that counts, the rows in any order."""
    return _shuffled(noise, np.arange(1000))


def shuffled_years(noise: np.random.Generator) -> list[str]:
    """The same in years with a fraction, one in twenty of them missing, the rows in any order."""
    return _shuffled(noise, np.where(noise.random(1000) < 0.05, np.nan, 1990 + np.arange(1000) / 52))


def falling(noise: np.random.Generator) -> list[str]:
    """The same, counted down from row to row."""
    walk = np.cumsum(noise.normal(size=(1000, 4)), axis=0)
    return warnings(load({"left": 5000 - 3 * np.arange(1000), **dict(zip("aby", walk.T[:3], strict=True))}))


def _shuffled(noise: np.random.Generator, times: np.ndarray) -> list[str]:
    walk, order = np.cumsum(noise.normal(size=(1000, 4)), axis=0), noise.permutation(1000)
    return warnings(load({"t": times[order], **dict(zip("abcy", walk[order].T, strict=True))}))


def drift(noise: np.random.Generator) -> list[str]:
    """A walk among columns that rise with the rows, in the order of time, without a column that says so."""
    rise = noise.normal(size=(1000, 3)) + np.arange(1000)[:, None] / 150
    walk = np.cumsum(noise.normal(size=1000))
    return warnings(load({**{f"x{i}": rise[:, i] for i in range(3)}, "y": walk}))


def disguise(noise: np.random.Generator) -> list[str]:
    """A column of a healthy table is a curve of the target."""
    source = healthy_source(noise)
    target = np.asarray(source["y"])
    told = (
        np.tanh(target / target.std())
        if target.dtype.kind == "f"
        else np.unique(target, return_inverse=True)[1] * 2 - 3
    )
    return warnings(load({**source, "told": told, "y": target}))


def numbered(noise: np.random.Generator) -> list[str]:
    """The rows are numbered, and sorted by class but for one in ten."""
    target = np.where(noise.random(600) < 0.1, noise.integers(0, 3, 600), np.arange(600) // 200)
    return warnings(load({"id": np.arange(600), "a": noise.normal(size=600), "y": target}))


def unlike(noise: np.random.Generator) -> list[str]:
    """One column of ten is shifted by 0.6 standard deviations in a fifth of 2,000 rows."""
    values, parts = noise.normal(size=(2000, 10)), halves(2000, noise)
    values[parts[1], 3] += 0.6
    return warnings(load((values, noise.normal(size=2000))), parts=parts)


def new_rows(noise: np.random.Generator) -> list[str]:
    """New rows of which one column of ten is shifted by 0.6 standard deviations; their targets are not looked at."""
    values, parts = noise.normal(size=(2000, 10)), halves(2000, noise)
    values[parts[1], 3] += 0.6
    said = likeness(load((values, noise.normal(size=2000))), *parts, kind="kfold", new=True)
    return [one.split()[1] for one in said if one.startswith("warning")]


def mixture(noise: np.random.Generator) -> list[str]:
    """New rows in which the rarer of two classes is twice as frequent: 20 % of the data, 40 % of the new rows."""
    parts = halves(2000, noise)
    target = noise.random(2000) < 0.2
    target[parts[1]] = noise.random(parts[1].size) < 0.4
    said = likeness(load((noise.normal(size=(2000, 5)), target)), *parts, kind="kfold", new=True)
    return [one.split()[1] for one in said if one.startswith("warning")]


PLANTED: dict[str, tuple[Callable[[np.random.Generator], list[str]], str]] = {
    "copies": (copies, "splits.copies"),
    "near copies": (near_copies, "splits.near_copies"),
    "many near copies": (many_near_copies, "splits.near_copies"),
    "groups": (groups, "splits.group_column"),
    "groups with empty cells": (groups_with_gaps, "splits.group_column"),
    "time": (time, "splits.time_order"),
    "shuffled seconds since 1970": (shuffled_seconds, "splits.time_order"),
    "shuffled counter": (shuffled_counter, "splits.time_order"),
    "shuffled years with empty cells": (shuffled_years, "splits.time_order"),
    "falling counter": (falling, "splits.time_order"),
    "drifting columns": (drift, "splits.time_order"),
    "target in disguise": (disguise, "splits.target_in_disguise"),
    "sorted and numbered": (numbered, "splits.identifier"),
    "unlike parts": (unlike, "splits.unlike"),
    "unlike new rows": (new_rows, "splits.unlike_new"),
    "another mixture": (mixture, "splits.label_shift"),
}


def run(label: str, index: int) -> dict[str, Any]:
    """One chunk: healthy tables, or all seeds of one leak."""
    if label in PLANTED:
        make, code = PLANTED[label]
        return {"found": sum(code in make(np.random.default_rng([1, seed])) for seed in range(SEEDS))}
    if label in DRAWN:
        place = 2 + list(DRAWN).index(label)
        numbers = range(OWN_A_CHUNK * index, OWN_A_CHUNK * (index + 1))
        return {"said": [DRAWN[label](np.random.default_rng([place, number]), number) for number in numbers]}
    noises = [np.random.default_rng([0, index, number]) for number in range(SETS_A_CHUNK)]
    tables = [(healthy(noise), noise) for noise in noises]
    return {"alarms": [warnings(data, parts=halves(data.rows, noise)) for data, noise in tables]}


def sum_up(values: dict[str, list[dict[str, Any]]]) -> Result:
    """Alarms by code, and leaks found."""
    alarms = [codes for chunk in values["healthy"] for codes in chunk["alarms"]]
    found = {label: values[label][0]["found"] for label in PLANTED}
    rules = (
        at_most(f"healthy tables of {len(alarms)} with a warning", sum(bool(codes) for codes in alarms), MOST_ALARMS),
        *(at_least(f"{label}: found of {SEEDS}", found[label], SEEDS) for label in PLANTED),
        *(
            rule
            for label in DRAWN
            for rule in _rules(label, [said for chunk in values[label] for said in chunk["said"]])
        ),
    )
    by_code = Counter(code for codes in alarms for code in codes)
    return Result(rules, {"alarms_by_code": dict(by_code), "found": found})


def _rules(label: str, said: list[list[str]]) -> tuple[Rule, ...]:
    """No warning of parts that whyfit drew, and few notes: the rows of all these tables are independent."""
    if label == "own divisions":
        worst = sum(any(not one.startswith("note") for one in codes) for codes in said)
        return (
            at_most(f"{label} of {len(said)} with more than a note", worst, 0),
            at_most(f"{label} of {len(said)} with a note", sum(bool(codes) for codes in said), MOST_NOTES),
        )
    return (at_most(f"{label} of {len(said)} with a warning", sum(bool(codes) for codes in said), MOST_NOTES),)


CLAIMS = (
    Claim(
        name="leaks",
        states="Healthy tables are left in peace, and every planted leak is found.",
        files=(
            "tests/truth/claims/leaks.py",
            "tests/truth/tables.py",
            *(f"src/whyfit/data/{name}.py" for name in ("alike", "shifts", "copies", "chance_copies", "pair_counts")),
            *(f"src/whyfit/data/{name}.py" for name in ("row_codes", "near_copies", "suspects", "guesses", "facts")),
            *(f"src/whyfit/data/{name}.py" for name in ("sorted_rows", "moments", "time_order", "roles")),
            "src/whyfit/exams/splits.py",
            *(f"src/whyfit/exams/{name}.py" for name in ("split_leaks", "split_alike", "split_size")),
        ),
        chunks={"healthy": SETS // SETS_A_CHUNK} | dict.fromkeys(PLANTED, 1) | dict.fromkeys(DRAWN, OWN // OWN_A_CHUNK),
        run=run,
        sum_up=sum_up,
        settings={"rows": "300 to 5,000", "columns": "3 to 14", "rules": "all of question 1 but those of size"},
    ),
)
