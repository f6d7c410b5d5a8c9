"""An edge on an SQLite file of its own, and one that is also tried on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.database import emptied, sqlite_url
from tests.support.edge_desk import EdgeDesk, opened_edge


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path)) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EdgeDesk]:
    url = (
        sqlite_url(tmp_path)
        if request.param == "sqlite"
        else emptied(request.getfixturevalue("postgres_url"))
    )
    with opened_edge(url) as opened:
        yield opened
