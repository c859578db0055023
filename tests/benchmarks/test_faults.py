"""The fault benchmark's programs are whole, its halves are fixed, and its host finds what the door finds."""

import ast
import math
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parents[2] / "benchmarks" / "faults"
NAMES = sorted(path.stem for path in FAULTS.glob("*.py"))
QUESTIONS = {
    "splits", "overfitting", "optimizers", "backprop", "initialization", "gradients", "activations", "relu",
    "saturation", "dropout", "batchnorm",
}  # fmt: skip


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """The scripts import each other by name: forgotten afterwards."""
    monkeypatch.syspath_prepend(str(FAULTS))
    before = set(sys.modules)
    yield
    for name in NAMES:
        if name not in before:
            sys.modules.pop(name, None)


def takes_a_seed(source):
    return "sys.argv" in source or ".parse_args()" in source


def test_every_script_is_a_whole_program_without_a_switch_left():
    from manifest import cases

    for case in cases():
        ast.parse(case.source)
        assert "<<" not in case.source
        assert "||" not in case.source
        assert takes_a_seed(case.source), case.name


def test_a_twin_differs_from_its_faulty_program():
    from manifest import programs

    for program in programs():
        texts = {case.source for case in program.cases()}
        assert len(texts) == (2 if program.questions else 1), program.name


def test_the_reserve_holds_no_program_that_was_looked_at():
    from manifest import cases

    assert not [case.name for case in cases() if case.half == "reserve" and case.looked_at]


def test_the_reserve_is_the_sixth_set_and_nothing_else():
    import scripts
    from manifest import programs

    assert {program.name for program in programs() if not program.looked_at} == {
        program.name for program in scripts.programs("sixth")
    }


def test_the_reserve_asks_every_question_and_its_healthy_programs_bound_the_alarms():
    from manifest import programs

    own = [program for program in programs() if not program.looked_at]
    assert {question for program in own for question in program.questions} == QUESTIONS
    assert sum(not program.questions for program in own) >= 75  # without an alarm they bound the rate at 4 %


def test_development_asks_every_question():
    from manifest import cases

    faulty = [case for case in cases() if case.half == "development" and case.kind == "faulty"]
    assert {question for case in faulty for question in case.questions} == QUESTIONS


@pytest.mark.parametrize("name", ["fourth", "fifth", "sixth"])
def test_a_folders_scripts_are_whole_and_unlike_each_other(name):
    import scripts

    own = [program for program in scripts.programs(name) if not program.questions]
    assert len({program.source for program in own}) == len(own)
    for program in own:
        ast.parse(program.source)
        assert takes_a_seed(program.source), program.name
        assert "torch.set_num_threads(1)" in program.source, program.name
        assert -1 < program.floor <= 1, program.name


def test_the_fourth_set_is_sixty_healthy_scripts_and_more():
    import scripts

    own = scripts.programs("fourth")
    assert len(own) >= 60
    assert not [program.name for program in own if program.questions]


def a_set(place, faults):
    folder = place / "tiny"
    folder.mkdir()
    (folder / "line.py").write_text("rate = 0.1\nfor step in range(20):\n    opt.step()\n")
    (folder / "floors.toml").write_text("line = 0.5\n")
    (folder / "faults.toml").write_text(faults)
    return place


def test_a_folder_becomes_its_scripts_and_the_edits_of_them(tmp_path):
    import scripts

    edits = "edits = [['0.1', '9.0'], ['opt.step()', 'pass']]\nbreaks = true"
    place = a_set(tmp_path, f"[[fault]]\nname = 'fast'\nof = 'line'\nquestions = ['optimizers']\n{edits}\n")
    healthy, faulty = scripts.programs("tiny", place=place)
    assert (healthy.name, faulty.name) == ("tiny-line", "fast-tiny-line")
    assert (healthy.questions, faulty.questions, faulty.breaks, faulty.floor) == ((), ("optimizers",), True, 0.5)
    ill, fixed = faulty.cases()
    assert ill.source == healthy.source.replace("0.1", "9.0").replace("opt.step()", "pass")
    assert fixed.source == healthy.source
    assert ill.family == "fast"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("of = 'line'\nold = 'p'\nnew = 'q'", "times in its script"),
        ("of = 'line'\nold = 'nowhere'\nnew = 'q'", "stands 0 times"),
        ("of = 'line'\nold = '0.1'\nnew = '1 || 2'", "signs of a switch"),
        ("of = 'other'\nold = '0.1'\nnew = '1'", "of other"),
        ("of = 'line'\nold = '0.1'\nnew = '1'\nkine = 'x'", "kine"),
    ],
)
def test_a_fault_that_is_no_edit_of_a_script_is_refused(tmp_path, keys, said):
    import scripts

    place = a_set(tmp_path, f"[[fault]]\nname = 'f'\nquestions = ['optimizers']\n{keys}\n")
    with pytest.raises(ValueError, match=said):
        scripts.programs("tiny", place=place)


