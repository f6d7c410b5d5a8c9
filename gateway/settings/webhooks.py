"""How senders are told what became of their events: webhooks as the Standard Webhooks describe them."""

from typing import Annotated

from pydantic import Field, SecretStr

from gateway.settings.section import Address, Count, Schedule, Seconds, Section


class WebhookSettings(Section):
    """Webhooks (thông báo chủ động) to the senders' own servers."""

    sealing_keys: SecretStr | None = Field(
        None,
        description="Keys that encrypt the webhooks' secrets in the database, made by `hotich-gateway webhook"
        " key new`; several with commas between: the first seals, all open. Also read from the file named by"
        " sealing_keys_file. Without it there are no webhooks.",
    )
    gateway_url: Address | None = Field(
        None, description="Address of this gateway as senders reach it, put before the paths in messages."
    )
    allow_http: bool = Field(default=False, description="Addresses without TLS may be subscribed: for tests.")
    allow_private_addresses: bool = Field(
        default=False,
        description="Receivers may lie in private networks or on this machine; otherwise they are refused, so"
        " that nobody makes the gateway call what only it can reach.",
    )
    every_seconds: Seconds = Field(1, description="How often new changes are looked for, in seconds.")
    attempt_seconds: Seconds = Field(10, description="Longest wait for a receiver's answer, in seconds.")
    schedule_seconds: Schedule = Field(
        (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 86_400),
        description="Waits between attempts at one message, in seconds; after the last it is given up.",
    )
    jitter_fraction: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.2, description="How much of a wait is left to chance, as a fraction."
    )
    retry_after_seconds_max: Seconds = Field(
        86_400, description="The longest Retry-After of a receiver that we obey, in seconds."
    )
    disable_after_seconds: Seconds = Field(
        432_000,
        description="A webhook that has failed for so long without one success is disabled, in seconds.",
    )
    secret_overlap_seconds: Seconds = Field(
        86_400, description="So long after a rotation the earlier secret signs too, in seconds."
    )
    messages_kept_seconds: Seconds = Field(
        2_592_000, description="How long the log of finished messages is kept, in seconds."
    )
    senders_at_once: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Webhooks served at the same time by one process, in threads."
    )
    subscriptions_max: Count = Field(10, description="Most webhooks of one client, in webhooks.")
