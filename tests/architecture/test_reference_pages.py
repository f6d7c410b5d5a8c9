"""The generated reference pages say what the code says; who changes the code writes them anew."""

from pathlib import Path

import pytest

from tests.support.source_tree import ROOT
from tools import reference_pages

PAGES = ("settings.md", "errors.md", "faults.md", "dialects.md", "commands.md", "http-api.md", "openapi.json")


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_page_is_up_to_date(page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert written == reference_pages.pages()[page], "run: python -m tools.reference_pages"


def test_all_pages_are_written_where_asked(tmp_path: Path) -> None:
    reference_pages.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(PAGES)
