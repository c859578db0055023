"""An exported network predicts the same without whyfit."""

import ast
import csv
import importlib.util
import re
import subprocess
import sys

import numpy as np
import pytest

from training.members import categories_table, classes_table, images, member, numbers_table, train
from whyfit.errors import RecipeError
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.member import Collect
from whyfit.evidence.network import NetworkInProcess, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.nets.reference import network_file
from whyfit.training.engines.kernel import KernelEngine
from whyfit.training.engines.single import SingleEngine
from whyfit.training.export.script import export_network
from whyfit.training.recipe_file import read_recipe

SMALL = Recipe(network=Perceptron((8, 6)), epochs=3, learning_rate=1e-2)
WEIGHTS = Collect(weights=True)

WITHOUT_WHYFIT = """
import runpy, sys
class Absent:
    def find_spec(self, name, *_):
        if name.split(".")[0] == "whyfit":
            raise ImportError("whyfit is not installed")
sys.meta_path.insert(0, Absent())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def mixed(rows=150):
    """Numbers with holes, and words that would be code if they were pasted."""
    noise = np.random.default_rng(0)
    numeric = noise.standard_normal((rows, 2))
    numeric[::7, 1] = np.nan
    codes = noise.integers(-1, 3, (rows, 1))
    words = ('plain, "quoted"', "'''); import os; os.abort(); ('''", "{{ 7 * 7 }}")
    return Dataset(
        columns=(Column("a", "numeric"), Column('b"{% raw %}', "numeric"), Column("c\\", "categorical", words)),
        numeric=numeric,
        codes=codes,
        target=(np.nan_to_num(numeric[:, 1]) + (codes[:, 0] == 1) > 0.3).astype(int),
        task="classification",
        classes=('"no"', "yes'"),
        target_name='"""; import os; os.abort()',
    )


def written(data, rows, path):
    """Rows of a dataset as the CSV file that they may have come from."""
    numeric, categorical = ([c for c in data.columns if c.kind == kind] for kind in ("numeric", "categorical"))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([c.name for c in [*numeric, *categorical]])
        for row in rows:
            numbers = ["" if np.isnan(v) else repr(float(v)) for v in data.numeric[row]]
            writer.writerow(
                [*numbers, *(c.levels[k] if k >= 0 else "" for c, k in zip(categorical, data.codes[row], strict=True))]
            )
    return path


