"""The page docs/reference/faults.md, from the table in gateway/deliver/faults.py."""

from collections.abc import Mapping
from typing import Final

from gateway.deliver.faults import FAULT_POLICIES, FaultClass, FaultPolicy, Tell, Then, Wait
from retry_queue.verdict import Health, Strain
from retry_queue.window import WindowSettings

_WHEN: Final[Mapping[FaultClass, str]] = {
    FaultClass.NOT_SENT: "no connection; no byte of the message left (không kết nối được)",
    FaultClass.BUSY: "it wants to be left alone and names no time (báo bận)",
    FaultClass.BUSY_UNTIL: "it names a time: `Retry-After` (báo bận, có hẹn giờ)",
    FaultClass.UNKNOWN: "sent or asked, and no usable answer (không rõ kết quả)",
    FaultClass.NOT_ASKABLE: "unknown, and the destination can neither be asked nor recognise a repeat",
    FaultClass.ABSENT: "asked: it does not have it (đã hỏi, chưa có)",
    FaultClass.REFUSED: "it refuses the content (từ chối nội dung)",
    FaultClass.NOT_MAPPED: "the event cannot be said in its codes (không chuyển đổi được)",
    FaultClass.CONTRACT_BROKEN: "its answer breaks the contract (trả lời sai hợp đồng)",
    FaultClass.NOT_AUTHORIZED: "credentials or address refused (không được phép truy cập)",
    FaultClass.CRASHED_BEFORE: "the gateway itself failed before sending (lỗi của cổng)",
    FaultClass.CRASHED_AFTER: "the gateway itself failed after the announcement (lỗi của cổng)",
}
_THEN: Final = {
    Then.SEND_LATER: "sent later; asked later if an earlier attempt may have arrived",
    Then.SEND_NOW: "sent at once, same request id",
    Then.ASK_LATER: "asked later",
    Then.PERSON: "held for a person",
}
_WAIT: Final = {
    Wait.NONE: "–",
    Wait.FAULT: "`destination_fault_seconds`",
    Wait.NAMED: "the named time, at most `retry_after_seconds_max`",
    Wait.RETRIES: "`schedule_seconds`; then held",
    Wait.QUESTIONS: "`ask_schedule_seconds`; after `asks_max` held",
}
_BREAKER: Final = {
    Health.ANSWERED: "closes it",
    Health.UNREACHABLE: "counts against it",
    Health.SILENT: "nothing",
}
_WINDOW: Final = {
    Strain.WELL: "opens",
    Strain.STRAINED: "counts against it",
    Strain.OVERLOADED: "halves at once",
    Strain.NONE: "nothing",
}
_JUDGED: Final = WindowSettings()
_TELL: Final = {Tell.NOBODY: "nobody", Tell.ATTENTION: "the attention list", Tell.ALARM: "an alarm, at once"}
_HEAD: Final = (
    "| fault | when | what follows | waits by | costs | breaker | window | who is told | hold reason |",
    "|---|---|---|---|---|---|---|---|---|",
)


def faults_page(generated: str) -> list[str]:
    """Title, table, and how to read it."""
    return [
        "# Faults and what follows (lỗi và cách xử lý)",
        "",
        generated,
        "",
        "One row per class of fault. `gateway/deliver/decide.py` reads this table and knows no other rule;",
        "the [outcome](outcomes.md) of an attempt says which row is meant.",
        "",
        *_HEAD,
        *(_row(fault, FAULT_POLICIES[fault]) for fault in FaultClass),
        "",
        "- **Waits** shrink near the deadline so that the reserved attempts still fit, and none that begins",
        "  before the due time ends after it; a time that the destination names is kept, within bounds.",
        "- **Breaker**: so many faults in a row that count against it open it; every answer closes it.",
        "- **Window**: how many attempts are under way at once; it is halved once a round trip at most: at",
        "  once by a fault that tells of overload and by an attempt that took longer than `slow_seconds`, by",
        f"  the others when {_JUDGED.failures_to_cut} of the last {_JUDGED.judged_answers} answers failed.",
        "- **Attempts and questions** are used up only by what is not the destination's fault, or by an",
        "  unknown outcome; `crashes_max` attempts or `asks_max` questions lead to a person.",
        "",
        "A destination may differ: `delivery.pacing.<destination>.faults.<fault>` sets `wait_seconds`,",
        "`against_breaker` and `against_window` ([settings](settings.md)).",
    ]


def _row(fault: FaultClass, policy: FaultPolicy) -> str:
    held = f"`{policy.reason}{'…' if fault is FaultClass.REFUSED else ''}`" if policy.reason else "–"
    if policy.holds_destination:
        held += ", of the destination"
    cells = (
        f"`{fault.value}`",
        _WHEN[fault],
        _THEN[policy.then],
        _WAIT[policy.wait],
        policy.cost.value,
        _BREAKER[policy.breaker],
        _WINDOW[policy.window],
        _TELL[policy.tell],
        held,
    )
    return f"| {' | '.join(cells)} |"
