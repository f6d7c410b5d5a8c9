"""What is counted; names follow Prometheus customs, labels never carry personal data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import inf

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.model.clock import Clock
from gateway.model.pace import Pace
from gateway.model.questioning import OpenCounts, QuestionKind
from gateway.model.replaying import ItemState, Replay, Tally
from gateway.model.webhooks import WebhookCount
from retry_queue.forecast import Forecast
from retry_queue.store import LaneCount, LaneHealth

SECONDS_BUCKETS = (0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3_600, 10_800, 21_600, 32_400, 43_200, 86_400)


@dataclass(frozen=True, slots=True)
class AttemptCount:
    """What is counted of one attempt."""

    destination: str
    verb: str
    outcome: str
    delivered_seconds: float | None = None
    """From registration to delivery; None when nothing was delivered by it."""


class Metrics:
    """The counters of one gateway, in a registry of their own so that two gateways can live in one test."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.submissions = Counter(
            "hotich_submissions",
            "Messages received, by what became of them.",
            ["result"],
            registry=self.registry,
        )
        self.attempts = Counter(
            "hotich_attempts",
            "Attempts at a destination, by outcome.",
            ["destination", "verb", "outcome"],
            registry=self.registry,
        )
        self.delivered_seconds = Histogram(
            "hotich_delivered_seconds",
            "From registration to delivery, in seconds.",
            ["destination"],
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        )
        self.intake_batch = Histogram(
            "hotich_intake_batch_messages",
            "Messages committed in one transaction.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200),
            registry=self.registry,
        )

        self.escalations = Counter(
            "hotich_escalations",
            "Deliveries that have used so much of their time, counted once a rung.",
            ["destination", "percent"],
            registry=self.registry,
        )

        self.webhook_attempts = Counter(
            "hotich_webhook_attempts",
            "Attempts at senders' webhooks, by what came of them.",
            ["result"],
            registry=self.registry,
        )

        self.processes_ended = Counter(
            "hotich_processes_ended",
            "Further delivering processes that ended without being told to; each is started again.",
            registry=self.registry,
        )

    def count_attempt(self, attempt: AttemptCount) -> None:
        """Whichever process made it."""
        self.attempts.labels(attempt.destination, attempt.verb, attempt.outcome).inc()
        if attempt.delivered_seconds is not None:
            self.delivered_seconds.labels(attempt.destination).observe(attempt.delivered_seconds)

    def watch_webhooks(self, count: Callable[[], Iterable[WebhookCount]]) -> None:
        """Read the webhooks at each scrape."""
        self.registry.register(_WebhookCollector(count))

    def watch_forecast(self, look_ahead: Callable[[], Iterable[Forecast]]) -> None:
        """Look ahead when somebody scrapes, never in between."""
        self.registry.register(_ForecastCollector(look_ahead))

    def watch_queue(self, count: Callable[[], tuple[Iterable[LaneCount], Iterable[LaneHealth]]]) -> None:
        """Read the queue when somebody scrapes, never in between."""
        self.registry.register(_QueueCollector(count))

    def watch_paces(self, read: Callable[[], Iterable[Pace]]) -> None:
        """How the destinations are paced, read at each scrape."""
        self.registry.register(_PaceCollector(read))

    def watch_replays(self, read: Callable[[], Iterable[tuple[Replay, Tally]]]) -> None:
        """Bulk replays that are under way, read at each scrape."""
        self.registry.register(_ReplayCollector(read))

    def watch_questions(self, count: Callable[[datetime], OpenCounts], clock: Clock) -> None:
        """Questions that wait for a person, counted at each scrape."""
        self.registry.register(_QuestionCollector(count, clock))

    def render(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)


