"""The live panel: fed by the journal, eighty columns wide, over when the script is."""

import io
import subprocess
import sys

import pytest
from torch import nn

from watch import planted
from whyfit.doors.watch_follow import documents, folder_of, follow, newest_folder
from whyfit.errors import ArgumentError
from whyfit.exams.watched.all import AT_THE_END
from whyfit.probes.all import run_probes
from whyfit.report.panel import panel, sparkline
from whyfit.vitals.journal import Journal
from whyfit.vitals.observer import Observer


def watched(folder, *, last=None, end=True):
    observer = Observer(Journal(folder), planted.GENEROUS, run_probes)
    observer.install()
    planted.fit(planted.net(last=last), planted.classes())
    if end:
        observer.end()
    else:
        observer.finish()
        observer.uninstall()
    return folder


def test_the_panel_shows_the_loss_the_layers_and_what_was_found(tmp_path):
    document = next(documents(watched(tmp_path, last=nn.Softmax(dim=1)), 0.0))
    english, chinese = panel(document), panel(document, "zh")
    assert "softmax" in english
    assert "update/weight" in english
    assert any(block in english for block in "▁▂▃▄▅▆▇█")
    assert "目前的发现" in chinese
    assert max(map(len, english.splitlines())) <= 80


def test_a_healthy_network_has_nothing_found_in_it(tmp_path):
    assert "Nothing was found." in panel(next(documents(watched(tmp_path), 0.0)))


def test_following_ends_with_the_script(tmp_path):
    out = io.StringIO()
    assert follow(str(watched(tmp_path)), "en", out) == 0
    assert out.getvalue().count("whyfit watch") == 1


def test_a_run_that_goes_on_gets_no_verdict_on_the_whole(tmp_path):
    folder = watched(tmp_path, last=nn.Softmax(dim=1), end=False)
    document = next(documents(folder, 0.0))
    assert not {one.code for one in document.findings} & AT_THE_END


def test_following_ends_when_the_journals_are_gone(tmp_path):
    folder = tmp_path / "journals"
    folder.mkdir()
    seen = documents(watched(folder, end=False), 0.0)
    next(seen)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert list(seen) == []


def test_the_newest_journal_is_followed_unless_another_is_named(tmp_path):
    with pytest.raises(ArgumentError, match="no script is being watched"):
        newest_folder(tmp_path)
    folder = tmp_path / "whyfit-watch-a"
    folder.mkdir()
    (folder / "12.jsonl").touch()
    assert newest_folder(tmp_path) == folder
    assert folder_of(str(folder / "12.jsonl")) == folder_of(str(folder)) == folder
    with pytest.raises(ArgumentError, match="no journal"):
        folder_of(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("values", "drawn"), [([], ""), ([None], ""), ([1.0], "▁"), ([1.0, float("nan"), 2.0], "▁ █"), ([2, 2], "▁▁")]
)
def test_a_sparkline_holds_whatever_it_is_given(values, drawn):
    assert sparkline(values) == drawn


def test_the_command_says_that_nothing_is_watched(tmp_path):
    command = [sys.executable, "-m", "whyfit", "watch", "--follow", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "JOURNAL" in done.stderr
