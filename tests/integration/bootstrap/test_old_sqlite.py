"""Several processes write one SQLite file only with a library that is known to bear it."""

from pathlib import Path

import pytest

from gateway.bootstrap import gateway as module
from gateway.bootstrap.gateway import Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.errors import SettingsInvalid
from gateway.model.clock import system_clock
from gateway.settings import read_settings
from gateway.storage.sql.sqlite import SqliteLibrary
from tests.support.database import sqlite_url
from tests.support.served import settings_of
from tests.support.submissions import counted_bytes

SURROUNDINGS = Surroundings(system_clock, lambda: 0.5, counted_bytes())


@pytest.fixture(autouse=True)
def _old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "sqlite_library", lambda: SqliteLibrary("sqlite3", "3.40.1", has_wal_reset_fix=False)
    )


def test_an_old_library_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    settings = read_settings(settings_of(sqlite_url(tmp_path), DELIVERY__PROCESSES="2"))
    with pytest.raises(SettingsInvalid, match=r"3\.40\.1.*HOTICH_DELIVERY__PROCESSES=1"):
        build_gateway(SURROUNDINGS, settings, Roles(accepts=True, delivers=True))


@pytest.mark.parametrize("roles", [Roles(accepts=True, delivers=False), Roles(accepts=True, delivers=True)])
def test_one_process_or_none_that_delivers_may_use_it(tmp_path: Path, roles: Roles) -> None:
    processes = "1" if roles.delivers else "2"
    settings = read_settings(settings_of(sqlite_url(tmp_path), DELIVERY__PROCESSES=processes))
    gateway = build_gateway(SURROUNDINGS, settings, roles)
    assert gateway.deliverers is None
    gateway.stores.close()
