"""The repository's own files, read as text and as syntax, for the tests that hold its rules."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCTION = ("gateway", "adapters", "mappings", "retry_queue")
SHIPPED = (*PRODUCTION, "simulators")
PYTHON_FOLDERS = (*SHIPPED, "tests", "bench", "tools", "examples")

# What tools and the running gateway make; .gitignore names the same.
_NOT_OURS = {"var", "build", "dist", "__pycache__", "node_modules"}
_KEPT_DOT_FOLDERS = {".ci"}
_BINARY = {".png", ".jpg", ".pdf", ".gz", ".zip", ".db", ".ico", ".woff2"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository, sorted."""
    found: list[Path] = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = sorted(
            name
            for name in inner
            if name not in _NOT_OURS and (not name.startswith(".") or name in _KEPT_DOT_FOLDERS)
        )
        found.extend(Path(folder, name) for name in sorted(names))
    return tuple(found)


@cache
def texts() -> dict[str, str]:
    """Every text file's content by its path from the root, with forward slashes."""
    kept = (path for path in files() if path.suffix not in _BINARY and path.name != ".git")
    return {name_of(path): path.read_text(encoding="utf-8") for path in kept}


def texts_under(*folders: str) -> dict[str, str]:
    """The text files inside these folders; a folder is written without its last slash."""
    heads = tuple(f"{folder}/" for folder in folders)
    return {name: text for name, text in texts().items() if name.startswith(heads)}


@cache
def modules() -> dict[str, ast.Module]:
    """Every Python file's syntax tree by its path from the root."""
    sources = texts_under(*PYTHON_FOLDERS)
    return {name: ast.parse(text, name) for name, text in sources.items() if name.endswith(".py")}


def modules_under(*folders: str) -> dict[str, ast.Module]:
    """The Python files inside these folders."""
    heads = tuple(f"{folder}/" for folder in folders)
    return {name: tree for name, tree in modules().items() if name.startswith(heads)}


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def name_of(path: Path) -> str:
    """The path from the root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()
