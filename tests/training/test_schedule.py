"""Schedules against torch's, and the epochs at which vitals are taken."""

import pytest
import torch

from whyfit.training.schedule import SCHEDULES, rate_factor, sampled_epochs, warmup_steps

STEPS = 40


def factors(schedule, warmup=0):
    return [rate_factor(SCHEDULES[schedule], warmup, STEPS, t) for t in range(1, STEPS + 1)]


def torch_factors(make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule, out = make(optimizer), []
    for _ in range(STEPS):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return out


def test_cosine_is_torchs():
    expected = torch_factors(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS))
    assert factors("cosine") == pytest.approx(expected, abs=1e-12)


def test_step_is_torchs_with_milestones_at_a_half_and_three_quarters():
    milestones = [STEPS // 2, STEPS * 3 // 4]
    expected = torch_factors(lambda o: torch.optim.lr_scheduler.MultiStepLR(o, milestones))
    assert factors("step") == pytest.approx(expected)


def test_constant_is_constant():
    assert factors("constant") == [1.0] * STEPS


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_warmup_rises_linearly_and_the_schedule_begins_behind_it(schedule):
    warmup = warmup_steps(0.25, STEPS)
    rising = factors(schedule, warmup)
    assert rising[:warmup] == pytest.approx([(i + 1) / warmup for i in range(warmup)])
    assert rising[warmup] == pytest.approx(1.0)


def test_warmup_over_all_but_one_step_leaves_a_rate():
    assert all(rate > 0 for rate in factors("constant", STEPS - 1))


@pytest.mark.parametrize(
    ("vitals", "epochs", "expected"),
    [(0, 30, []), (1, 30, [0]), (2, 30, [0, 30]), (8, 3, [0, 1, 2, 3]), (3, 5, [0, 2, 5])],
)
def test_sampled_epochs_are_distinct_and_span_the_training(vitals, epochs, expected):
    assert sampled_epochs(vitals, epochs).tolist() == expected
