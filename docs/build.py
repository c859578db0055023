"""Build the handbook in every language, warnings as errors: `docs/_build/html/en` and `docs/_build/html/zh`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE / "_build"
LANGUAGES = {"en": "en", "zh": "zh_CN"}
FRONT = """<!doctype html><meta charset="utf-8"><title>whyfit</title>
<meta http-equiv="refresh" content="0; url=en/index.html">
<a href="en/index.html">English</a> <a href="zh/index.html">中文</a>
"""


QUIET = "c.IPKernelApp.log_level = 40\n"
"""A notebook's kernel tells every time that it talks over this machine's own network."""


def main() -> int:
    """Build each language; the first failure ends it."""
    profile = BUILT / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(QUIET, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(BUILT / "ipython")
    for folder, language in LANGUAGES.items():
        started = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-c",
            str(HERE),
            "-D",
            f"language={language}",
        ]
        places = [
            "-D",
            f"language={language}",
            "-d",
            str(BUILT / "doctrees" / folder),
            str(HERE / folder),
            str(BUILT / "html" / folder),
        ]
        done = subprocess.run([*command, *places], check=False, env=os.environ | {"HANDBOOK_LANGUAGE": folder})  # noqa: S603
        if done.returncode:
            return done.returncode
        sys.stdout.write(f"docs/_build/html/{folder}/index.html ({time.monotonic() - started:.0f} s)\n")
    (BUILT / "html" / "index.html").write_text(FRONT, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
