"""The linked service as the contract describes it: refuses a state out of order, loses answers if told to."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.errors import Busy, NotSent, OutcomeUnknown, Refused
from adapters.port import Absent, Accepted, Announce, OutboundMessage, Standing
from tests.support.partner import EVIDENCE, ScriptedPartner

ROOT = Path(__file__).resolve().parents[2]
OPERATION = "one_stop/linked_status"
FAULTS = ("", "", "lost_after", "lost_before", "busy", "not_sent")


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


CODES: Mapping[str, str] = {
    row["term"]: row["code"]
    for row in _rows(ROOT / "mappings" / "one_stop" / "codes.csv")
    if row["list"] == "linked_state"
}
RULES = {
    row["code"]: (set(row["after"].split()), set(row["not_after"].split()))
    for row in _rows(ROOT / "adapters" / "one_stop" / "contract" / "codes" / "linked_status.csv")
}


@dataclass
class LinkedPartner(ScriptedPartner):
    """Takes everything else as it comes."""

    faults: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    """As they were taken, oldest first."""
    too_early: list[str] = field(default_factory=list)

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        if message.operation != OPERATION:
            return super().send(message, announce)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "not_sent":
            raise NotSent
        announce()
        if fault == "busy":
            raise Busy
        if fault == "lost_before":
            raise OutcomeUnknown
        self._take(_code_of(message))
        if fault == "lost_after":
            raise OutcomeUnknown
        return Accepted(EVIDENCE, pending=_code_of(message) == CODES["completed"])

    def ask(self, message: OutboundMessage) -> Standing:
        if message.operation != OPERATION:
            return super().ask(message)
        if _code_of(message) not in self.states:
            return Absent(EVIDENCE)
        return Accepted(EVIDENCE, already_there=True, pending=_code_of(message) == CODES["completed"])

    def _take(self, code: str) -> None:
        after, not_after = RULES[code]
        if not after <= set(self.states) or not_after & set(self.states):
            self.too_early.append(code)
            raise Refused(EVIDENCE)
        self.states.append(code)


def _code_of(message: OutboundMessage) -> str:
    return CODES[str(message.body["linked_state"])]
