"""The same no-op jobs on Celery with RabbitMQ: durable, persistent, confirmed, acknowledged late.

A message that is acknowledged is gone: unlike the others Celery keeps no outcome here.
"""

import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, Final

QUEUE: Final = "hotich-bench"
PREFETCH: Final = 200
"""So many messages at a worker; other numbers were not tried."""
IDLE_SECONDS: Final = 1.0
"""So long a worker waits before it believes that all is done; not counted as work."""
_TICK_SECONDS: Final = 0.1
"""Its loop acknowledges the last messages only when something wakes it."""
_LOOK_SECONDS: Final = 0.01


def fill_celery(url: str, jobs: int) -> None:
    """Each message confirmed by the broker; nobody measures that here."""
    app, noop = _celery(url)
    with app.connection_for_write() as connection:
        _declared(app, connection).purge()
        with app.amqp.Producer(connection, auto_declare=False) as producer:
            for _ in range(jobs):
                noop.apply_async(producer=producer)


def work_celery(url: str, wait_for_the_start: Callable[[], None]) -> None:
    """One process in Celery's own worker, without the overhead of a pool; connected before it is to begin."""
    from celery import signals  # noqa: PLC0415  # a requirement of the measurements only

    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
    ended = 0

    def count(**_: object) -> None:
        nonlocal ended
        ended += 1

    def begin(sender: Any, **_: object) -> None:  # noqa: ANN401  # Celery's consumer
        sender.timer.call_repeatedly(_TICK_SECONDS, lambda: None)
        wait_for_the_start()
        threading.Thread(target=_say_when_empty, args=(app, lambda: ended), daemon=True).start()

    app, _ = _celery(url)
    signals.task_postrun.connect(count)
    signals.worker_ready.connect(begin)
    app.Worker(
        pool="solo",
        concurrency=1,
        queues=[QUEUE],
        loglevel="ERROR",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()


def left_at_celery(url: str) -> int:
    """Messages of workers that are gone lie in the queue again."""
    app, _ = _celery(url)
    with app.connection_for_read() as connection:
        return _ready(app, connection)


def _celery(url: str) -> tuple[Any, Any]:
    import celery  # noqa: PLC0415  # a requirement of the measurements only

    app = celery.Celery("hotich-bench", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options={"confirm_publish": True},
        broker_connection_retry_on_startup=True,
        task_acks_late=True,
        task_default_delivery_mode="persistent",
        task_default_queue=QUEUE,
        task_ignore_result=True,
        worker_enable_remote_control=False,
        worker_redirect_stdouts=False,  # the end is said there
        worker_prefetch_multiplier=PREFETCH,
        worker_send_task_events=False,
    )

    def noop() -> None:
        """The work of a job."""

    return app, app.task(name="noop")(noop)


def _say_when_empty(app: Any, count: Callable[[], int]) -> None:  # noqa: ANN401  # Celery has no types
    """The broker does not tell what it has handed out: a worker must also have been at rest for a while."""
    known, since = -1, time.monotonic()
    with app.connection_for_read() as connection:
        while time.monotonic() - since < IDLE_SECONDS:
            time.sleep(_LOOK_SECONDS)
            if count() != known or _ready(app, connection):
                known, since = count(), time.monotonic()
    print("done", flush=True)


def _declared(app: Any, connection: Any) -> Any:  # noqa: ANN401  # Celery has no types here either
    queue = app.amqp.queues[QUEUE](connection.default_channel)
    queue.declare()
    return queue


def _ready(app: Any, connection: Any) -> int:  # noqa: ANN401  # Celery has no types here either
    queue = app.amqp.queues[QUEUE](connection.default_channel)
    return int(queue.queue_declare(passive=True).message_count)
