"""A coverage-guided fuzz target for the loader: `python tests/truth/fuzz_loader.py SUFFIX CORPUS [libFuzzer options]`.

Any bytes under any known suffix must end in a dataset or in one message that names the file; everything else is a crash
that libFuzzer keeps. Needs atheris (`pip install whyfit[fuzz]`), which has wheels for Linux and CPython up to 3.13.
"""

import importlib
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

PARTS = (
    "arrays", "assemble", "columns", "csv_file", "delimited", "encoding", "npz_file", "opening", "origin",
    "parquet_file", "parquet_pages", "thrift", "records", "table", "target", "written",
)  # fmt: skip
"""What loading imports only when it is needed: instrumented beforehand."""

with atheris.instrument_imports(include=["whyfit.data"]):
    from whyfit.data.load import load

    for part in PARTS:
        importlib.import_module(f"whyfit.data.{part}")
from whyfit.errors import WhyfitError  # noqa: E402  # after what is instrumented

LARGEST = 1 << 14
"""Bytes of a case: what a reader stumbles over shows in small files."""


def main() -> None:
    """Fuzz one kind of file until libFuzzer's own limits end it."""
    suffix, corpus, *options = sys.argv[1:]
    warnings.simplefilter("error")
    path = Path(tempfile.mkdtemp(prefix="whyfit-fuzz-")) / f"data{suffix}"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        try:
            load(path)
        except WhyfitError as error:
            said = str(error)
            if "\n" in said or not said.startswith((path.name, str(path))):
                raise AssertionError(f"no message that names the file: {said!r}") from error

    atheris.Setup([sys.argv[0], corpus, f"-max_len={LARGEST}", *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
