"""What happens between gradient and rule, against torch's own optimisers and by hand."""

import pytest
import torch
from torch import nn

from training import networks
from whyfit.evidence.recipe import Recipe
from whyfit.training.torch_parts.decay import Decay, spared_names
from whyfit.training.torch_parts.optimizers import Both, optimizer_of


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.PReLU(), nn.Linear(6, 2))


def with_gradients(module, scale=1.0):
    torch.manual_seed(1)
    for p in module.parameters():
        p.grad = scale * torch.randn_like(p)
    return {name: p.grad.clone() for name, p in module.named_parameters()}


def test_weights_decay_and_biases_norms_and_slopes_do_not():
    assert spared_names(network()) == {"0.bias", "1.weight", "1.bias", "2.weight", "3.bias"}
    assert "layer.norm1.weight" in spared_names(networks.Transformer())
    assert "layer.linear1.weight" not in spared_names(networks.Transformer())


def test_penalties_are_added_where_decay_is_due():
    module = network()
    before = with_gradients(module)
    Decay.of(Recipe(l1=0.1, l2=0.01), module).penalise()
    for name, p in module.named_parameters():
        due = name in {"0.weight", "3.weight"}
        expected = before[name] + (0.1 * p.detach().sign() + 0.01 * p.detach() if due else 0.0)
        assert torch.allclose(p.grad, expected)


def test_with_decay_biases_everything_decays():
    module = network()
    before = with_gradients(module)
    Decay.of(Recipe(l2=0.5, decay_biases=True), module).penalise()
    assert all(torch.allclose(p.grad, before[name] + 0.5 * p) for name, p in module.named_parameters())


def test_entries_are_clipped_before_the_whole():
    module = network()
    before = with_gradients(module, scale=10.0)
    Decay.of(Recipe(clip_value=1.0, clip_norm=0.5), module).clip()
    cut = [g.clamp(-1, 1) for g in before.values()]
    norm = torch.cat([g.flatten() for g in cut]).norm()
    for p, g in zip(module.parameters(), cut, strict=True):
        assert torch.allclose(p.grad, g * 0.5 / (norm + 1e-6))


@pytest.mark.parametrize(
    ("recipe", "peer"),
    [
        (Recipe(optimizer="adamw", decay_biases=True), lambda p: torch.optim.AdamW(p, 1e-3)),
        (
            Recipe(optimizer="adamw", weight_decay=0.3, decay_biases=True),
            lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.3),
        ),
        (Recipe(optimizer="adamw", weight_decay=0.0), lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.0)),
        (Recipe(optimizer="adam_l2", l2=0.0), lambda p: torch.optim.Adam(p, 1e-3)),
        (Recipe(optimizer="adam_l2", decay_biases=True), lambda p: torch.optim.Adam(p, 1e-3, weight_decay=0.01)),
        (Recipe(optimizer="adam", l2=0.2, decay_biases=True), lambda p: torch.optim.Adam(p, 1e-3, weight_decay=0.2)),
        (
            Recipe(optimizer="momentum", l2=0.2, decay_biases=True),
            lambda p: torch.optim.SGD(p, 1e-3, 0.9, weight_decay=0.2),
        ),
        (Recipe(optimizer="rmsprop", settings={"alpha": 0.9}), lambda p: torch.optim.RMSprop(p, 1e-3, alpha=0.9)),
        (Recipe(optimizer="adam", settings={"beta2": 0.9}), lambda p: torch.optim.Adam(p, 1e-3, (0.9, 0.9))),
        (Recipe(optimizer="rprop", settings={"eta_plus": 1.5}), lambda p: torch.optim.Rprop(p, 1e-3, (0.5, 1.5))),
    ],
    ids=[
        "adamw", "adamw 0.3", "adamw 0", "adam_l2 0", "adam_l2", "adam l2",
        "momentum l2", "rmsprop", "adam beta2", "rprop",
    ],
)  # fmt: skip
def test_decay_before_the_rule_is_torch_s_decay_in_the_rule(recipe, peer):
    ours, theirs = network(), network()
    decay, rule = Decay.of(recipe, ours), optimizer_of(recipe, list(ours.parameters()))
    other = peer(theirs.parameters())
    for step in range(20):
        for module in (ours, theirs):
            torch.manual_seed(step)
            with_gradients(module)
        decay.penalise()
        decay.shrink(recipe.learning_rate)
        rule.step()
        other.step()
    for one, two in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(one, two, atol=1e-6)


def test_muon_turns_hidden_matrices_and_adam_does_the_rest():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 2))
    rule = optimizer_of(Recipe(optimizer="muon", learning_rate=0.1), list(module.parameters()))
    assert isinstance(rule, Both)
    before = [p.detach().clone() for p in module.parameters()]
    with_gradients(module)
    rule.step()
    moved = [p.detach() - b for p, b in zip(module.parameters(), before, strict=True)]
    spectrum = torch.linalg.svdvals(moved[2]) / 0.1
    assert spectrum.min() > 0.5  # all directions of the hidden matrix move by about the same
    assert spectrum.max() < 1.5
    assert moved[0].abs().max() == pytest.approx(0.1, rel=1e-3)  # Adam's first step has the length of the rate


def test_muon_without_a_hidden_matrix_is_adam():
    module = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 2))
    assert isinstance(optimizer_of(Recipe(optimizer="muon"), list(module.parameters())), torch.optim.Adam)
