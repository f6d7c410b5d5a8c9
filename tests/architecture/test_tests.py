"""Rules for the tests themselves: each can fail, none is left out silently, none waits for a time."""

import ast
from collections.abc import Iterator

import pytest

from tests.support.source_tree import Function, functions, modules, modules_under

LEFT_OUT = {"skip", "skipif", "xfail", "importorskip"}
# Calls that fail a test by themselves; a helper of ours says by its name that it checks.
CHECKS = {"raises", "warns", "fail", "deprecated_call"}
CHECKING_HEADS = ("assert", "check", "expect", "verify", "wait")
REASON_CHARS_MIN = 15


def _tests() -> Iterator[tuple[str, Function]]:
    for name, tree in modules().items():
        if name.startswith("tests/") and name.rsplit("/", 1)[1].startswith("test_"):
            for function in functions(tree):
                if function.name.startswith("test_"):
                    yield f"{name}::{function.name}", function


def _called(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield ast.unparse(each.func).rsplit(".", 1)[-1]


def _can_fail(function: Function) -> bool:
    if any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(function)):
        return True
    return any(name in CHECKS or name.lstrip("_").startswith(CHECKING_HEADS) for name in _called(function))


def _reason(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        texts = [*node.args, *(keyword.value for keyword in node.keywords)]
        return " ".join(
            each.value for each in texts if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
    return ""


def _left_out(tree: ast.Module) -> Iterator[ast.AST]:
    # The bare attribute of a call is seen again inside the call: count it once.
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(target, ast.Attribute) and id(node) not in called and _leaves_out(target):
            yield node


def _leaves_out(target: ast.Attribute) -> bool:
    return target.attr in LEFT_OUT and ast.unparse(target).startswith("pytest.")


def test_every_test_can_fail() -> None:
    found = list(_tests())
    assert found
    assert [where for where, function in found if not _can_fail(function)] == []


def test_no_test_is_left_out_without_a_reason() -> None:
    silent = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, tree in modules_under("tests").items()
        for node in _left_out(tree)
        if len(_reason(node)) < REASON_CHARS_MIN
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a():\n    run()", False),
        ("def test_a():\n    assert run()", True),
        ("def test_a():\n    with pytest.raises(OSError):\n        run()", True),
        ("def test_a():\n    assert_all_delivered(run())", True),
    ],
)
def test_a_test_without_a_check_is_recognised(source: str, *, expected: bool) -> None:
    (function,) = functions(ast.parse(source))
    assert _can_fail(function) is expected


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("@pytest.mark." + "skip\ndef test_a(): ...", 1),
        ("pytest." + "skip('x')", 1),
        ("numbers.skip(3)", 0),
    ],
)
def test_a_left_out_test_is_recognised(source: str, count: int) -> None:
    assert len(list(_left_out(ast.parse(source)))) == count


def test_no_test_file_is_overlooked_by_its_name() -> None:
    with_tests = {
        name
        for name, tree in modules_under("tests").items()
        if any(isinstance(node, Function) and node.name.startswith("test_") for node in tree.body)
    }
    assert {name for name in with_tests if not name.rsplit("/", 1)[1].startswith("test_")} <= {
        name for name in with_tests if name.startswith("tests/support/")
    }
