"""What is found in tables that come with scikit-learn and river: computed when the page is built."""

from __future__ import annotations

import gzip
import importlib.util
import tempfile
import zipfile
from pathlib import Path

from sklearn import datasets

from handbook.case import plain
from handbook.parts import escaped
from handbook.shown import Markdown
from whyfit.data.facts import data_facts, split_facts
from whyfit.data.load import load
from whyfit.data.splits import kfold
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.evidence import Evidence
from whyfit.exams.splits import SplitsExam
from whyfit.text import Language, words_in

SCIKIT_LEARN = ("iris", "wine", "breast_cancer", "diabetes", "digits")
RIVER = ("phishing", "segment", "airline-passengers", "water-flow", "chick-weights", "sp500")
HEAD = {
    "en": "| table | from | rows | columns | what is found |\n|---|---|---:|---:|---|",
    "zh": "| 表 | 来自 | 行 | 列 | 发现 |\n|---|---|---:|---:|---|",
}
NOTHING = {"en": "nothing to say", "zh": "没有要说的"}


def table(lang: Language) -> Markdown:
    """Every table, and every finding on its division that is more than `ok`."""
    rows = [
        _row(name, "scikit-learn", load(getattr(datasets, f"load_{name}")(return_X_y=True)), lang)
        for name in SCIKIT_LEARN
    ]
    with tempfile.TemporaryDirectory() as folder:
        rows += [_row(name, "river", load(_unpacked(name, Path(folder))), lang) for name in RIVER]
    return Markdown("\n".join([HEAD[lang], *rows]))


def _row(name: str, origin: str, data: Dataset, lang: Language) -> str:
    evidence = Evidence(data=data_facts(data), splits=split_facts(data, kfold(data)))
    words, said = words_in(lang), []
    for found in SplitsExam().judge(evidence):
        if found.severity != "ok":
            facts = plain({**dict(found.numbers), **(found.where.plain() if found.where else {})})
            sentence = words.finding(found.code, {"metric": "error", **facts})
            assert sentence is not None
            said.append(f"`{found.code}`: {escaped(sentence.summary)}")
    return f"| {name} | {origin} | {data.rows} | {len(data.columns)} | {'<br>'.join(said) or NOTHING[lang]} |"


def _unpacked(name: str, folder: Path) -> Path:
    """A table of river's wheel as a CSV file."""
    spec = importlib.util.find_spec("river")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    packed = next(Path(spec.submodule_search_locations[0], "datasets").glob(f"{name}.csv*"))
    path = folder / f"{name}.csv"
    if packed.suffix == ".zip":
        with zipfile.ZipFile(packed) as archive:
            path.write_bytes(archive.read(archive.namelist()[0]))
    else:
        path.write_bytes(gzip.decompress(packed.read_bytes()) if packed.suffix == ".gz" else packed.read_bytes())
    return path
