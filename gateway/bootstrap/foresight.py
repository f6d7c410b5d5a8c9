"""Forecasts and escalation, built from settings: readers for API and commands, chores beside the workers."""

from datetime import timedelta

from gateway.bootstrap.policies import pace_of
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.clock import Clock
from gateway.model.foresight import Channel, NoticeId
from gateway.model.ids import Destination, new_uuid7
from gateway.observability.metrics import Metrics
from gateway.operations.channels import Mail, MailServer, Webhook, tell_log
from gateway.operations.escalate import Announces, Escalator, Herald, Patience
from gateway.operations.escalation import Ladder, Receiver
from gateway.operations.forecast import Announced, Forecaster, ForecastPlan
from gateway.operations.read_notices import NoticeReader
from gateway.operations.schedule import Chore
from gateway.settings import Settings, policy_settings
from gateway.settings.foresight import EscalationSettings
from gateway.storage.sql.forecasts import SqlForecasts
from gateway.storage.sql.notices import SqlNotices
from retry_queue.job import Lane
from retry_queue.observation import Windows

COUNTS_A_WINDOW_MIN = 3
"""A window that a time factor has made shorter still holds so many counts."""
SEND_EVERY_SECONDS = 5.0


def build_forecaster(stores: Stores, settings: Settings, clock: Clock) -> Forecaster[StoreTransaction]:
    """Looks ahead over the given stores."""
    delivery = policy_settings(settings)
    wanted = delivery.forecast
    shortest = COUNTS_A_WINDOW_MIN * wanted.every_seconds
    plan = ForecastPlan(
        every=timedelta(seconds=wanted.every_seconds),
        keep_every=timedelta(seconds=max(wanted.keep_every_seconds, wanted.every_seconds)),
        horizon=timedelta(seconds=wanted.horizon_seconds),
        promise=timedelta(seconds=delivery.promise_seconds),
        windows=Windows(
            short_seconds=max(wanted.short_window_seconds, shortest),
            long_seconds=max(wanted.long_window_seconds, shortest),
            capacity_per_second=wanted.assumed_jobs_a_second,
        ),
        counts_kept=timedelta(seconds=wanted.counts_kept_seconds),
        forecasts_kept=timedelta(days=wanted.forecasts_kept_days),
        errors_over=wanted.errors_over,
        paces={Lane(each.value): _pace(settings, each) for each in Destination},
    )
    return Forecaster(stores.database, stores.queue, SqlForecasts(), plan, clock)


def notice_reader(stores: Stores) -> NoticeReader[StoreTransaction]:
    """Answers "who was told?"."""
    return NoticeReader(stores.database, SqlNotices())


def build_escalator(
    stores: Stores, settings: Settings, surroundings: Surroundings, metrics: Metrics
) -> Escalator[StoreTransaction]:
    """Records steps up the ladder and makes notices."""
    return Escalator(
        database=stores.database,
        notices=SqlNotices(),
        lanes=stores.queue,
        ladder=ladder_of(settings),
        look_ahead=build_forecaster(stores, settings, surroundings.clock).look_ahead,
        new_notice_id=lambda: NoticeId(new_uuid7(surroundings.clock(), surroundings.random_bytes)),
        on_transition=lambda destination, percent: metrics.escalations.labels(destination, percent).inc(),
        clock=surroundings.clock,
    )


def build_herald(stores: Stores, settings: Settings, clock: Clock) -> Herald[StoreTransaction]:
    """Sends the notices."""
    wanted = policy_settings(settings).escalation
    smtp = wanted.smtp
    server = MailServer(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        user=smtp.user,
        password=smtp.password.get_secret_value(),
        sender=smtp.sender,
        seconds=wanted.send_seconds,
    )
    channels: dict[Channel, Announces] = {
        Channel.LOG: tell_log,
        Channel.WEBHOOK: Webhook(wanted.send_seconds, wanted.webhook_secret.get_secret_value(), clock),
        Channel.EMAIL: Mail(server),
    }
    patience = Patience(wanted.retry_schedule_seconds, wanted.attempts_max, wanted.send_seconds)
    return Herald(stores.database, SqlNotices(), channels, patience, clock)


def foresight_chores(
    stores: Stores, settings: Settings, surroundings: Surroundings, metrics: Metrics
) -> list[Chore]:
    """Counting, climbing the ladder, telling."""
    delivery = policy_settings(settings)
    forecaster = build_forecaster(stores, settings, surroundings.clock)
    escalator = build_escalator(stores, settings, surroundings, metrics)
    herald = build_herald(stores, settings, surroundings.clock)
    send_every = min(SEND_EVERY_SECONDS, delivery.escalation.every_seconds)
    return [
        Chore("forecast", delivery.forecast.every_seconds, forecaster.count),
        Chore("escalation", delivery.escalation.every_seconds, escalator.climb),
        Chore("notices", send_every, herald.send),
    ]


def ladder_of(settings: Settings) -> Ladder:
    """The rungs and everybody who stands at them."""
    delivery = policy_settings(settings)
    wanted = delivery.escalation
    return Ladder(
        promise=timedelta(seconds=delivery.promise_seconds),
        percents=wanted.percents,
        grace=timedelta(seconds=wanted.grace_seconds),
        quiet=timedelta(seconds=wanted.quiet_seconds),
        receivers=_receivers(wanted),
    )


def _receivers(wanted: EscalationSettings) -> tuple[Receiver, ...]:
    """The log for each role, so that a role without an address is told at least there."""
    found: list[Receiver] = []
    for name, role in wanted.roles.items():
        addresses = [
            (Channel.LOG, "log"),
            *((Channel.WEBHOOK, each) for each in role.webhooks),
            *((Channel.EMAIL, each) for each in role.emails),
        ]
        percents = frozenset(role.percents)
        found += [Receiver(name, channel, address, percents) for channel, address in addresses]
    return tuple(found)


def _pace(settings: Settings, destination: Destination) -> Announced:
    pace = pace_of(settings, destination)
    return Announced(tuple(pace.windows()), pace.rate_per_second)
