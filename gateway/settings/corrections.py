"""How offices are told of changes to their entries."""

from pydantic import Field

from gateway.settings.section import Seconds, Section


class OfficeNoticeSettings(Section):
    """Notices to the office of the original entry."""

    remind_after_seconds: Seconds = Field(
        6 * 3_600,
        description="An office that has not acknowledged a change to its entry is told again so often, in"
        " seconds; at the due time in any case.",
    )
    every_seconds: Seconds = Field(
        60, description="How often notices are looked through for reminders that are due, in seconds."
    )
