"""The ladder: which deliveries have reached which share of their time, and what people are told. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.model.foresight import (
    Channel,
    Crossing,
    Mark,
    Notice,
    NoticeId,
    Sending,
    SendingState,
    Untold,
)
from gateway.model.ids import Destination
from gateway.operations.sentences import DESTINATIONS, Sentence, clock_time

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Receiver:
    """One address of one role."""

    role: str
    channel: Channel
    address: str
    percents: frozenset[int]
    """The rungs at which this role is told."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs, and who stands at them."""

    promise: timedelta
    percents: tuple[int, ...]
    grace: timedelta
    """What has just been planned is no concern yet, even when it is late already."""
    quiet: timedelta
    """After a notice about a destination and a rung the next one waits so long."""
    receivers: tuple[Receiver, ...]

    def due_until(self, now: datetime) -> Mapping[int, datetime]:
        """Whatever is due by then has reached the rung."""
        return {percent: now + self._left(percent) for percent in self.percents}

    def crossed_at(self, due_at: datetime, percent: int) -> datetime:
        """When so much of the time before `due_at` is over."""
        return due_at - self._left(percent)

    def _left(self, percent: int) -> timedelta:
        return self.promise * (_WHOLE - percent) / _WHOLE


@dataclass(frozen=True, slots=True)
class Situation:
    """What a notice says beside its own numbers."""

    is_stopped: bool
    """Its breaker is open, or a person has stopped it."""
    first_breach_at: datetime | None


def transitions(crossings: Iterable[Crossing], ladder: Ladder, now: datetime) -> list[Mark]:
    """Every rung that an item stands past and that is not recorded for it; told as the highest of them."""
    marks: list[Mark] = []
    for item in crossings:
        new = [
            percent
            for percent, due_until in ladder.due_until(now).items()
            if item.due_at <= due_until and percent not in item.reached
        ]
        marks += [
            Mark(
                delivery_id=item.delivery_id,
                destination=item.destination,
                percent=percent,
                told_as=max(new),
                crossed_at=ladder.crossed_at(item.due_at, percent),
                recorded_at=now,
            )
            for percent in new
        ]
    return marks


def is_quiet(last_made_at: datetime | None, ladder: Ladder, now: datetime) -> bool:
    """People were told of this destination and rung a short while ago."""
    return last_made_at is not None and now < last_made_at + ladder.quiet


def notice_of(untold: Untold, situation: Situation, notice_id: NoticeId, now: datetime) -> Notice | None:
    """One notice for all of them; None when all have arrived in the meantime."""
    if untold.worst_delivery_id is None or untold.worst_due_at is None:
        return None
    text = _text(untold, untold.worst_due_at, situation, now)
    return Notice(
        notice_id=notice_id,
        destination=untold.destination,
        percent=untold.percent,
        made_at=now,
        deliveries=untold.unfinished,
        worst_delivery_id=untold.worst_delivery_id,
        worst_due_at=untold.worst_due_at,
        first_breach_at=situation.first_breach_at,
        text_vi=text.vi,
        text_en=text.en,
    )


def sendings_of(notice: Notice, receivers: Sequence[Receiver]) -> list[Sending]:
    """One for each address of each role that is told at this rung."""
    told = (each for each in receivers if notice.percent in each.percents)
    return [
        Sending(
            notice_id=notice.notice_id,
            number=number,
            role=each.role,
            channel=each.channel,
            address=each.address,
            state=SendingState.PENDING,
            attempts=0,
            next_attempt_at=notice.made_at,
        )
        for number, each in enumerate(told, start=1)
    ]


def _text(untold: Untold, worst_due_at: datetime, situation: Situation, now: datetime) -> Sentence:
    """Counts, codes and times: nothing in it names a person."""
    name = DESTINATIONS[Destination(untold.destination)]
    they = "1 delivery has" if untold.unfinished == 1 else f"{untold.unfinished} deliveries have"
    text = Sentence(
        f"{untold.unfinished} lần chuyển tới {name.vi} đã dùng hết {untold.percent}% thời hạn mà chưa xong;"
        f" hạn sớm nhất {clock_time(worst_due_at)}.",
        f"{they} used {untold.percent}% of the time allowed without having reached {name.en};"
        f" the earliest is due at {clock_time(worst_due_at)}.",
    )
    if now > worst_due_at:
        text += Sentence("Đã quá hạn.", "It is overdue.")
    if situation.is_stopped:
        text += Sentence("Hệ thống đích đang dừng.", "The destination is stopped.")
    if situation.first_breach_at is not None:
        at = clock_time(situation.first_breach_at)
        text += Sentence(f"Dự báo trễ hạn từ {at}.", f"The next breach is expected at {at}.")
    return text