class _QueueCollector(Collector):
    def __init__(self, count: Callable[[], tuple[Iterable[LaneCount], Iterable[LaneHealth]]]) -> None:
        self._count = count

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Jobs by lane and state, and whether a lane is closed to work."""
        counts, lanes = self._count()
        jobs = GaugeMetricFamily("hotich_jobs", "Unfinished deliveries.", labels=["destination", "state"])
        for row in counts:
            jobs.add_metric([row.lane, row.state.value], row.jobs)
        stopped = GaugeMetricFamily(
            "hotich_destination_stopped",
            "1 while a breaker or a person stops the destination.",
            labels=["destination", "by"],
        )
        for lane in lanes:
            stopped.add_metric([lane.lane, "breaker"], float(lane.breaker.value != "closed"))
            stopped.add_metric([lane.lane, "person"], float(lane.hold_reason is not None))
        return (jobs, stopped)


class _PaceCollector(Collector):
    def __init__(self, read: Callable[[], Iterable[Pace]]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Attempts at once as allowed and as set, the rate, failures in a row, and maintenance."""
        concurrency = GaugeMetricFamily(
            "hotich_destination_concurrency",
            "Attempts at once: allowed now, and at most.",
            labels=["destination", "of"],
        )
        rate = GaugeMetricFamily(
            "hotich_destination_rate_per_second",
            "Attempts that may begin in a second.",
            labels=["destination"],
        )
        failures = GaugeMetricFamily(
            "hotich_destination_failures_in_row", "Failures since the last answer.", labels=["destination"]
        )
        closed = GaugeMetricFamily(
            "hotich_destination_in_maintenance", "1 while nothing is sent.", labels=["destination"]
        )
        for pace in self._read():
            concurrency.add_metric([pace.destination, "allowed"], pace.concurrency)
            concurrency.add_metric([pace.destination, "max"], pace.concurrency_max)
            rate.add_metric([pace.destination], inf if pace.rate_per_second is None else pace.rate_per_second)
            failures.add_metric([pace.destination], pace.failures_in_row)
            closed.add_metric([pace.destination], float(pace.closed_until is not None))
        return (concurrency, rate, failures, closed)


class _ReplayCollector(Collector):
    def __init__(self, read: Callable[[], Iterable[tuple[Replay, Tally]]]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Those that run or are paused; one that stopped itself is worth an alarm."""
        items = GaugeMetricFamily(
            "hotich_replay_items", "Items of bulk replays under way.", labels=["replay", "act", "state"]
        )
        stopped = GaugeMetricFamily(
            "hotich_replay_stopped", "1 while a replay is paused.", labels=["replay", "because"]
        )
        for replay, tally in self._read():
            for state in ItemState:
                items.add_metric([replay.replay_id, replay.act.value, state.value], tally.of(state))
            if replay.stopped_because is not None:
                stopped.add_metric([replay.replay_id, replay.stopped_because], 1)
        return (items, stopped)


class _QuestionCollector(Collector):
    def __init__(self, count: Callable[[datetime], OpenCounts], clock: Clock) -> None:
        self._count, self._clock = count, clock

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Every kind, also those with none, so that an alarm sees them fall to zero."""
        waiting = GaugeMetricFamily("hotich_questions_open", "Questions to people.", labels=["kind"])
        oldest = GaugeMetricFamily(
            "hotich_questions_oldest_seconds", "How long the oldest of them waits.", labels=["kind"]
        )
        counts, now = self._count(self._clock()), self._clock()
        for kind in QuestionKind:
            found = counts.get(kind)
            since = None if found is None else found.oldest_at
            waiting.add_metric([kind.value], 0 if found is None else found.count)
            oldest.add_metric([kind.value], 0 if since is None else (now - since).total_seconds())
        return (waiting, oldest)


class _WebhookCollector(Collector):
    def __init__(self, count: Callable[[], Iterable[WebhookCount]]) -> None:
        self._count = count

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """A disabled one tells its sender nothing: worth an alarm."""
        webhooks = GaugeMetricFamily("hotich_webhooks", "Webhooks of senders.", labels=["state"])
        pending = GaugeMetricFamily(
            "hotich_webhook_messages_pending", "Messages not taken yet.", labels=["state"]
        )
        for row in self._count():
            webhooks.add_metric([row.state.value], row.webhooks)
            pending.add_metric([row.state.value], row.pending)
        return (webhooks, pending)


class _ForecastCollector(Collector):
    def __init__(self, look_ahead: Callable[[], Iterable[Forecast]]) -> None:
        self._look_ahead = look_ahead

    def describe(self) -> Iterable[Metric]:
        """Nothing is read at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Infinite where no breach is expected, so that an alarm needs one comparison only."""
        labels = ["destination", "track"]
        breach = GaugeMetricFamily(
            "hotich_forecast_first_breach_seconds",
            "From now to the first breach expected; +Inf when none is.",
            labels=labels,
        )
        misses = GaugeMetricFamily(
            "hotich_forecast_misses",
            "Waiting deliveries that are expected to miss their due time.",
            labels=labels,
        )
        for each in self._look_ahead():
            names = [each.lane, each.track.value]
            ahead = inf if each.first_breach_at is None else (each.first_breach_at - each.at).total_seconds()
            breach.add_metric(names, ahead)
            misses.add_metric(names, each.misses)
        return (breach, misses)
