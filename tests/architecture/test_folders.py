"""The map of the house: every folder has its place and says what it is for."""

import ast
import importlib.util
import tomllib
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from tests.support.source_tree import ROOT, SHIPPED, files, modules, modules_under, name_of

TOP_FOLDERS = {*SHIPPED, ".ci", "bench", "docs", "examples", "requirements", "tests", "tools"}
# Words that fit everything say nothing; such a module has no idea that it is split by.
EMPTY_WORDS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "processor",
    "data",
    "stuff",
}
TEST_FOLDERS = {
    "acceptance",
    "architecture",
    "contract",
    "golden",
    "integration",
    "properties",
    "simulation",
    "support",
    "unit",
}


def _inner_folders(top: str) -> set[str]:
    parts = (PurePosixPath(name_of(path)).parts for path in files())
    return {each[1] for each in parts if len(each) > 2 and each[0] == top}


def test_every_top_folder_is_on_the_map() -> None:
    found = {PurePosixPath(name_of(path)).parts[0] for path in files() if path.parent != ROOT}
    assert found - TOP_FOLDERS == set()
    assert set(SHIPPED) <= found


def test_every_test_folder_is_on_the_map() -> None:
    assert _inner_folders("tests") - TEST_FOLDERS == set()


def test_every_package_says_in_one_line_what_it_is_for() -> None:
    shipped = modules_under(*SHIPPED)
    folders = {str(PurePosixPath(name).parent) for name in shipped if "/migrations/" not in name}
    lines = {
        folder: (ast.get_docstring(shipped[f"{folder}/__init__.py"]) or "").splitlines()
        for folder in folders
        if f"{folder}/__init__.py" in shipped
    }
    assert folders - lines.keys() == set(), "folders without an __init__.py"
    assert {folder for folder, text in lines.items() if len(text) != 1} == set()


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    words = {name: set(PurePosixPath(name).with_suffix("").parts) for name in modules()}
    assert words
    assert {name for name, parts in words.items() if parts & EMPTY_WORDS} == set()


def test_every_module_named_by_an_import_contract_exists() -> None:
    # import-linter passes over a pattern that matches nothing, and would then guard nothing.
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    ours = {
        name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
        for name in modules_under(*SHIPPED)
    }
    named = {
        module
        for contract in contracts
        for key in ("source_modules", "forbidden_modules", "modules")
        for module in contract.get(key, [])
    }
    inside = {module for module in named if "." in module or importlib.util.find_spec(module) is None}
    assert inside
    assert {pattern for pattern in inside if not any(fnmatchcase(each, pattern) for each in ours)} == set()
