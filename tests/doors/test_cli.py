"""The command as a shell sees it: exit codes, one message for what can be mended, nothing heavy for `--help`."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

HEAVY = {
    "numpy",
    "torch",
    "numba",
    "sklearn",
    "scipy",
    "polars",
    "pandas",
    "altair",
    "rich",
    "narwhals",
    "joblib",
}


def whyfit(*arguments, **options):
    command = [sys.executable, "-m", "whyfit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def table(tmp_path):
    """60 rows, two classes that the first column tells apart."""
    rows = [f"{(i % 2) + 0.01 * (i % 7):.2f},{i % 5},{'yes' if i % 2 else 'no'}" for i in range(60)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["signal,other,answer", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("code", ["import whyfit", "import whyfit.cli", "from whyfit import Recipe"])
def test_importing_loads_nothing_heavy(code):
    allowed = {"numpy"} if "Recipe" in code else set()
    script = f"{code}\nimport sys\nprint(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY & set(loaded) - allowed == set()


def test_help_loads_nothing_heavy():
    script = """if True:
        import sys
        from whyfit.cli import app
        try:
            app(["checkup", "--help"])
        except SystemExit:
            print(*sys.modules)
    """
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "whyfit checkup churn.csv --target churned" in out
    assert HEAVY & set(out.splitlines()[-1].split()) == set()


def test_version_is_one_line():
    assert whyfit("--version").stdout.startswith("whyfit 0.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (
            ["--budget", "ten"],
            "`budget` must be a time such as `60s` or a number of networks such as `500n`, got 'ten'",
        ),
        (["--budget", "3n"], "`budget` must be at least 10n"),
        (["--json", "/no/such/folder/r.json"], "`--json` cannot be written"),
        (["--study", "/no/such/folder/s.db", "--budget", "10n"], "its folder does not exist"),
        (["--device", "tpu"], "'tpu' is not one of 'cpu', 'cuda'"),
        (["--export", __file__], "is a file. Give a folder"),
        (["--nonsense"], "No such option"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_message_with_exit_code_2(arguments, message, tmp_path):
    done = whyfit("checkup", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_wrong_target_is_answered_with_the_columns_there_are(table):
    done = whyfit("checkup", table, "--target", "anser")
    assert done.returncode == 2
    assert "anser" in done.stderr
    assert "answer" in done.stderr


def test_json_alone_goes_to_standard_output(table):
    done = whyfit("checkup", table, "--budget", "10n", "--json", "-")
    document = json.loads(done.stdout)
    assert (document["door"], document["networks"], document["data"]["rows"]) == ("checkup", 10, 60)
    assert next(iter(document["questions"])) == "splits"
    assert len(document["questions"]) == 12


def test_a_pipe_gets_no_control_codes(table):
    done = whyfit("checkup", table, "--budget", "10n")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "The twelve questions" in done.stdout


def test_quiet_says_nothing(table, tmp_path):
    done = whyfit("checkup", table, "--budget", "10n", "--quiet", "--html", tmp_path / "r.html")
    assert (done.stdout, done.stderr) == ("", "")
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_chinese_is_drawn_from_the_same_numbers(table):
    done = whyfit("checkup", table, "--budget", "10n", "--lang", "zh", env=os.environ | {"PYTHONIOENCODING": "utf-8"})
    assert "过拟合" in done.stdout


def test_fail_on_turns_a_finding_into_exit_code_1(tmp_path):
    """Labels by coin: nothing can be learned, which is serious."""
    import random

    coin = random.Random(0)
    rows = [f"{coin.random():.3f},{coin.random():.3f},{coin.choice('ab')}" for _ in range(100)]
    (tmp_path / "coin.csv").write_text("\n".join(["x,y,label", *rows]))
    common = ["checkup", tmp_path / "coin.csv", "--budget", "20n", "--quiet"]
    assert whyfit(*common).returncode == 0
    assert whyfit(*common, "--fail-on", "serious").returncode == 1


def test_a_stored_report_is_drawn_again(table, tmp_path):
    stored, page = tmp_path / "r.json", tmp_path / "again.html"
    first = whyfit("checkup", table, "--budget", "10n", "--json", stored)
    again = whyfit("draw", stored, "--html", page)
    assert again.stdout == first.stdout
    assert page.exists()


def test_the_recommended_recipe_is_written_beside_the_report_and_taken_back(table, tmp_path):
    page, recipe = tmp_path / "r.html", tmp_path / "r.recipe.toml"
    first = whyfit("checkup", table, "--budget", "80n", "--html", page)
    assert first.returncode == 0, first.stderr
    assert "r.recipe.toml" in first.stderr
    assert recipe.read_text().startswith("# A whyfit recipe")
    again = whyfit("checkup", table, "--budget", "10n", "--recipe", recipe)
    assert again.returncode == 0, again.stderr
    over = whyfit("checkup", table, "--budget", "10n", "--recipe", recipe, "--html", page)
    assert over.returncode == 2
    assert "r.recipe.toml" in over.stderr
    assert "which is read" in over.stderr


def test_a_plan_trains_nothing(table, tmp_path):
    done = whyfit("checkup", table, "--budget", "10n", "--plan", "--study", tmp_path / "s.db")
    assert "At most 10 networks" in done.stdout


def test_ctrl_c_gives_the_report_so_far_and_130(tmp_path):
    command = [sys.executable, "-m", "whyfit", "checkup", "--budget", "400n", "--json", str(tmp_path / "r.json")]
    study = ["--study", str(tmp_path / "s.db")]
    process = subprocess.Popen([*command, *study], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for_networks(tmp_path / "s.db", 60)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "interrupted" in out
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["networks"] >= 20
    assert document["score"]["low"] is not None


def wait_for_networks(path, count, seconds=120):
    """Wait until a running study has committed that many networks, by the size of its log.

    The ten plain networks of the first repeat leave their weights too, 0.11 MB each.
    """
    until = time.monotonic() + seconds
    wal = path.with_name(path.name + "-wal")
    while not wal.exists() or wal.stat().st_size < count * 20_000 + 1_100_000:
        assert time.monotonic() < until, "no network in time"
        time.sleep(0.05)


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_report_never_overwrites_what_is_read(table, option):
    before = table.read_bytes()
    done = whyfit("checkup", table, option, table, "--budget", "10n")
    assert done.returncode == 2
    assert "which is read" in done.stderr
    assert table.read_bytes() == before


def test_what_a_network_prints_is_no_part_of_the_report(table, tmp_path):
    (tmp_path / "net.py").write_text(
        "import torch.nn as nn\nprint('NOISE')\n"
        "def make(inputs, outputs):\n    print('NOISE')\n    return nn.Linear(inputs, outputs)\n"
    )
    done = whyfit("checkup", table, "--model", "net.py:make", "--budget", "10n", "--json", "-", cwd=tmp_path)
    assert json.loads(done.stdout)["networks"] == 10
    assert "NOISE" in done.stderr


@pytest.mark.parametrize(("redirection", "code"), [(">/dev/full", 2), (">&-", 0), (">&- 2>&-", 0), ("2>&-", 0)])
def test_an_output_that_is_full_or_closed_ends_without_a_traceback(redirection, code):
    command = f"exec {sys.executable} -m whyfit --version {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr + done.stdout
    assert ("No space left" in done.stderr) == (code == 2)


def test_a_script_keeps_its_exit_code_where_standard_error_is_full(tmp_path):
    script = tmp_path / "ends.py"
    script.write_text("raise SystemExit(7)\n", encoding="utf-8")
    command = f"exec {sys.executable} -m whyfit watch {script} 2>/dev/full"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 7
