"""The platform key holds what the kernel's bits depend on, and nothing that changes between two runs."""

import subprocess
import sys

import numba
import scipy

from whyfit.training.kernel.sources import whole_digest
from whyfit.training.platform import platform_facts, platform_key


def test_the_key_names_processor_blas_versions_and_sources():
    facts = platform_facts()
    assert facts["numba"] == numba.__version__
    assert facts["scipy"] == scipy.__version__
    assert facts["kernel"] == whole_digest()
    assert all(facts[name] for name in ("processor", "blas", "machine"))
    assert all(fact in platform_key() for name, fact in facts.items() if name != "python")


def test_another_process_has_the_same_key():
    code = "from whyfit.training.platform import platform_key; print(platform_key())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == platform_key()
