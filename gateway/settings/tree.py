"""The frozen tree of settings; every description says the unit, every default is production's."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr, model_validator

from gateway.settings.batches import BatchSettings
from gateway.settings.corrections import OfficeNoticeSettings
from gateway.settings.foresight import EscalationSettings, ForecastSettings
from gateway.settings.imports import ImportSettings
from gateway.settings.pacing import PacingSettings
from gateway.settings.receipts import ReceiptSettings
from gateway.settings.replays import ReplaySettings
from gateway.settings.section import Address, Count, Port, Schedule, Seconds, Section, UnitCode
from gateway.settings.soap import SoapSettings
from gateway.settings.webhooks import WebhookSettings

NEW_UNITS_AT = datetime(2025, 7, 1, tzinfo=timezone(timedelta(hours=7)))
"""The night in which units, province codes and the registry's messages changed together."""


class ServerSettings(Section):
    """Where the gateway listens and how much it reads."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Port = Field(8080, description="Port to listen on; 0 chooses a free one.")
    body_bytes_max: Annotated[int, Field(ge=1_024, le=256 * 1024 * 1024)] = Field(
        16 * 1024 * 1024, description="Largest message accepted, attachments included, in bytes."
    )
    body_seconds_max: Seconds = Field(
        60, description="Longest wait for a message that has begun to arrive, in seconds."
    )
    connections_max: Count = Field(
        2_000, description="Most connections at once, in connections; further ones are answered with 503."
    )
    json_depth_max: Count = Field(32, description="Deepest nesting of a message, in levels.")
    page_size_max: Count = Field(500, description="Most rows of one page, in rows.")


class IntakeSettings(Section):
    """The one writer that commits submissions in groups."""

    linger_milliseconds: Annotated[float, Field(ge=0, le=100)] = Field(
        2,
        description="How long the writer waits for company when others are waiting already, in milliseconds.",
    )
    batch_max: Count = Field(200, description="Most submissions of one transaction, in messages.")
    queue_max: Count = Field(
        5_000, description="Most submissions waiting for the writer, in messages; then 429."
    )
    future_tolerance_seconds: Seconds = Field(
        300,
        description="How far a registration time may lie in the future, in seconds, because clocks differ.",
    )
    registration_age_days_max: Count = Field(
        3_650,
        description="How long ago an event may have been registered, in days; older is taken for a slip.",
    )


class RetrySettings(Section):
    """When to try again, and when to ask again."""

    schedule_seconds: Schedule = Field(
        (30, 60, 120, 300, 600, 900, 1_800),
        description="Waits between attempts that counted, in seconds; the last repeats for ever.",
    )
    ask_schedule_seconds: Schedule = Field(
        (5, 30, 120, 300, 900),
        description="Waits before asking what became of a request, in seconds; the last repeats.",
    )
    asks_max: Count = Field(
        50, description="After so many questions without an answer a person must decide, in questions."
    )
    destination_fault_seconds: Seconds = Field(
        20, description="Wait after a fault of the destination that cost the item nothing, in seconds."
    )
    jitter_fraction: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.2, description="How much of a wait is left to chance, as a fraction."
    )
    attempts_reserved: Count = Field(
        3, description="Waits are shortened so that so many attempts remain before the due time, in attempts."
    )
    retry_after_seconds_max: Seconds = Field(
        3_600, description="The longest Retry-After of a destination that we obey, in seconds."
    )


class BreakerSettings(Section):
    """When a destination is left in peace."""

    failures_to_open: Count = Field(5, description="So many failures in a row open the breaker, in failures.")
    open_seconds: Seconds = Field(30, description="How long it stays open the first time, in seconds.")
    open_seconds_max: Seconds = Field(120, description="How long it stays open at most, in seconds.")
    last_chance_seconds: Seconds = Field(
        10,
        description="So long before a due time that delivery may try a destination whose breaker is open, in"
        " seconds; not while the destination has asked for peace.",
    )
    probe_seconds: Seconds = Field(
        120, description="A probe that has not come back by then is given up, in seconds."
    )


class DeliverySettings(Section):
    """The promise and how it is kept."""

    promise_seconds: Seconds = Field(
        43_200,
        description="From registration until every system must hold the event, in seconds (12 hours).",
    )
    personal_id_wait_seconds: Seconds = Field(
        7_200,
        description="How long a birth waits for its personal ID (số định danh cá nhân) before it goes to"
        " the registry without one, in seconds; a certificate without a number is valid.",
    )
    processes: Annotated[int, Field(ge=1, le=16)] = Field(
        1,
        description="Processes that deliver (tiến trình gửi), this one included, in processes; at most one"
        " for each processor core. `serve` of role `all` or `worker` starts and stops them.",
    )
    threads_per_destination: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Deliveries under way at once to one destination, in threads of each process."
    )
    lease_seconds: Seconds = Field(
        60,
        description="A worker not heard of for so long has lost its delivery, in seconds; longer than a"
        " destination may work on a request whose sender is gone.",
    )
    attempt_seconds_max: Seconds = Field(
        600, description="An attempt that takes longer is stuck and asked about, in seconds."
    )
    idle_poll_seconds: Seconds = Field(1, description="How often an idle worker looks for work, in seconds.")
    upkeep_seconds: Seconds = Field(
        1, description="How often deferred and abandoned work is looked after, in seconds."
    )
    watch_schedule_seconds: Schedule = Field(
        (30, 60, 300, 900, 1_800),
        description="Waits between questions about unfinished work, in seconds; the last repeats.",
    )
    retry: RetrySettings = Field(default_factory=RetrySettings, description="Attempts and questions.")
    breaker: BreakerSettings = Field(
        default_factory=BreakerSettings, description="Destinations that are down."
    )
    pacing: PacingSettings = Field(default_factory=PacingSettings, description="What each destination bears.")
    forecast: ForecastSettings = Field(
        default_factory=ForecastSettings, description="What is foreseen of each destination."
    )
    escalation: EscalationSettings = Field(
        default_factory=EscalationSettings, description="Who is told as time runs out."
    )
    replay: ReplaySettings = Field(
        default_factory=ReplaySettings, description="One act on many deliveries, in steps."
    )
    office_notices: OfficeNoticeSettings = Field(
        default_factory=OfficeNoticeSettings,
        description="How offices are told of changes to their entries.",
    )


class NationalRegistrySettings(Section):
    """The electronic civil-status database (CSDL hộ tịch điện tử) of the Ministry of Justice."""

    base_url: Address = Field(description="Address of the provincial bus that leads to the registry.")
    client_id: str = Field(min_length=1, description="User of the token endpoints.")
    client_secret: SecretStr = Field(
        description="Its secret; also read from the file named by client_secret_file."
    )
    connect_seconds: Seconds = Field(5, description="Longest wait for a connection, in seconds.")
    read_seconds: Seconds = Field(30, description="Longest wait for an answer, in seconds.")
    generation: Literal["auto", "1", "2"] = Field(
        "auto",
        description="Which generation of the registry's messages is sent: 1 (XML), 2 (JSON), or auto: by the"
        " moment of sending.",
    )
    generation_2_from: AwareDatetime = Field(
        NEW_UNITS_AT, description="From this moment on generation 2 is sent, when the generation is auto."
    )
    generation_1_path: Annotated[str, Field(pattern=r"^/[^\s?#]*[^/\s?#]$")] = Field(
        "/apiHoTichTuPhap", description="Where the operations of generation 1 lie below the address."
    )


class PopulationDbSettings(Section):
    """The national population database (CSDL quốc gia về dân cư) of the Ministry of Public Security."""

    service_url: Address = Field(description="Address of the SOAP service.")
    user: str = Field(min_length=1, description="User of the service.")
    secret: SecretStr = Field(description="Its secret; also read from the file named by secret_file.")
    unit_code: str = Field("000.00.00.H08", description="Our electronic unit code (mã định danh điện tử).")
    officer_id: Annotated[str, Field(pattern=r"^\d{12}$")] = Field(
        description="Personal ID of the officer in whose name look-ups are made (mã cán bộ), 12 digits."
    )
    connect_seconds: Seconds = Field(5, description="Longest wait for a connection, in seconds.")
    read_seconds: Seconds = Field(30, description="Longest wait for an answer, in seconds.")


class OneStopSettings(Section):
    """The one-stop shop (một cửa) and its portal synchronisation."""

    base_url: Address = Field(description="Address of the synchronisation service.")
    user: str = Field(min_length=1, description="User of the service.")
    password: SecretStr = Field(description="Its password; also read from the file named by password_file.")
    linked_secret_id: str | None = Field(
        None,
        min_length=1,
        description="Name by which the linked service (liên thông) knows us; by default the user above.",
    )
    linked_secret_pass: SecretStr | None = Field(
        None,
        description="Its secret; also read from the file named by linked_secret_pass_file.",
    )
    unit_code: str = Field("000.00.00.H08", description="Our electronic unit code (mã định danh điện tử).")
    connect_seconds: Seconds = Field(5, description="Longest wait for a connection, in seconds.")
    read_seconds: Seconds = Field(30, description="Longest wait for an answer, in seconds.")

    @model_validator(mode="after")
    def _linked_pair_is_whole(self) -> "OneStopSettings":
        if (self.linked_secret_id is None) != (self.linked_secret_pass is None):
            message = (
                "linked_secret_id and linked_secret_pass belong together: set both or neither."
                " (Phải đặt cả hai hoặc không đặt giá trị nào.)"
            )
            raise ValueError(message)
        return self


class DestinationSettings(Section):
    """The three national systems; none may be missing."""

    national_registry: NationalRegistrySettings
    population_db: PopulationDbSettings
    one_stop: OneStopSettings


class OfficeSettings(Section):
    """Who speaks when a message needs a person: the officer of the provincial gateway."""

    name: str = Field("Văn phòng Cổng hộ tịch", description="Name of the office that runs the gateway.")
    officer_name: str = Field("Cổng hộ tịch", description="Name shown as the one who handled a step.")
    officer_title: str = Field("Hệ thống", description="Title shown with it (chức danh).")
    authority_code: UnitCode = Field("08", description="Unit code of the province that the gateway serves.")


class CodeListSettings(Section):
    """Editions of code lists (danh mục) that came after the release."""

    folder: Path | None = Field(
        None,
        description="Folder of added editions, written by `codes update` and read at start; none by default.",
    )


class SecuritySettings(Section):
    """Tokens."""

    token_seconds: Seconds = Field(3_600, description="How long a bearer token is good, in seconds.")
    token_cache_seconds: Seconds = Field(
        5, description="How long a checked token is trusted without looking, in seconds."
    )


class OperationsSettings(Section):
    """What operators may do, and what it needs."""

    edit_needs_second_person: bool = Field(
        default=False,
        description="An edit of content is only a proposal until another operator has approved it.",
    )
    bundle_signing_key: SecretStr | None = Field(
        None,
        description="Private key (PEM, Ed25519) that signs courier bundles, made by"
        " `hotich-gateway bundle key new`; also read from the file named by bundle_signing_key_file.",
    )


class Settings(Section):
    """Everything that can be set."""

    database_url: str = Field(
        "sqlite:///var/hotich.db",
        description="SQLite file, or postgresql+psycopg://… to grow past one machine; also read from the file"
        " named by database_url_file.",
        repr=False,  # it may hold a password
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )
    sandbox_mode: bool = Field(default=False, description="The destinations are simulators.")
    time_factor: Annotated[float, Field(ge=1, le=100_000)] = Field(
        1, description="Divides every policy duration, never socket time-outs; above 1 only in sandbox mode."
    )
    server: ServerSettings = Field(default_factory=ServerSettings, description="The HTTP edge.")
    intake: IntakeSettings = Field(default_factory=IntakeSettings, description="The intake writer.")
    batches: BatchSettings = Field(default_factory=BatchSettings, description="Many events in one request.")
    imports: ImportSettings = Field(
        default_factory=ImportSettings, description="Entries of old paper books (sổ hộ tịch giấy)."
    )
    delivery: DeliverySettings = Field(default_factory=DeliverySettings, description="The promise.")
    security: SecuritySettings = Field(default_factory=SecuritySettings, description="Tokens.")
    soap: SoapSettings = Field(default_factory=SoapSettings, description="The SOAP way in.")
    code_lists: CodeListSettings = Field(
        default_factory=CodeListSettings, description="Added editions of code lists."
    )
    office: OfficeSettings = Field(default_factory=OfficeSettings, description="Who runs the gateway.")
    operations: OperationsSettings = Field(
        default_factory=OperationsSettings, description="What operators may do."
    )
    receipts: ReceiptSettings = Field(
        default_factory=ReceiptSettings, description="What makes receipts verifiable."
    )
    webhooks: WebhookSettings = Field(
        default_factory=WebhookSettings, description="How senders are told what became of their events."
    )
    destinations: DestinationSettings | None = Field(
        None, description="The three national systems; serving without them is an error at start."
    )

    @model_validator(mode="after")
    def _only_simulators_are_hurried(self) -> "Settings":
        if self.time_factor > 1 and not self.sandbox_mode:
            message = (
                "time_factor: above 1 it needs sandbox_mode = true, so that no real system is hurried."
                " Set HOTICH_TIME_FACTOR=1 or HOTICH_SANDBOX_MODE=true."
                " (time_factor lớn hơn 1 chỉ dùng với hệ thống mô phỏng: đặt HOTICH_SANDBOX_MODE=true.)"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _breaker_can_grow(self) -> "Settings":
        breaker = self.delivery.breaker
        if breaker.open_seconds > breaker.open_seconds_max:
            message = (
                "delivery.breaker.open_seconds: longer than open_seconds_max."
                " Set HOTICH_DELIVERY__BREAKER__OPEN_SECONDS_MAX at least as high."
                " (open_seconds không được dài hơn open_seconds_max.)"
            )
            raise ValueError(message)
        return self
