"""Production runs without the simulators: a missing setting is an error, never a reason to pretend."""

import ast
import subprocess
import sys

from tests.support.source_tree import PRODUCTION, ROOT, modules_under

LOADS_EVERYTHING = """
import sys
import gateway.cli, gateway.bootstrap
print(sorted(name for name in sys.modules if name.split(".")[0] in {"simulators", "tests"}))
"""


def _imported(tree: ast.Module) -> set[str]:
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("import_module", "__import__", "find_spec"))
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    return {name.split(".")[0] for name in named | called}


def test_production_names_neither_simulators_nor_tests_in_any_import() -> None:
    found = {
        name: _imported(tree) & {"simulators", "tests"} for name, tree in modules_under(*PRODUCTION).items()
    }
    assert found
    assert {name: imported for name, imported in found.items() if imported} == {}


def test_loading_the_whole_gateway_loads_no_simulator() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS_EVERYTHING], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
