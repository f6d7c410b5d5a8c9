from collections.abc import Callable
from pathlib import Path

import pytest

from mappings import reference
from tests.support.source_tree import ROOT


@pytest.mark.parametrize(
    ("page", "render"),
    [("event.md", reference.render_event), ("mappings.md", reference.render_mappings)],
)
def test_the_reference_pages_are_up_to_date(page: str, render: Callable[[], str]) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert written == f"{render().rstrip()}\n", "run: python -m mappings.reference"


def test_the_pages_are_written_where_asked(tmp_path: Path) -> None:
    reference.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"event.md", "mappings.md"}
