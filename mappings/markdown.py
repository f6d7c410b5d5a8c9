"""Tables in Markdown."""

from collections.abc import Iterable, Iterator


def cell(text: str) -> str:
    """Write a text so that it stays in its cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Give the lines of a table, and an empty line after it."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell(each) for each in row)} |"
    yield ""
