"""Forecasts, and who is told when the time of deliveries runs out."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from gateway.settings.section import Address, Count, Port, Schedule, Seconds, Section

Percent = Annotated[int, Field(ge=1, le=100)]
Percents = Annotated[tuple[Percent, ...], Field(min_length=1, max_length=20)]
MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=254)]


_AT_WHICH_RUNGS = "At which rungs of the ladder this role is told, in percent of the time."


class ForecastSettings(Section):
    """When each destination will be done, and what will miss."""

    every_seconds: Seconds = Field(60, description="How often the queues are counted, in seconds.")
    horizon_seconds: Seconds = Field(86_400, description="How far ahead a forecast looks, in seconds.")
    short_window_seconds: Seconds = Field(
        300, description="So far back one looks for the speed of a destination that has work, in seconds."
    )
    long_window_seconds: Seconds = Field(
        3_600, description="So far back one looks for arrivals and for the best speed, in seconds."
    )
    assumed_jobs_a_second: Annotated[float, Field(gt=0, le=100_000)] = Field(
        2,
        description="What a destination is believed to bear until it did more, in deliveries a second.",
    )
    keep_every_seconds: Seconds = Field(
        600, description="How often a forecast is kept, to be compared with what happens, in seconds."
    )
    counts_kept_seconds: Seconds = Field(
        7 * 86_400, description="How long the counts behind the forecasts are kept, in seconds."
    )
    forecasts_kept_days: Annotated[int, Field(ge=1, le=3_650)] = Field(
        365,
        description="How long forecasts and what became of them are kept, in days; older ones are deleted.",
    )
    errors_over: Count = Field(
        100, description="The error shown is the median of so many forecasts, in forecasts."
    )

    @model_validator(mode="after")
    def _windows_fit(self) -> "ForecastSettings":
        if not self.every_seconds * 2 <= self.short_window_seconds <= self.long_window_seconds:
            message = (
                "short_window_seconds: must hold two counts (2 × every_seconds) and be no longer than"
                " long_window_seconds. Set HOTICH_DELIVERY__FORECAST__SHORT_WINDOW_SECONDS between them."
                " (short_window_seconds phải chứa ít nhất hai lần đếm và không dài hơn long_window_seconds.)"
            )
            raise ValueError(message)
        return self


class RoleSettings(Section):
    """One role that is told, and how it is reached; without an address only the log is written."""

    percents: Percents = Field((90, 100), description=_AT_WHICH_RUNGS)
    webhooks: Annotated[tuple[Address, ...], Field(max_length=20)] = Field(
        (), description="Addresses that get each notice as JSON."
    )
    emails: Annotated[tuple[MailAddress, ...], Field(max_length=50)] = Field(
        (), description="Mail addresses that get each notice; they need escalation.smtp."
    )


class EveryRungSettings(RoleSettings):
    """A role that is told from the first rung on."""

    percents: Percents = Field((50, 75, 90, 100), description=_AT_WHICH_RUNGS)


class UpperRungsSettings(RoleSettings):
    """A role that is told when the first rung has not helped."""

    percents: Percents = Field((75, 90, 100), description=_AT_WHICH_RUNGS)


class SmtpSettings(Section):
    """The mail server that takes our notices."""

    host: str = Field("", description="Name of the mail server; empty: no mail is sent.")
    port: Port = Field(587, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is protected; none only inside one's own network."
    )
    user: str = Field("", description="User of the mail server; empty: no login.")
    password: SecretStr = Field(
        SecretStr(""), description="Its password; also read from the file named by password_file."
    )
    sender: str = Field("", description="Mail address that the notices come from.")


class EscalationSettings(Section):
    """The ladder: who is told when so much of the promised time is over."""

    percents: Percents = Field(
        (50, 75, 90, 100), description="The rungs of the ladder, in percent of the promised time."
    )
    every_seconds: Seconds = Field(30, description="How often somebody looks who must be told, in seconds.")
    grace_seconds: Seconds = Field(
        300,
        description="What is late when it is planned is given so long before people are told, in seconds.",
    )
    quiet_seconds: Seconds = Field(
        1_800,
        description="After a notice about a destination and a rung the next one waits so long and then names"
        " everything that has come since, in seconds.",
    )
    retry_schedule_seconds: Schedule = Field(
        (30, 60, 300, 900),
        description="Waits before a notice is sent again that a channel did not accept, in seconds;"
        " the last repeats.",
    )
    attempts_max: Count = Field(
        100, description="After so many attempts a notice to one address is given up, in attempts."
    )
    send_seconds: Annotated[float, Field(gt=0, le=300)] = Field(
        10, description="Longest wait for a channel to accept a notice, in seconds."
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Signs each webhook (Standard Webhooks, HMAC-SHA256); also read from the file named by"
        " webhook_secret_file; empty: not signed.",
    )
    commune_officer: EveryRungSettings = Field(
        default_factory=EveryRungSettings,
        description="Civil-status officers of the communes (công chức tư pháp - hộ tịch cấp xã).",
    )
    province_it: EveryRungSettings = Field(
        default_factory=EveryRungSettings,
        description="Those who run the gateway and its lines (quản trị hệ thống cấp tỉnh).",
    )
    justice_department: UpperRungsSettings = Field(
        default_factory=UpperRungsSettings,
        description="The provincial department of justice (Sở Tư pháp).",
    )
    province_head: RoleSettings = Field(
        default_factory=RoleSettings,
        description="The head of the province (lãnh đạo UBND tỉnh).",
    )
    smtp: SmtpSettings = Field(default_factory=SmtpSettings, description="The mail server.")

    @property
    def roles(self) -> dict[str, RoleSettings]:
        """By name, from those who are told first to those who are told last."""
        return {
            "commune_officer": self.commune_officer,
            "province_it": self.province_it,
            "justice_department": self.justice_department,
            "province_head": self.province_head,
        }

    @model_validator(mode="after")
    def _roles_stand_on_the_ladder(self) -> "EscalationSettings":
        if list(self.percents) != sorted(set(self.percents)):
            message = (
                "percents: must rise, each once. Set HOTICH_DELIVERY__ESCALATION__PERCENTS=[50, 75, 90, 100]."
                " (Các mốc phải tăng dần, mỗi mốc một lần.)"
            )
            raise ValueError(message)
        for name, role in self.roles.items():
            unknown = sorted(set(role.percents) - set(self.percents))
            if unknown:
                message = (
                    f"{name}.percents: {unknown} is no rung of escalation.percents {list(self.percents)}."
                    f" Set HOTICH_DELIVERY__ESCALATION__{name.upper()}__PERCENTS to some of them."
                    f" (Mốc {unknown} không có trong escalation.percents.)"
                )
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> "EscalationSettings":
        if any(role.emails for role in self.roles.values()) and not (self.smtp.host and self.smtp.sender):
            message = (
                "smtp: mail addresses are set, but no mail server or no sender."
                " Set HOTICH_DELIVERY__ESCALATION__SMTP__HOST and HOTICH_DELIVERY__ESCALATION__SMTP__SENDER."
                " (Đã đặt địa chỉ thư nhưng chưa đặt máy chủ thư hoặc địa chỉ gửi.)"
            )
            raise ValueError(message)
        return self
