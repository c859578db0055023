"""The statistics room is light: scipy and scikit-learn come when a number is asked for."""

import subprocess
import sys
from pathlib import Path

import whyfit.study.statistics as room

CODE = """
import importlib, sys
for name in {names!r}:
    importlib.import_module("whyfit.study.statistics." + name)
print(sorted({{"scipy", "sklearn", "torch", "numba"}} & {{module.split(".")[0] for module in sys.modules}}))
"""


def test_no_module_of_the_room_imports_a_heavy_package():
    names = sorted(path.stem for path in Path(room.__file__).parent.glob("*.py") if path.stem != "__init__")
    assert len(names) > 20
    seen = subprocess.run([sys.executable, "-c", CODE.format(names=names)], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
