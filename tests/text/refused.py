"""The English sentences that the package refuses with, as templates: read from its source."""

from __future__ import annotations

import ast
from pathlib import Path

import whyfit

SOURCE = Path(whyfit.__file__).parent
FOR_PROGRAMS = (
    "testing.py", "integrations", "study/statistics", "evidence/split.py", "rules/optimizers", "report/live.py",
    "report/charts", "doors/train_", "doors/trained.py", "doors/watch_session.py",
)  # fmt: skip
"""Where only a program gets: its exceptions stay English, as Python's own do."""
ERRORS = {
    "InputError", "ArgumentError", "DataError", "RecipeError", "NetworkError", "StudyError", "StudyBusyError",
    "StudyDamagedError", "StudyMismatchError", "ClusterError", "MissingPackageError",
}  # fmt: skip


def template_of(node):
    """The text of a literal, with its places numbered; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, places = [], 0
    for value in node.values:
        places += not isinstance(value, ast.Constant)
        parts.append(value.value if isinstance(value, ast.Constant) else f"{{{places}}}")
    return "".join(parts)


def literals(node, names):
    """The literals that an argument may be: itself, either side of a condition, or what a name was given."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body, names), *literals(node.orelse, names)]
    if isinstance(node, ast.Name):
        return [found for value in names.get(node.id, ()) for found in literals(value, {})]
    found = template_of(node)
    return [] if found is None else [found]


def trees():
    """(name, tree) of every file that somebody at the command line can meet."""
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE).as_posix()
        if not name.startswith(FOR_PROGRAMS):
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def refusals():
    """(file, template) of every message and advice that an exception is raised with."""
    for name, tree in trees():
        names = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ERRORS:
                told = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "advice")]
                yield from ((name, found) for one in told for found in literals(one, names))


def all_literals():
    """Every literal of these files as a template."""
    return {found for _, tree in trees() for node in ast.walk(tree) if (found := template_of(node))}
