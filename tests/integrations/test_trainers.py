"""Lightning, the Hugging Face Trainer and Keras 3: a callback and `whyfit watch` leave their results as they were.

Each script trains the same network bare, bare again, and with the callback, in a process of its own: these packages
change the process that imports them. It then does so once more under `whyfit watch`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
NAMES = ("lightning", "transformers", "keras")
MEASURED = ("splits", "overfitting", "optimizers", "initialization", "gradients", "activations", "relu", "dropout")


@pytest.fixture(scope="module", params=NAMES)
def ran(request, tmp_path_factory):
    """What the script printed bare and watched, and the callback's report and the one of `whyfit watch`."""
    place = tmp_path_factory.mktemp(request.param)
    script = str(SCRIPTS / f"with_{request.param}.py")
    environment = os.environ | {"PYTHONHASHSEED": "0", "CUDA_VISIBLE_DEVICES": ""}
    watch = [sys.executable, "-m", "whyfit", "watch", "--quiet", "--json", str(place / "watch.json")]
    lines = []
    for command in ([sys.executable, script, str(place / "own.json")], [*watch, script, str(place / "inner.json")]):
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        lines.append([line for line in done.stdout.splitlines() if line.startswith("(")])
    return lines, [json.loads((place / name).read_text()) for name in ("own.json", "watch.json")]


def test_the_weights_are_the_same_bare_with_the_callback_and_under_watch(ran):
    (bare, again, called), watched = ran[0]
    assert bare == again  # the script equals itself
    assert called == bare
    assert watched == [bare] * 3


def test_the_callback_reports_every_question_that_one_run_answers(ran):
    report = ran[1][0]
    assert report["provenance"]["steps"] == 40
    assert "observer" not in report["provenance"]  # where its failures would stand
    assert {report["questions"][name]["status"] for name in MEASURED} == {"partly measured"}
    assert [found for found in report["findings"] if found["severity"] != "ok"] == []


def test_watch_sees_all_three_trainings_through_one_observer(ran):
    report = ran[1][1]
    assert report["provenance"]["steps"] == 120
    assert report["provenance"]["processes"] == 1
