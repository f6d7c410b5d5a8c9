"""The report of a conformance check as plain JSON values: codes, pointers and rules, nothing about people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gateway.model.conforming import ConformanceRule, JudgedMessage, RuleStatus

REPORT_VERSION = 1
"""Raised when a member changes its meaning; new members may come at any time."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages there are, by what was said of them."""

    messages: int
    conforming: int
    as_expected: int
    """Those with exactly the planted faults; of messages without any, the conforming ones."""

    @property
    def all_conform(self) -> bool:
        """True also of nothing at all."""
        return self.messages == self.conforming

    @property
    def all_as_expected(self) -> bool:
        """True also of nothing at all."""
        return self.messages == self.as_expected


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found."""

    made_at: datetime
    gateway_version: str
    rules: Mapping[str, ConformanceRule]
    messages: tuple[JudgedMessage, ...]

    @property
    def tally(self) -> Tally:
        """Counted anew each time."""
        return Tally(
            messages=len(self.messages),
            conforming=sum(each.conforms for each in self.messages),
            as_expected=sum(each.is_as_expected for each in self.messages),
        )

    def counts_by_rule(self) -> Mapping[str, Counter[RuleStatus]]:
        """Code of every rule -> how many messages stand how with it."""
        counts: dict[str, Counter[RuleStatus]] = {code: Counter() for code in self.rules}
        for message in self.messages:
            for code, status in message.statuses.items():
                counts[code][status] += 1
        return counts


def report_document(report: Report) -> dict[str, Any]:
    """The report in JSON values; the messages in the order in which they were read."""
    counts, tally = report.counts_by_rule(), report.tally
    return {
        "report_version": REPORT_VERSION,
        "made_at": report.made_at.isoformat(),
        "gateway_version": report.gateway_version,
        "messages_total": tally.messages,
        "messages_conforming": tally.conforming,
        "messages_as_expected": tally.as_expected,
        "conforms": tally.all_conform,
        "rules": [
            {**_rule(rule), "messages": {status.value: counts[code][status] for status in RuleStatus}}
            for code, rule in report.rules.items()
        ],
        "messages": [_message(each, report.rules) for each in report.messages],
    }


def _rule(rule: ConformanceRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "rule_vi": rule.rule_vi,
        "rule_en": rule.rule_en,
        "source": rule.source,
        "mark": rule.mark,
        "event_types": sorted(rule.event_types),
    }


def _message(message: JudgedMessage, rules: Mapping[str, ConformanceRule]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "place": message.place,
        "kind": message.kind,
        "event_type": message.event_type,
        "conforms": message.conforms,
        "rules": {status.value: codes_with(message, status) for status in RuleStatus},
        "failures": [
            {**asdict(each), "source": rules[each.code].source, "mark": rules[each.code].mark}
            for each in message.violations
        ],
        "warnings": [
            {**asdict(each), "source": rules[each.code].source, "mark": rules[each.code].mark}
            for each in message.warnings
        ],
    }
    if message.expected is not None:
        document["expected"] = [asdict(each) for each in in_order(message.expected)]
        document["as_expected"] = message.is_as_expected
    return document


def codes_with(message: JudgedMessage, status: RuleStatus) -> list[str]:
    """The rules that stand so, in the order of the catalogue."""
    return [code for code, found in message.statuses.items() if found is status]


def in_order(faults: Iterable[Any]) -> Sequence[Any]:
    """By place, then by code."""
    return sorted(faults, key=lambda each: (each.pointer, each.code))
