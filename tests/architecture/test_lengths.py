"""Files and functions stay short enough to be read in one go; over the limit, split by idea."""

from tests.support.source_tree import functions, modules, texts

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60


def test_no_python_file_is_longer_than_the_limit() -> None:
    lengths = {name: len(text.splitlines()) for name, text in texts().items() if name.endswith(".py")}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_the_limit() -> None:
    lengths = {
        f"{name}:{function.lineno} {function.name}": function.end_lineno - function.lineno + 1
        for name, tree in modules().items()
        for function in functions(tree)
        if function.end_lineno is not None
    }
    assert lengths
    assert {where: lines for where, lines in lengths.items() if lines > FUNCTION_LINES_MAX} == {}
