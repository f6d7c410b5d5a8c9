"""What a destination says later about a delivery it already holds: stages, numbers, decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from adapters.port import FACT_REGISTRATION_DATE, News, OutboundMessage, Stage
from gateway.deliver import follow_up
from gateway.deliver.assignment import Assignment, Shelves, read_assignment
from gateway.deliver.follow_up import StageReport
from gateway.deliver.record import Recorder, delivery_entry
from gateway.deliver.translate import Translates, translate
from gateway.model.delivery import Watch
from gateway.model.outcome import NotTranslated
from gateway.model.planning import REGISTRY_RECORD, PlannedStep
from gateway.model.watching import next_fetch_at
from gateway.storage.ports import Database
from mappings.canonical import Declaration

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class NewsDesk(Generic[TransactionT]):
    """Rebuilds the messages to ask about, and records the answers."""

    database: Database[TransactionT]
    shelves: Shelves[TransactionT]
    recorder: Recorder[TransactionT]
    catalog: Translates
    schedule_seconds: Sequence[float]

    def message_for(self, watch: Watch, now: datetime) -> OutboundMessage | NotTranslated:
        """The message as it was sent, with the same request id."""
        with self.database.read() as transaction:
            assignment = read_assignment(self.shelves, transaction, watch.delivery_id)
        return translate(assignment, self.catalog, now)

    def record(self, watch: Watch, news: News, now: datetime) -> bool:
        """Stage, facts, follow-ups, feed in one transaction; false if nothing is new."""
        if not (has_moved(watch, news) or news.facts):
            return False
        with self.database.write() as transaction:
            assignment = read_assignment(self.shelves, transaction, watch.delivery_id)
            ends = news.stage.is_final and not awaits_entry(assignment, news)
            after = watch_after(watch, news, self.schedule_seconds, now, ends=ends)
            self.recorder.lock(transaction, assignment, news.facts)
            self.shelves.deliveries.put_watch(transaction, after)
            entries = self.recorder.learn(transaction, assignment, news.facts, now)
            if has_moved(watch, news):
                detail = {"stage": news.stage.value, "partner_code": news.partner_code}
                entries.append(delivery_entry("stage.changed", assignment.delivery, now, **detail))
                steps = _follow_ups(assignment, news, now)
                entries += self.recorder.plan(transaction, assignment, steps, now)
            if entries:
                self.shelves.feed.append(transaction, entries)
        return True

    def postpone(self, watches: Sequence[Watch], now: datetime) -> None:
        """Nothing was heard: ask again when its turn comes."""
        if not watches:
            return
        with self.database.write() as transaction:
            for watch in watches:
                at = next_fetch_at(self.schedule_seconds, watch.updated_at, now)
                self.shelves.deliveries.put_watch(transaction, replace(watch, next_fetch_at=at))


def has_moved(watch: Watch, news: News) -> bool:
    """Whether the destination says something else than the last time."""
    return (watch.stage, watch.text or "") != (news.stage.value, news.text or "")


def awaits_entry(assignment: Assignment, news: News) -> bool:
    """Registered, but the registry has not told where: a result may come later than its stage [S]."""
    return (
        isinstance(assignment.stored.event, Declaration)
        and news.stage is Stage.COMPLETED
        and FACT_REGISTRATION_DATE not in {*news.facts, *assignment.facts}
    )


def watch_after(
    watch: Watch, news: News, schedule_seconds: Sequence[float], now: datetime, *, ends: bool
) -> Watch:
    """What ends the watch is most often a final stage; a change makes the questions frequent again."""
    changed_at = now if has_moved(watch, news) else watch.updated_at
    return replace(
        watch,
        stage=news.stage.value,
        text=news.text,
        partner_code=news.partner_code,
        next_fetch_at=None if ends else next_fetch_at(schedule_seconds, changed_at, now),
        updated_at=changed_at,
    )


def _follow_ups(assignment: Assignment, news: News, now: datetime) -> Sequence[PlannedStep | None]:
    """What others are to hear; that the record was received they have heard already."""
    stored, told_by = assignment.stored, assignment.delivery.step
    report = StageReport(news.stage, news.occurred_at or now, news.text, news.actor)
    if told_by != REGISTRY_RECORD:
        return [follow_up.handed_over_step(stored, told_by, report)]
    if news.stage is Stage.RECEIVED:
        return []
    return [follow_up.progress_step(stored, report), follow_up.linked_step(stored, report)]
