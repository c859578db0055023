"""Machine code is made anew when, and only when, one of its sources changes."""

import ast
import shutil
from pathlib import Path

import numpy as np
import pytest

from training.members import classes_table, member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.kernel import compiled, prepare, sources
from whyfit.training.kernel.job import SOURCE
from whyfit.training.kernel.pack import pack

DATA = classes_table()


@pytest.fixture
def copy(tmp_path) -> Path:
    """The package, to be changed at will."""
    return Path(shutil.copytree(sources.PACKAGE, tmp_path / "whyfit", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.mark.parametrize("what", sources.SOURCES)
def test_a_changed_source_changes_the_digest(what, copy):
    before = sources.source_digest(what, copy)
    for pattern in sources.SOURCES[what]:
        path = min(copy.glob(pattern))
        path.write_text(path.read_text() + "\n# changed\n")
        after = sources.source_digest(what, copy)
        assert after != before
        before = after


def test_a_changed_rule_leaves_the_kernel_itself_alone(copy):
    before = sources.source_digest("kernel", copy)
    path = copy / "rules/optimizers/adam.py"
    path.write_text(path.read_text() + "\n# changed\n")
    assert sources.source_digest("kernel", copy) == before


def imported(path: Path) -> set[Path]:
    """The files of the kernel, the rules and the streams that a source imports names from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("whyfit."):
            base = sources.PACKAGE.joinpath(*node.module.split(".")[1:])
            names = [base / f"{alias.name}.py" for alias in node.names]
            found |= {one for one in (base.with_suffix(".py"), *names) if one.exists()}
    return found


PYTHON_ALONE = {"contract.py", "types.py", "entry.py", "catalogue.py"}
"""Types and catalogues: nothing of them is compiled."""


def test_whatever_compiled_code_imports_is_among_its_sources():
    listed = {path for pattern in sources.SOURCES["kernel"] for path in sources.PACKAGE.glob(pattern)}
    waiting = [sources.PACKAGE / "training/kernel/loop.py"]
    seen = set(waiting)
    while waiting:
        fresh = {one for one in imported(waiting.pop()) if one.name not in PYTHON_ALONE} - seen
        seen |= fresh
        waiting += fresh
    assert seen - listed == set()
    assert len(seen) > 15


def test_the_machine_code_in_use_was_made_of_the_sources_as_they_are():
    packed = pack(member(Recipe(network=Perceptron((2,)), epochs=1)), DATA, np.zeros(1, np.uint8))
    compiled.run(packed.args)
    assert packed.written.facts[SOURCE] == sources.digest_once("kernel")


def test_prepare_says_when_it_compiles_and_is_silent_afterwards():
    told = []
    prepare.prepare(lambda: told.append("compiling"))
    told.clear()
    again = prepare.prepare(lambda: told.append("compiling"))
    assert told == []
    assert again.from_cache


def test_another_digest_is_another_entry_in_the_cache():
    args = prepare.smallest().args
    mine, other = compiled.entry(sources.source_digest("kernel")), compiled.entry(1)
    signature = compiled.signature_of(args)
    keys = [one._cache._index_key(signature, one.targetctx.codegen()) for one in (mine, other)]
    assert keys[0] != keys[1]