def script_of(folder):
    spec = importlib.util.spec_from_file_location("exported_script", folder / "predict.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def predicted(data, one, folder, tmp_path):
    """What the exported script gives for the member's score rows."""
    table, script = written(data, one.split.score, tmp_path / "new.csv"), script_of(folder)
    return script.predict(script.read_csv(table))


def exported(data, one, tmp_path, engine):
    (outcome,) = train(engine, data, one)
    assert outcome.status == "done", outcome
    export_network(tmp_path / "out", one.recipe, data, one.split.train, outcome.weights)
    return outcome, predicted(data, one, tmp_path / "out", tmp_path)


PERCEPTRONS = {
    "plain": (classes_table(), {}),
    "all at once": (mixed(), {"activation": "prelu", "batch_norm": "before", "dropout": 0.2}),
    "maxout, norm after": (classes_table(), {"activation": "maxout", "batch_norm": "after"}),
    "regression, gelu": (numbers_table(), {"activation": "gelu_tanh", "loss": "squared_error"}),
    "linear": (classes_table(), {"network": Perceptron(())}),
    "embedded": (mixed(), {"network": Perceptron((8, 6), embedding="half"), "batch_norm": "after"}),
    "embedded, nothing else": (categories_table(), {"network": Perceptron((8,), embedding=2), "activation": "prelu"}),
}


@pytest.mark.parametrize("engine", [SingleEngine(), KernelEngine()], ids=lambda engine: engine.name)
@pytest.mark.parametrize(("data", "changes"), PERCEPTRONS.values(), ids=PERCEPTRONS)
def test_a_perceptron_predicts_the_same(data, changes, engine, tmp_path):
    one = member(SMALL.but(**changes), rows=data.rows, collect=WEIGHTS)
    outcome, outputs = exported(data, one, tmp_path, engine)
    assert outputs == pytest.approx(outcome.predictions, rel=1e-4, abs=1e-4)
    assert read_recipe(tmp_path / "out" / "recipe.toml") == one.recipe


CONVOLUTION = "nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(48, outputs))"
NETWORKS = {
    "convolution": (images(rows=90), CONVOLUTION),
    "rows of an image": (images(rows=90), "nn.Linear(inputs, outputs)"),
    "one logit": (images(rows=90), "nn.Sequential(nn.Linear(inputs, 1), nn.Flatten(0))"),
    "lazy": (classes_table(), "nn.Sequential(nn.LazyLinear(5), nn.ReLU(), nn.LazyLinear(outputs))"),
    "regression": (numbers_table(outputs=1), "nn.Sequential(nn.Linear(inputs, 1), nn.Flatten(0))"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "expression"), NETWORKS.values(), ids=NETWORKS)
def test_a_user_s_network_predicts_the_same(data, expression, tmp_path, monkeypatch, request):
    monkeypatch.setattr(sys, "path", list(sys.path))
    path = tmp_path / f"mine_{re.sub(r'[^a-z]', '_', request.node.callspec.id)}.py"
    path.write_text(f"from torch import nn\ndef make(inputs, outputs):\n    return {expression}\n")
    recipe = Recipe.for_data(data.task, network_file(f"{path}:make"), epochs=3, learning_rate=1e-2)
    one = member(recipe, rows=data.rows, collect=WEIGHTS)
    outcome, outputs = exported(data, one, tmp_path, SingleEngine())
    assert outputs == pytest.approx(outcome.predictions, rel=1e-4, abs=1e-4)


def test_the_script_runs_where_there_is_no_whyfit_and_prints_a_class_and_its_probability(tmp_path):
    data, one = classes_table(), member(SMALL, collect=WEIGHTS)
    (outcome,) = train(SingleEngine(), data, one)
    export_network(tmp_path / "out", one.recipe, data, one.split.train, outcome.weights)
    table = written(data, one.split.score, tmp_path / "new.csv")
    command = [sys.executable, "-c", WITHOUT_WHYFIT, str(tmp_path / "out" / "predict.py"), str(table)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [data.classes[k] for k in outcome.predictions.argmax(axis=1)]
    assert all(1 / 3 <= float(line.split("\t")[1]) <= 1 for line in lines)


def test_no_text_of_the_data_becomes_code(tmp_path):
    """Names of columns, levels and classes are literals of the script, whatever they hold."""
    data = mixed()
    one = member(SMALL, rows=data.rows, collect=WEIGHTS)
    (outcome,) = train(SingleEngine(), data, one)
    export_network(tmp_path, one.recipe, data, one.split.train, outcome.weights)
    tree = ast.parse((tmp_path / "predict.py").read_text())
    values = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(values["LEVELS"]) == [(data.columns[2].name, list(data.columns[2].levels))]
    assert ast.literal_eval(values["CLASSES"]) == list(data.classes)
    imports = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert sorted(imports) == ["csv", "io", "math", "numpy", "re", "sys", "torch"]


def test_what_cannot_be_written_is_said(tmp_path):
    data, one = classes_table(), member(SMALL)
    with pytest.raises(RecipeError, match="a function of this process"):
        export_network(tmp_path, SMALL.but(network=NetworkInProcess("make#1")), data, one.split.train, b"")
    (tmp_path / "net.py").write_text("def make(): ...")
    changed = Recipe.for_data("classification", network_file(f"{tmp_path / 'net.py'}:make"), activation="elu")
    with pytest.raises(RecipeError, match="changes what the network's own file makes"):
        export_network(tmp_path, changed, data, one.split.train, b"")


@pytest.fixture(scope="module")
def read_csv(tmp_path_factory):
    """The reader of a script for the columns a, b (numbers) and c (words)."""
    draw = np.random.default_rng(0)
    columns = (Column("a", "numeric"), Column("b", "numeric"), Column("c", "categorical", ("x", "y z")))
    data = Dataset(
        columns=columns,
        numeric=draw.normal(size=(150, 2)),
        codes=draw.integers(0, 2, (150, 1)),
        target=draw.integers(0, 2, 150),
        task="classification",
        classes=("no", "yes"),
    )
    one, folder = member(SMALL, rows=data.rows, collect=WEIGHTS), tmp_path_factory.mktemp("out")
    (outcome,) = train(SingleEngine(), data, one)
    export_network(folder, one.recipe, data, one.split.train, outcome.weights)
    script = script_of(folder)

    def read(text):
        (folder / "new.csv").write_text(text, encoding="utf-8")
        return script.read_csv(folder / "new.csv")

    return read


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1.5,,x\n2,-3,y z\n",
        "\ufeffa,b,c\n1.5,NA,x\n2,-3,y z\n",
        "extra, c ,b ,a\n0, x,null,1.5\n0, y z , -3,2.0\n\n",
        "a;b;c\n1,5;?;x\n2;-3,0;y z\n",
        "a\tb\tc\n1.5\t-\tx\n2\t-3\ty z\n",
    ],
)
def test_a_script_reads_files_as_people_write_them(read_csv, text):
    table = read_csv(text)
    assert table["a"] == [1.5, 2.0]
    assert np.isnan(table["b"][0])
    assert table["b"][1] == -3.0
    assert table["c"] == ["x", "y z"]


def test_a_script_reads_words_of_truth_as_one_and_zero(read_csv):
    assert read_csv("a,b,c\nTrue,no,x\n")["a"] == [1.0]
    assert read_csv("a,b,c\nTrue,no,x\n")["b"] == [0.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,c\n1,x\n", "must name the columns a, b, c"),
        ("a,b,c\n1,2020-01-02,x\n", "line 2, column 'b': '2020-01-02' is not a plain number"),
        ("a;b;c\n1;1,234;x\n", "line 2, column 'b': '1,234' is not a plain number"),
        ("", "must name the columns"),
    ],
)
def test_what_a_script_cannot_read_ends_in_one_message(read_csv, text, said):
    with pytest.raises(SystemExit, match=re.escape(said)):
        read_csv(text)


def test_a_perceptron_is_exported_where_there_is_no_torch(tmp_path):
    """The kernel trains without torch; writing what it trained must not ask for it."""
    code = f"""
from importlib.machinery import PathFinder
found = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name.split(".")[0] == "torch" else found(name, *rest)
import whyfit
from whyfit.data.load import load
from whyfit.evidence.member import Collect
data = load({{"a": [i % 7 for i in range(90)], "y": ["no", "yes"] * 45}})
whyfit.train(whyfit.Recipe(epochs=1), data, collect=Collect(weights=True), workers=1).export({str(tmp_path / "out")!r})
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"predict.py", "weights.safetensors", "recipe.toml"}
