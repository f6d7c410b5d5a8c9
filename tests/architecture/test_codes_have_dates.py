"""A code without a day is ambiguous: no look-up is asked without one, none asks for today by itself."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from types import ModuleType

import pytest

from gateway.receive.code_lists import CodeLists
from mappings import bridge, codes, competence, editions, matters, places, units
from tests.support.source_tree import PRODUCTION, ROOT, functions, modules_under

READERS = (bridge, codes, competence, editions, matters, places, units)
CODE_NAMES = {"code", "old_code", "authority_code", "procedure_code", "digit", "term", "place"}
"""Arguments that carry a code; whoever takes one must take a day as well."""
KEYS_THAT_ARE_NO_CODES = {"get_matter"}
"""Names of ours, the same on every day."""
TABLE_READERS = {
    "mappings/added_editions.py",
    "mappings/bridge.py",
    "mappings/competence.py",
    "mappings/corrections.py",
    "mappings/csv_files.py",
    "mappings/editions.py",
    "mappings/matters.py",
    "mappings/units.py",
}
"""Only these open a table with codes; all others ask them, with a day."""
TABLES = tuple(path.stem for path in sorted((ROOT / "mappings" / "tables").glob("*.csv")))


def _public(module: ModuleType) -> Iterator[Callable[..., object]]:
    for name, function in vars(module).items():
        is_own = inspect.isfunction(function) and function.__module__ == module.__name__
        if is_own and not name.startswith("_"):
            yield function


LOOK_UPS = [function for module in READERS for function in _public(module)]


def _takes_a_code(function: Callable[..., object]) -> bool:
    return bool(CODE_NAMES & inspect.signature(function).parameters.keys())


def _days(function: Callable[..., object]) -> list[inspect.Parameter]:
    found = inspect.signature(function).parameters.values()
    return [each for each in found if each.annotation is date]


@pytest.mark.parametrize("function", LOOK_UPS, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_whoever_is_asked_for_a_code_is_told_the_day(function: Callable[..., object]) -> None:
    if not _takes_a_code(function) or function.__name__ in KEYS_THAT_ARE_NO_CODES:
        assert not function.__name__.startswith("find_") or _days(function), "a find_ without a code or a day"
        return
    days = _days(function)
    assert days
    assert all(day.default is inspect.Parameter.empty for day in days)


def test_the_look_ups_are_really_looked_at() -> None:
    asked = {function.__name__ for function in LOOK_UPS if _takes_a_code(function)}
    assert {"find_unit", "find_entry", "find_code", "find_partner_code", "bridge", "level_of"} <= asked
    assert len(asked) > 12


def test_the_rules_take_every_list_with_a_day() -> None:
    for name, kind in CodeLists.__annotations__.items():
        assert "date" in str(kind), name
    assert "on_date" in inspect.signature(CodeLists.chain_of).parameters


def _opens_a_table(text: str) -> bool:
    return any(f'"{table}.csv"' in text or f"'{table}.csv'" in text for table in TABLES) or '"tables"' in text


def test_no_other_source_opens_a_table_of_codes() -> None:
    readers = {
        name
        for name, tree in modules_under(*PRODUCTION).items()
        if any(_opens_a_table(ast.unparse(node).replace("'", '"')) for node in tree.body)
    }
    assert readers == TABLE_READERS - {"mappings/added_editions.py", "mappings/csv_files.py"}


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rsplit(".", 1)[-1]


DATED = {function.__name__: function for function in LOOK_UPS if _takes_a_code(function) and _days(function)}


@pytest.mark.parametrize("folder", ["mappings", "gateway/receive", "gateway/deliver", "adapters"])
def test_every_call_of_a_look_up_hands_a_day_in_that_is_not_the_clock(folder: str) -> None:
    seen = 0
    for name, tree in modules_under(folder).items():
        for call in _calls(tree):
            if _name(call) not in DATED:
                continue
            seen += 1
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            needed = inspect.signature(DATED[_name(call)]).parameters.values()
            required = [each for each in needed if each.default is inspect.Parameter.empty]
            where = f"{name}:{call.lineno}"
            assert len(given) >= len(required), where
            assert not any("today" in ast.unparse(each) or ".now" in ast.unparse(each) for each in given), (
                where
            )
    assert seen > 20 or folder in {"gateway/receive", "gateway/deliver", "adapters"}


@pytest.mark.parametrize("folder", ["mappings", "gateway/receive", "gateway/deliver", "adapters"])
def test_nothing_that_reads_codes_asks_the_machine_for_the_day(folder: str) -> None:
    asking = [
        f"{name}:{call.lineno}"
        for name, tree in modules_under(folder).items()
        for call in _calls(tree)
        if ast.unparse(call.func) in {"date.today", "datetime.now", "datetime.today", "datetime.utcnow"}
    ]
    assert asking == []


def test_no_converter_can_see_a_code_without_the_scene_that_has_the_day() -> None:
    """The scene's day is that of the registration, never that of sending."""
    converters = [
        (name, function)
        for name, tree in modules_under("mappings").items()
        if name.endswith("converters.py")
        for function in functions(tree)
        if any(_name(call) in DATED for call in _calls(function)) and not function.name.startswith("_")
    ]
    assert len(converters) > 3
    for name, function in converters:
        taken = {each.arg for each in function.args.args}
        assert taken & {"scene", "_scene", "on_date"}, f"{name}:{function.lineno}"


def test_no_table_is_opened_before_the_first_look_up() -> None:
    watch = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda name, given: opened.append(str(given[0])) if name == 'open' else None)\n"
        "import mappings.codes, mappings.bridge, mappings.competence, mappings.matter_flags\n"
        "print([each for each in opened if each.endswith('.csv')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch], cwd=ROOT, check=True, capture_output=True, text=True, timeout=50
    )
    assert done.stdout.strip() == "[]"
