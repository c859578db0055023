"""Probe: what a simple learner makes of the very rows that the network was trained on.

Tells a network that falls short of its data (some fault keeps it from what is there) from data that hold no more. The
network is asked about rows that it was trained on; a ridge regression and a fresh perceptron of 64 units, trained on
two thirds of them, about the third that they never saw: so the comparison leans towards the network. At most a second.
Where rows of a score are known, all are asked about these too. Blind below 60 rows, to answers that do not lie row by
row, where inputs are to be given back, and to what needs more than a look at each input by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from whyfit.probes.onward import onward
from whyfit.probes.pair import Pair
from whyfit.probes.simple import Answers, features, learn, skill
from whyfit.vitals.examples import Examples, Kept
from whyfit.vitals.prints import prints_of

LEAST_ROWS, LEAST_SCORED = 60, 30
"""Rows below which nothing is compared. Chosen: a third of sixty tells a half from nine tenths."""
NEAR = 0.95
"""Skill from which nothing can be much better."""
NEARLY = 0.1
"""Of skill, by which a simple learner is better before it is asked whether more training would do. Chosen."""
ALIKE = 0.7
"""Mean correlation of an input with the answer in its place: inputs as noisy as they are wide have 0.71. Chosen."""
CHUNK = 256


def probe_reach(network: nn.Module, examples: Examples, seen: set[int]) -> dict[str, Any]:
    """Skills from 0 (a constant answer) to 1 (all right): of the network and of the best simple learner.

    Parameters
    ----------
    network
        As it was at the end, or not long before.
    examples
        Its rows.
    seen
        Prints of rows that it was trained on: they are no rows of a score.

    Returns
    -------
    `own`, `linear`, `small` on training rows, `later` of the network after more training; `scored`, `scored_linear`,
    `scored_small` on rows of a score; `rows`, `scored_rows`, and of which `kind` the answers are; `gives_back` where
    they are the inputs.
    """
    given, answers = _joined(examples.trained)
    if answers is None:
        return {}
    asked = Answers.of(answers, examples.loss)
    train, test = _divided(asked)
    rows = len(train) + len(test)
    own = _of_network(network, given, asked, test if rows >= LEAST_ROWS else [*train, *test])
    x = features(given)
    if own is None:
        return {}
    found: dict[str, Any] = {"own": own, "rows": rows, "kind": asked.kind}
    if _gives_back(given, asked):
        return found | {"gives_back": True}
    if x is None:
        return found
    if own < NEAR and rows >= LEAST_ROWS:
        for name, kind in (("linear", 0), ("small", 64)):
            found[name] = skill(asked.of_rows(test), learn(x[train], asked.of_rows(train), x[test], hidden=kind))
        if examples.habit is not None and max(found["linear"], found["small"]) > own + NEARLY:
            found |= _later(network, (given, answers), examples, asked, test)
    return found | _scored(network, examples, seen, x, asked)


def _later(
    network: nn.Module,
    trained: tuple[Sequence[torch.Tensor], torch.Tensor],
    examples: Examples,
    asked: Answers,
    test: list[int],
) -> dict[str, float]:
    """`later`; nothing where its rule cannot go on, as one that wants a closure: what is known by then stands."""
    assert examples.habit is not None
    try:
        longer = onward(network, *trained, examples.loss, examples.habit)
        skill_later = None if longer is None else _of_network(longer, trained[0], asked, test)
    except Exception:  # noqa: BLE001  # somebody's network, and any rule of torch's
        return {}
    return {} if skill_later is None else {"later": skill_later}


def _scored(network: nn.Module, examples: Examples, seen: set[int], x: torch.Tensor, asked: Answers) -> dict[str, Any]:
    """The same on rows that were scored and not trained on."""
    given, answers = _joined(examples.scored)
    if answers is None:
        return {}
    prints = prints_of(given[0])
    known = seen if prints is None else seen | _prints(examples.trained)
    rows = [n for n, one in enumerate(() if prints is None else prints.tolist()) if one not in known]
    if len(rows) < LEAST_SCORED or answers.shape[1:] != asked.values.shape[1:]:
        return {}
    given, answers = tuple(one[rows] for one in given), answers[rows]
    new = Answers.of(answers, examples.loss)
    own = _of_network(network, given, new, list(range(len(rows))))
    other = features(given, of=_joined(examples.trained)[0])
    found: dict[str, Any] = {"scored_rows": len(rows)}
    if own is None or new.kind != asked.kind or other is None:
        return {}
    found["scored"] = own
    if own < NEAR and len(x) >= LEAST_ROWS:
        for name, kind in (("scored_linear", 0), ("scored_small", 64)):
            found[name] = skill(new, learn(x, asked, other, hidden=kind))
    return found


def _gives_back(given: Sequence[torch.Tensor], asked: Answers) -> bool:
    """Whether inputs are to be given back, as by an autoencoder: a straight line does that, and nothing is learned."""
    if asked.kind == "classes" or given[0][0].numel() != asked.values.shape[1] or asked.values.shape[1] < 2:
        return False
    pairs = [one.double() - one.double().mean(0) for one in (given[0].reshape(len(asked.values), -1), asked.values)]
    sizes = pairs[0].norm(dim=0) * pairs[1].norm(dim=0)
    varies = sizes > 0
    alike = (pairs[0] * pairs[1]).sum(0)[varies] / sizes[varies]
    return bool(varies.any()) and float(alike.mean()) > ALIKE


def _prints(kept: Kept) -> set[int]:
    found: set[int] = set()
    for given, _ in kept.batches:
        prints = prints_of(given[0])
        found.update(() if prints is None else prints.tolist())
    return found


def _joined(kept: Kept) -> tuple[tuple[torch.Tensor, ...], torch.Tensor | None]:
    """All rows in one, each once; those of another shape than the first ones are left out."""
    if not kept.batches:
        return (), None
    shape = [one.shape[1:] for one in (*kept.batches[0][0], kept.batches[0][1])]
    same = [(g, a) for g, a in kept.batches if [one.shape[1:] for one in (*g, a)] == shape]
    given = tuple(torch.cat([g[place] for g, _ in same]) for place in range(len(same[0][0])))
    answers = torch.cat([a for _, a in same])
    prints = prints_of(given[0])
    if prints is None:
        return given, answers
    first = {one: place for place, one in reversed(list(enumerate(prints.tolist())))}
    rows = sorted(first.values())
    return tuple(one[rows] for one in given), answers[rows]


def _divided(asked: Answers) -> tuple[list[int], list[int]]:
    """Two thirds and a third, in an order that has nothing to do with that of the rows."""
    order = torch.randperm(len(asked.values), generator=torch.Generator().manual_seed(0)).tolist()
    third = len(order) // 3
    return order[third:], order[:third]


def _of_network(network: nn.Module, given: Sequence[torch.Tensor], asked: Answers, rows: list[int]) -> float | None:
    """Its skill, in the mode in which that is higher; None where its output cannot be held against the answers."""
    part, best = asked.of_rows(rows), -math.inf
    for training in (False, True):
        pair = Pair.of(network, ())
        pair.network.train(training)
        outputs = []
        with torch.no_grad():
            for begin in range(0, len(rows), CHUNK):
                chunk = rows[begin : begin + CHUNK]
                outputs.append(pair.with_batch(*(one[chunk] for one in given)).run())
        if any(one is None or one.ndim == 0 for one in outputs):
            return None
        answer = torch.cat(outputs)  # type: ignore[arg-type]
        if not part.fits(answer):
            return None
        best = max(best, skill(part, answer))
    return best
