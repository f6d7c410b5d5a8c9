"""One gateway delivers from an SQLite file: a further process that it left keeps the next one out."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.bootstrap.sole_delivery import SoleDelivery, sole_delivery
from gateway.bootstrap.stores import open_stores
from gateway.errors import DeliveredElsewhere
from gateway.settings import read_settings

WAIT_SECONDS = 0.1
STAYS = "import sys; print('here', flush=True); sys.stdin.readline()"


@contextmanager
def heir(of: SoleDelivery) -> Iterator["subprocess.Popen[str]"]:
    """A process that has inherited the right and does nothing else."""
    with subprocess.Popen(
        [sys.executable, "-c", STAYS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=of.files,
    ) as process:
        assert (process.stdout or sys.stdin).readline() == "here\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_gateway_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    first, second = SoleDelivery(tmp_path / "hotich.db"), SoleDelivery(tmp_path / "hotich.db")
    first.take(WAIT_SECONDS)
    with pytest.raises(DeliveredElsewhere, match=r"hotich\.db-delivering"):
        second.take(WAIT_SECONDS)
    assert second.files == ()
    first.give_back()
    second.take(WAIT_SECONDS)
    second.give_back()


def test_a_process_that_was_left_keeps_the_next_gateway_out_until_it_has_ended(tmp_path: Path) -> None:
    dead, next_one = SoleDelivery(tmp_path / "hotich.db"), SoleDelivery(tmp_path / "hotich.db")
    dead.take(WAIT_SECONDS)
    with heir(dead) as left:
        dead.give_back()  # all that a kill leaves of it: its own file is closed
        with pytest.raises(DeliveredElsewhere):
            next_one.take(WAIT_SECONDS)
        left.kill()
        left.wait()
        next_one.take(WAIT_SECONDS)
        next_one.give_back()


def test_a_gateway_waits_for_one_that_is_just_ending(tmp_path: Path) -> None:
    dead, next_one = SoleDelivery(tmp_path / "hotich.db"), SoleDelivery(tmp_path / "hotich.db")
    dead.take(WAIT_SECONDS)
    with heir(dead) as left:
        dead.give_back()
        subprocess.Popen(["/bin/kill", "-9", str(left.pid)]).wait()
        next_one.take(wait_seconds=30)
        next_one.give_back()


def test_on_postgresql_nobody_is_kept_out() -> None:
    settings = read_settings({"HOTICH_DATABASE_URL": "postgresql+psycopg://user@127.0.0.1:9/none"})
    stores = open_stores(settings)
    assert sole_delivery(stores, settings) is None
    stores.close()