def test_a_script_without_a_floor_is_refused_and_a_set_that_is_not_there_is_empty(tmp_path):
    import scripts

    (a_set(tmp_path, "fault = []\n") / "tiny" / "more.py").write_text("pass\n")
    with pytest.raises(ValueError, match="more"):
        scripts.programs("tiny", place=tmp_path)
    assert scripts.programs("none", place=tmp_path) == []


def test_a_fault_of_another_name_has_a_relative_of_that_name():
    from manifest import programs

    known = {program.name.partition("-")[0] for program in programs() if program.looked_at}
    assert {program.kin for program in programs() if program.kin} <= known


def test_what_has_to_learn_has_a_floor():
    import scripts
    from manifest import third
    from sound import floor
    from third_faults_of_runs import BREAKS

    folders = [program for name in ("fourth", "fifth", "sixth") for program in scripts.programs(name)]
    assert not [program.name for program in [*third(), *folders] if math.isnan(floor(program))]
    assert set(BREAKS) <= {program.name.partition("-")[0] for program in third()}


def test_a_program_that_does_not_learn_or_does_no_harm_is_in_doubt():
    from case import Program
    from sound import doubts

    program = Program("rate_with_zeros_too_many-kaggle-tides", "<<1||2>>", ("optimizers",))

    def rows(faulty, fixed):
        ends = {"faulty": faulty, "fixed": fixed}
        return {(f"{program.name}.{kind}", 0): {"score": end, "exit": 0, "cpu": 0.4} for kind, end in ends.items()}

    assert doubts(program, rows(0.1, 0.95), 1) == []
    assert "floor" in doubts(program, rows(0.1, 0.5), 1)[0]
    assert "no harm" in doubts(program, rows(0.95, 0.95), 1)[0]


def test_intervals_are_those_of_the_papers():
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 0 of 20."""
    from score import clopper, wilson

    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in clopper(81, 263)] == [0.2527, 0.3676]
    assert [round(end, 4) for end in clopper(0, 20)] == [0.0, 0.1684]


def row(kind, code, *, severity="serious", seed=0):
    facts = {"case": f"p.{kind}", "program": "p", "kind": kind, "half": "reserve", "seed": seed, "family": "p"}
    return facts | {"questions": ["optimizers"], "findings": [{"code": code, "severity": severity}]}


def test_a_finding_counts_by_its_question_and_only_as_a_warning():
    from score import figures

    rows = [
        row("faulty", "gradients.explode"),
        row("faulty", "optimizers.kept"),
        row("faulty", "optimizers.x", severity="note"),
    ]
    found = figures(rows)["figures"]["reserve"]
    assert found["detection"]["share"] == pytest.approx(2 / 3)
    assert found["diagnosis"]["share"] == pytest.approx(1 / 3)
    assert found["first finding"]["share"] == pytest.approx(1 / 3)


def test_a_program_alarmed_at_in_one_seed_of_two_is_an_alarmed_program():
    from score import figures

    rows = [row("healthy", "optimizers.kept"), row("healthy", "optimizers.fine", severity="ok", seed=1)]
    found = figures(rows)["figures"]["reserve"]
    assert found["false alarms"]["share"] == 0.5
    assert found["alarmed in any seed"]["share"] == 1.0


def test_the_host_finds_what_the_door_finds_and_leaves_the_script_as_it_is():
    from manifest import cases
    from run import Command, Host

    case = next(case for case in cases() if case.name == "gradients_never_zeroed-slices-friedman.faulty")
    host = Host.start()
    try:
        seen, bare = (host.do(case, 0, watched=watched) for watched in (True, False))
    finally:
        host.stop()
    by_door = Command().do(case, 0, watched=True)
    assert seen["said"] == bare["said"] == by_door["said"]
    assert [one["code"] for one in seen["findings"]] == [one["code"] for one in by_door["findings"]]
    assert "optimizers.gradients_kept" in {one["code"] for one in seen["findings"]}
