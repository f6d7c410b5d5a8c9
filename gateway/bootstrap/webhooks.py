"""Webhooks, built from settings: the desk for API and commands, the courier beside the workers."""

from concurrent.futures import ThreadPoolExecutor

from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.observability.metrics import Metrics
from gateway.operations.schedule import Chore
from gateway.operations.webhooks.courier import Courier, CourierStores, CourierTerms
from gateway.operations.webhooks.desk import DeskTerms, WebhookDesk
from gateway.operations.webhooks.guard import Guard, resolve_name
from gateway.operations.webhooks.policy import Patience
from gateway.operations.webhooks.post import HttpPost
from gateway.operations.webhooks.signing import seal_of
from gateway.settings import Settings
from gateway.storage.sql.webhooks import SqlWebhooks

CLEAR_EVERY_SECONDS = 3_600.0


def webhook_desk(
    stores: Stores, settings: Settings, surroundings: Surroundings
) -> WebhookDesk[StoreTransaction]:
    """For the API and the commands. Raises `SettingsInvalid`."""
    wanted = settings.webhooks
    terms = DeskTerms(
        seal=seal_of(wanted.sealing_keys),
        guard=_guard(settings),
        secret_overlap_seconds=wanted.secret_overlap_seconds,
        subscriptions_max=wanted.subscriptions_max,
    )
    return WebhookDesk(
        database=stores.database,
        webhooks=SqlWebhooks(),
        clients=stores.clients,
        feed=stores.feed,
        terms=terms,
        clock=surroundings.clock,
        random_bytes=surroundings.random_bytes,
    )


def webhook_courier(
    stores: Stores, settings: Settings, surroundings: Surroundings, metrics: Metrics
) -> Courier[StoreTransaction] | None:
    """None without a key for secrets: then nobody has subscribed. Raises `SettingsInvalid`."""
    wanted = settings.webhooks
    seal = seal_of(wanted.sealing_keys)
    if seal is None:
        return None
    terms = CourierTerms(
        seal=seal,
        patience=Patience(
            schedule_seconds=wanted.schedule_seconds,
            jitter_fraction=wanted.jitter_fraction,
            retry_after_seconds_max=wanted.retry_after_seconds_max,
            disable_after_seconds=wanted.disable_after_seconds,
        ),
        gateway_url=wanted.gateway_url or "",
        attempt_seconds=wanted.attempt_seconds,
        messages_kept_seconds=wanted.messages_kept_seconds,
    )
    return Courier(
        stores=CourierStores(stores.database, SqlWebhooks(), stores.events, stores.feed, stores.clients),
        terms=terms,
        post=HttpPost(_guard(settings), resolve_name, wanted.attempt_seconds),
        clock=surroundings.clock,
        random=surroundings.random,
        count=lambda result: metrics.webhook_attempts.labels(result).inc(),
        pool=ThreadPoolExecutor(wanted.senders_at_once, thread_name_prefix="webhook"),
    )


def webhook_chores(courier: Courier[StoreTransaction] | None, settings: Settings) -> list[Chore]:
    """Looking for news, and clearing away what is old."""
    if courier is None:
        return []
    return [
        Chore("webhooks", settings.webhooks.every_seconds, courier.look),
        Chore("webhook_log", CLEAR_EVERY_SECONDS, courier.clear_away),
    ]


def _guard(settings: Settings) -> Guard:
    wanted = settings.webhooks
    return Guard(allow_http=wanted.allow_http, allow_private_addresses=wanted.allow_private_addresses)
