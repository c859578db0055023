"""Worker processes: none outlives the study that began it."""

import os
import signal
import subprocess
import sys
import time

BEGIN = """
import os, time
from whyfit.study.workers import make_executor

if __name__ == "__main__":
    executor = make_executor(threads=False, workers=1)
    print(executor.submit(os.getpid).result(), flush=True)
    time.sleep(600)
"""
LONGEST = 60.0
"""Seconds until a machine under any load has had its two; the test ends as soon as the worker does."""


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_ends_when_its_study_was_killed(tmp_path):
    script = tmp_path / "begin.py"
    script.write_text(BEGIN, encoding="utf-8")
    study = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    worker = int(study.stdout.readline())
    assert alive(worker)
    study.send_signal(signal.SIGKILL)
    study.wait()
    study.stdout.close()
    end = time.monotonic() + LONGEST
    while alive(worker) and time.monotonic() < end:
        time.sleep(0.2)
    assert not alive(worker)
