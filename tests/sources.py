"""What the house tests look at: our files, their syntax trees, and the tree that README draws."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "stockscan"
# What the commands make, and git ignores.
MADE = {"__pycache__", "build", "data", "dist", "node_modules", "test-results"}
KEPT_DOT_FILES = {".ci", ".gitignore", ".npmrc"}


def is_ours(path: Path) -> bool:
    """Whether git keeps this file or folder."""
    if path.name.startswith("."):
        return path.name in KEPT_DOT_FILES
    return path.name not in MADE and not path.name.endswith((".egg-info", ".pyc"))


def our_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the project under `folder`, sorted."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(entry for entry in folders if is_ours(Path(parent, entry)))
        yield from (Path(parent, file) for file in sorted(files) if is_ours(Path(parent, file)))


def python_files(folder: Path = ROOT) -> Iterator[Path]:
    """Our modules under `folder`, less the migrations, which are history and never edited."""
    return (
        path
        for path in our_files(folder)
        if path.suffix == ".py" and path.parent.name != "versions"
    )


def templates() -> Iterator[Path]:
    """Every page and fragment."""
    return (
        path for path in our_files(ROOT / "templates") if path.suffix in {".html", ".svg", ".xml"}
    )


def text_files() -> Iterator[Path]:
    """Everything that is text, less the insides of libraries that we carry unchanged."""
    vendored = ROOT / "static" / "vendor"
    for path in our_files():
        if vendored not in path.parent.parents and b"\0" not in path.read_bytes()[:8192]:
            yield path


def name(path: Path) -> str:
    """The path as seen from the root of the project."""
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text().splitlines()


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function and method of a module."""
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef))


def imports(path: Path) -> Iterator[str]:
    """Every module that a module imports; `from a import b` counts as both a and a.b."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def line_count(node: ast.stmt) -> int:
    """How many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def body_line_count(function: ast.FunctionDef) -> int:
    """How many lines a function takes below its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_view(function: ast.FunctionDef) -> bool:
    """Whether a route leads to this function."""
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in {"route", "get", "post"}
        for decorator in function.decorator_list
    )


def tree_in_readme() -> Iterator[str]:
    """The paths that README draws; two spaces of indent lead into the folder above."""
    drawing = re.search(
        r"^```\w*\n((?:(?!```).*\n)*?stockscan/(?:.*\n)*?)```", readme(), re.MULTILINE
    )
    assert drawing, "README.md shows no tree"
    folders: list[str] = []
    for line in drawing.group(1).splitlines():
        found = re.match(r"( *)([\w.-]+/?)(?:\s|$)", line)
        if found:
            folders[len(found.group(1)) // 2 :] = [found.group(2)]
            yield "".join(folders)


def readme() -> str:
    """The first page of the project."""
    return (ROOT / "README.md").read_text()
