from pathlib import Path

import pytest

from mappings import reference
from mappings.converter_tables import describe
from mappings.loading import PARTNERS
from mappings.partners import OWN, SHARED, load_partner
from tests.support.source_tree import ROOT

PAGES = reference.pages()


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_pages_are_up_to_date(page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert written == f"{PAGES[page].rstrip()}\n", "run: python -m mappings.reference"


def test_no_page_of_a_mapping_that_is_no_more_is_left() -> None:
    folder = ROOT / "docs" / "reference"
    left = {path.relative_to(folder).as_posix() for path in (folder / "mappings").rglob("*.md")}
    assert left == {page for page in PAGES if page.startswith("mappings/")}


def test_the_pages_are_written_where_asked_and_old_ones_go(tmp_path: Path) -> None:
    old = tmp_path / "mappings" / "one_stop" / "baptism.md"
    old.parent.mkdir(parents=True)
    old.write_text("no more", encoding="utf-8")
    reference.write(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")} == set(PAGES)


@pytest.mark.parametrize("partner", PARTNERS)
def test_every_converter_in_use_is_described_in_both_languages_on_the_page(partner: str) -> None:
    index = PAGES["mappings.md"]
    for name in {
        rule.row["convert"] for rules in load_partner(partner).tables.rules.values() for rule in rules
    }:
        if name:
            known = {**SHARED, **OWN[partner]}[name]
            described = describe(partner, name, known)
            assert described.vietnamese, name
            assert described.english, name
            assert f"| `{name}` | {described.vietnamese}" in index
