"""Build the handbook in every language, warnings as errors: `docs/_build/html/en` and `docs/_build/html/zh`.

What pages show is made first, once for both languages; then the pages of both are built beside each other.
"""

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
    """Make the parts, then the pages; the first failure ends it."""
    started = time.monotonic()
    sys.path.insert(0, str(HERE))
    from handbook.kept import DIGEST, digest  # the path is set above

    os.environ |= {"PYTHONPATH": str(HERE), "PYTHONWARNINGS": "ignore", DIGEST: digest(), "IPYTHONDIR": str(_quiet())}
    made = subprocess.run([sys.executable, "-m", "handbook.prepare"], check=False)
    if made.returncode:
        return made.returncode
    running = {folder: _sphinx(folder) for folder in LANGUAGES}
    failed = [code for sphinx in running.values() if (code := sphinx.wait())]
    if failed:
        return failed[0]
    (BUILT / "html" / "index.html").write_text(FRONT, encoding="utf-8")
    for folder in LANGUAGES:
        sys.stdout.write(f"docs/_build/html/{folder}/index.html\n")
    sys.stdout.write(f"built in {time.monotonic() - started:.0f} s\n")
    return 0


def _quiet() -> Path:
    """The settings of the notebooks' kernels."""
    profile = BUILT / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(QUIET, encoding="utf-8")
    return profile.parent


def _sphinx(folder: str) -> subprocess.Popen[bytes]:
    """The pages of one language, while those of the other are built."""
    options = ["-W", "--keep-going", "-q", "-c", str(HERE), "-D", f"language={LANGUAGES[folder]}"]
    places = ["-d", str(BUILT / "doctrees" / folder), str(HERE / folder), str(BUILT / "html" / folder)]
    command = [sys.executable, "-m", "sphinx", *options, *places]
    return subprocess.Popen(command, env=os.environ | {"HANDBOOK_LANGUAGE": folder})  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
