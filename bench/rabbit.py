"""A RabbitMQ to measure beside: the one whose address is given, or our own in a folder that goes away."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

ADDRESS: Final = "HOTICH_BENCH_AMQP"
"""Such as amqp://guest:guest@localhost:5672//; the queue `hotich-bench` there is emptied."""
_PROGRAM: Final = "rabbitmq-server"
_DEBIAN: Final = Path("/usr/lib/rabbitmq/bin", _PROGRAM)
"""On the path Debian has a wrapper that works for the account of its service only."""
_DEADLINE_SECONDS: Final = 90.0
_LOG_CHARS_SHOWN: Final = 2000


class BrokerUnavailableError(RuntimeError):
    """The broker did not start; the message ends with what it said."""


@contextmanager
def running_broker() -> Iterator[str | None]:
    """Its address; None when there is neither an address nor a program to start."""
    given, program = os.environ.get(ADDRESS), find_program()
    if given or program is None:
        yield given or None
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hotich-rabbit-")))
        port, distribution, names = _free_ports()
        surroundings = _surroundings(folder, port, distribution, names)
        mapper = shutil.which("epmd")
        if mapper is not None:  # else the server starts one, which outlives it
            stack.enter_context(_process([mapper], folder, surroundings))
        server = stack.enter_context(_process([program], folder, surroundings))
        _wait_until_it_answers(server, port, folder)
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


def find_program() -> str | None:
    """What starts a broker here."""
    return str(_DEBIAN) if _DEBIAN.exists() else shutil.which(_PROGRAM)


def _surroundings(folder: Path, port: int, distribution: int, names: int) -> Mapping[str, str]:
    (folder / "enabled_plugins").write_text("[].\n")
    return {
        **os.environ,
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_NODENAME": "hotich-bench@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }


def _free_ports() -> tuple[int, int, int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(3)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        first, second, third = (int(each.getsockname()[1]) for each in sockets)
    return first, second, third


@contextmanager
def _process(
    command: list[str], folder: Path, surroundings: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_DEADLINE_SECONDS)


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise BrokerUnavailableError((folder / "said").read_text(errors="replace")[-_LOG_CHARS_SHOWN:])
