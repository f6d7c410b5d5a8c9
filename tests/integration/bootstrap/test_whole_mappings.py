"""A process whose mappings are silent about an event type, or a field, does not start."""

import shutil
from pathlib import Path

import pytest

from gateway.bootstrap import gateway
from gateway.bootstrap.gateway import Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.settings import read_settings
from mappings.catalog import IncompleteMapping, read_catalog
from mappings.csv_files import MAPPINGS
from tests.support.edge_desk import HandClock
from tests.support.submissions import counted_bytes

CHANGES = {
    "extract_copy is neither sent nor said to be silent": ("messages.csv", "extract_copy,*,", "nothing is"),
    "a field is neither mapped nor withheld": (
        "birth.csv",
        "*,,copies_requested,",
        "copies_requested is neither",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_mappings_are_silent_about_stops_the_start(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, start, expected = CHANGES[name]
    folder = tmp_path / "mappings"
    shutil.copytree(MAPPINGS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "population_db" / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    monkeypatch.setattr(gateway, "load_catalog", lambda: read_catalog(folder))
    settings = read_settings(
        {
            "HOTICH_DATABASE_URL": f"sqlite:///{tmp_path / 'hotich.db'}",
        }
    )
    surroundings = Surroundings(HandClock(), lambda: 0.5, counted_bytes())
    with pytest.raises(IncompleteMapping, match=expected):
        build_gateway(surroundings, settings, Roles(accepts=True, delivers=False))
    assert not (tmp_path / "hotich.db").exists()
