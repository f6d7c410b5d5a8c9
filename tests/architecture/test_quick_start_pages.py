"""A quick-start page shows exactly the file that the tests run."""

import pytest

from tests.support.quickstarts import QUICK_STARTS
from tests.support.source_tree import ROOT
from tools.quickstart_pages import PAGES, pages


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_shows_its_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    written = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run: python -m tools.quickstart_pages"
    code = (ROOT / "examples" / "quickstart" / PAGES[name].file).read_text(encoding="utf-8")
    assert f"```{PAGES[name].fence}\n{code}```" in written


def test_every_quick_start_that_is_run_has_a_page() -> None:
    assert {each.file for each in QUICK_STARTS} == {page.file for page in PAGES.values()}
