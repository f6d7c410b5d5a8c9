"""`hotich-gateway doctor`: is this machine fit to run the gateway, and is it well."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import typer
from sqlalchemy.exc import SQLAlchemyError

from gateway.bootstrap.stores import open_stores
from gateway.commands.context import Context
from gateway.commands.output import AsJson, print_json, print_table
from gateway.errors import GatewayError
from gateway.settings import Settings
from gateway.storage.sql.migrate import current_revision, head_revision
from gateway.storage.sql.sqlite import WAL_RESET_FIXED, sqlite_library
from mappings.catalog import check as check_mappings

SYNC_PROBES = 20
SLOW_SYNC_MILLISECONDS = 50.0
REACH_SECONDS = 5.0
_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only the second


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    subject: str
    is_well: bool
    what: str
    remedy: str = ""


def doctor(*, as_json: AsJson = False) -> None:
    """Look at Python, SQLite, disk, database, mappings and destinations; status 1 if anything is unwell.

    Example: hotich-gateway doctor --json
    """
    context = Context.from_environment()
    findings = [finding for look in _looks(context.settings) for finding in look()]
    if as_json:
        print_json(
            [
                {"subject": each.subject, "well": each.is_well, "what": each.what, "remedy": each.remedy}
                for each in findings
            ]
        )
    else:
        rows = (
            (each.subject, "well" if each.is_well else "UNWELL", each.what, each.remedy) for each in findings
        )
        print_table("Doctor", ("subject", "state", "what", "remedy"), rows)
    if not all(each.is_well for each in findings):
        raise typer.Exit(1)


def _looks(settings: Settings) -> list[Callable[[], Iterator[Finding]]]:
    return [
        _python,
        _sqlite,
        lambda: look_at_disk(settings, sync_milliseconds),
        lambda: _database(settings),
        _mappings,
        lambda: look_at_destinations(settings),
    ]


def _python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding(
        "python", sys.version_info >= (3, 11), version, "" if sys.version_info >= (3, 11) else "Needs 3.11."
    )


def _sqlite() -> Iterator[Finding]:
    library = sqlite_library()
    fixed = ".".join(str(part) for part in WAL_RESET_FIXED)
    yield Finding(
        "sqlite",
        library.has_wal_reset_fix,
        f"{library.version} from {library.module}",
        ""
        if library.has_wal_reset_fix
        else f"Before {fixed} a file may be damaged (WAL reset): install pysqlite3.",
    )


def look_at_disk(settings: Settings, measure: Callable[[Path], float]) -> Iterator[Finding]:
    """How long a durable write takes where the database lies; what a receipt costs at least."""
    if not settings.database_url.startswith("sqlite:///"):
        return
    folder = Path(settings.database_url.removeprefix("sqlite:///")).absolute().parent
    try:
        milliseconds = measure(folder)
    except OSError as error:
        yield Finding(
            "disk", is_well=False, what=f"{folder}: {error.strerror}", remedy="Make the folder writable."
        )
        return
    yield Finding(
        "disk",
        milliseconds < SLOW_SYNC_MILLISECONDS,
        f"{milliseconds:.1f} ms for a durable write (median of {SYNC_PROBES})",
        "" if milliseconds < SLOW_SYNC_MILLISECONDS else "The disk is slow: each receipt waits so long.",
    )


def sync_milliseconds(folder: Path) -> float:
    """How long 4 KiB take to be on the disk: the median of some attempts."""
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".doctor-{os.getpid()}"
    times: list[float] = []
    try:
        with probe.open("wb", buffering=0) as file:
            for _ in range(SYNC_PROBES):
                begun = time.perf_counter()
                file.write(b"\0" * 4096)
                _sync(file.fileno())
                times.append((time.perf_counter() - begun) * 1000)
    finally:
        probe.unlink(missing_ok=True)
    return sorted(times)[len(times) // 2]


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        found, wanted = _revision_of(settings), head_revision()
    except (GatewayError, SQLAlchemyError) as error:
        kind = type(error).__name__
        yield Finding("database", is_well=False, what=kind, remedy="Check HOTICH_DATABASE_URL.")
        return
    yield Finding(
        "database",
        found == wanted,
        f"revision {found or 'none'}, this release needs {wanted}",
        "" if found == wanted else "Run `hotich-gateway migrate`.",
    )


def _revision_of(settings: Settings) -> str | None:
    stores = open_stores(settings)
    try:
        with stores.database.read() as transaction:
            return current_revision(transaction)
    finally:
        stores.close()


def _mappings() -> Iterator[Finding]:
    lines = check_mappings()
    broken = [line for line in lines if line.problems]
    what = f"{len(lines) - len(broken)} of {len(lines)} messages complete"
    yield Finding("mappings", not broken, what, "Run `hotich-gateway mapping check`." if broken else "")


def look_at_destinations(settings: Settings) -> Iterator[Finding]:
    """Whether each of the three can be reached at all."""
    found = settings.destinations
    if found is None:
        yield Finding(
            "destinations", is_well=False, what="none set", remedy="Set them, or serve --with-sandbox."
        )
        return
    addresses = {
        "national_registry": found.national_registry.base_url,
        "population_db": found.population_db.service_url,
        "one_stop": found.one_stop.base_url,
    }
    for name, address in addresses.items():
        yield _reach(name, address)


def _reach(name: str, address: str) -> Finding:
    """Any HTTP answer will do: it shows that the way is open, and names no credentials."""
    try:
        url = httpx.URL(address).copy_with(userinfo=b"")
    except httpx.InvalidURL:
        return Finding(name, is_well=False, what="not an address", remedy="Correct the setting.")
    try:
        status = httpx.get(url, timeout=REACH_SECONDS, trust_env=False).status_code
    except httpx.HTTPError as error:
        what = f"{url.host}: {type(error).__name__}"
        return Finding(name, is_well=False, what=what, remedy="Check address, network and allow-list.")
    return Finding(name, is_well=True, what=f"{url.host} answers (HTTP {status})")
