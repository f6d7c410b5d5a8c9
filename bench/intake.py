"""What group commit is worth: one transaction a message against whatever has gathered, on a real SQLite file.

The same senders hand in the same births through the same intake writer; only the size of a batch differs. The
second pair adds the two milliseconds that a slower disk takes for each commit.
"""

import json
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bench.names import invented_name
from gateway.model.clock import system_clock
from gateway.model.ids import ClientId, Destination
from gateway.model.submission import Accepted, IntakeResult, RawSubmission, ValidSubmission
from gateway.receive.intake_writer import IntakeWriter, WriterLimits
from gateway.receive.once import OnceStores
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import shipped_plans
from gateway.receive.validate import Rulebook
from gateway.receive.walk import Committer, IntakeStores, Promise, prepare
from gateway.storage.sql.deliveries import SqlDeliveries
from gateway.storage.sql.engine import SqlDatabase, open_database
from gateway.storage.sql.events import SqlEvents
from gateway.storage.sql.feed import SqlFeed
from gateway.storage.sql.migrate import migrate
from gateway.storage.sql.questions import SqlNaturalKeys, SqlQuestions
from mappings.canonical import sample_event
from retry_queue.sql_store import SqlStore

MESSAGES: Final = 1500
SENDERS: Final = 64
SLOW_DISK_SECONDS: Final = 0.002
NOON: Final = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement."""

    name: str
    batch_max: int
    disk_seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    messages_per_second: float
    messages_per_commit: float


RUNS: Final = (
    Run("commit per message", 1, 0),
    Run("group commit", 200, 0),
    Run("commit per message, disk + 2 ms", 1, SLOW_DISK_SECONDS),
    Run("group commit, disk + 2 ms", 200, SLOW_DISK_SECONDS),
)


def main() -> None:
    """Print the table and the two ratios."""
    submissions = _submissions()
    print(f"intake: {MESSAGES} births, {SENDERS} senders at once, SQLite WAL with synchronous=FULL")
    rates = [_told(run, _measured(run, submissions)) for run in RUNS]
    fast, slow = rates[1] / rates[0], rates[3] / rates[2]
    print(f"  group commit is {fast:.1f} times as fast, {slow:.1f} times on the slower disk")


def _told(run: Run, outcome: Outcome) -> float:
    print(
        f"  {run.name:<34} {outcome.messages_per_second:8.0f} messages/s "
        f"{outcome.messages_per_commit:8.1f} messages/commit"
    )
    return outcome.messages_per_second


def _measured(run: Run, submissions: Sequence[ValidSubmission]) -> Outcome:
    commits: list[int] = []

    def count(_lanes: frozenset[Destination], messages: int) -> None:
        commits.append(messages)

    with tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder:
        database_url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(database_url)
        database = open_database(database_url)
        committer = _committer(database)

        def commit(batch: Sequence[ValidSubmission]) -> Sequence[IntakeResult]:
            results = committer(batch)
            time.sleep(run.disk_seconds)
            return results

        limits = WriterLimits(batch_max=run.batch_max, queue_max=MESSAGES)
        writer = IntakeWriter(commit, limits, count)
        writer.start()
        seconds = _hand_in(writer, submissions)
        writer.stop()
        database.close()
    return Outcome(MESSAGES / seconds, MESSAGES / len(commits))


def _committer(database: SqlDatabase) -> Committer[Connection]:
    return Committer(
        database=database,
        stores=IntakeStores(
            SqlEvents(),
            SqlDeliveries(),
            SqlStore(database),
            SqlFeed(),
            OnceStores(SqlNaturalKeys(), SqlQuestions()),
        ),
        promise=Promise(shipped_plans({"personal_id_wait_seconds": 7200}), 43_200),
        clock=system_clock,
        random_bytes=os.urandom,
    )


def _hand_in(writer: IntakeWriter, submissions: Sequence[ValidSubmission]) -> float:
    """Each sender waits for his receipt before he sends the next."""
    left = list(submissions)
    lock = threading.Lock()

    def send() -> None:
        while True:
            with lock:
                if not left:
                    return
                submission = left.pop()
            result = writer.submit(submission).result()
            assert isinstance(result, Accepted)  # noqa: S101 - a conflict would measure something else

    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as threads:
        for sending in [threads.submit(send) for _ in range(SENDERS)]:
            sending.result()
    return time.perf_counter() - started


def _submissions() -> list[ValidSubmission]:
    return [_submission(number) for number in range(MESSAGES)]


def _submission(number: int) -> ValidSubmission:
    event = sample_event("birth")
    event["source_event_id"] = f"BENCH-{number}"
    event["registration"]["number"] = str(number)
    event["dossier"]["code"] = f"BENCH-{number}"
    event["child"]["name"] = invented_name(number)
    event["mother"]["personal_id"] = f"0991970{number:05}"
    event["father"]["personal_id"] = f"0990940{number:05}"
    body = json.dumps(event).encode()
    raw = RawSubmission(ClientId("bench"), frozenset({"08"}), None, body, NOON)
    prepared = prepare(raw, BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission), prepared  # noqa: S101 - the sample must be valid
    return prepared


if __name__ == "__main__":
    main()
