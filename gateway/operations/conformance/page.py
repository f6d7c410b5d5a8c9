"""The report as one page of HTML that stands by itself: no script, nothing loaded, all text escaped."""

from collections.abc import Iterable, Iterator
from html import escape

from gateway.model.conforming import ConformanceRule, JudgedMessage, RuleStatus
from gateway.model.submission import Violation
from gateway.operations.conformance.report import Report, codes_with, in_order

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{border:1px solid #c9c9c9;padding:.35rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}code{font-size:.9em;overflow-wrap:anywhere}
.good{color:#0a5c2b;font-weight:600}.bad{color:#9b1c1c;font-weight:600}.mild{color:#6b4a00;font-weight:600}
.vi{display:block}.en{display:block;color:#555}
details{margin:.4rem 0}summary{cursor:pointer}
@media print{details>*{display:block}}
"""
_WORDS = {
    RuleStatus.HELD: ("Đạt", "held", "good"),
    RuleStatus.FAILED: ("Vi phạm", "failed", "bad"),
    RuleStatus.WARNED: ("Cảnh báo", "warned", "mild"),
    RuleStatus.NOT_APPLICABLE: ("Không áp dụng", "not applicable", ""),
    RuleStatus.NOT_CHECKED: ("Chưa kiểm tra được", "not checked", "mild"),
}
"""In Vietnamese, in English, and how it looks."""


def report_page(report: Report) -> str:
    """The whole page; the messages that do not conform come first."""
    ordered = sorted(report.messages, key=lambda each: each.conforms)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="vi"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            "<title>Kiểm tra sự phù hợp / Conformance</title>",
            f"<style>{_STYLE}</style></head><body>",
            *_heading(report),
            *_table_of_messages(ordered),
            *(line for number, each in enumerate(ordered, 1) for line in _message(number, each, report)),
            *_table_of_rules(report),
            "</body></html>",
            "",
        )
    )


def _heading(report: Report) -> Iterator[str]:
    tally = report.tally
    look, vietnamese, english = (
        ("good", "Mọi thông điệp đều phù hợp.", "Every message conforms.")
        if tally.all_conform
        else ("bad", "Có thông điệp chưa phù hợp.", "Some messages do not conform.")
    )
    yield f"<h1>{_both('Kiểm tra sự phù hợp với Cổng hộ tịch', 'Conformance with the Hộ tịch Gateway')}</h1>"
    yield f'<p class="{look}">{_both(vietnamese, english)}</p>'
    yield (
        f"<p>{tally.conforming} / {tally.messages} · {escape(report.made_at.isoformat())}"
        f" · hotich-gateway {escape(report.gateway_version)}</p>"
    )
    yield "<p>" + _both(
        "[S]: có trong nguồn công khai. [I]: suy luận hoặc do cổng quy định. Trang này không chứa dữ liệu cá"
        " nhân, chỉ nêu vị trí (JSON Pointer).",
        "[S]: seen in a public source. [I]: inferred, or set by the gateway. This page holds no personal"
        " data, only places (JSON Pointer).",
    )
    yield "</p>"


def _table_of_messages(messages: Iterable[JudgedMessage]) -> Iterator[str]:
    yield f"<h2>{_both('Thông điệp', 'Messages')}</h2>"
    yield f"<table><tr>{_head('Vị trí', 'Where')}{_head('Loại sự kiện', 'Event type')}"
    yield f"{_head('Kết quả', 'Result')}{_head('Đạt', 'Held')}{_head('Vi phạm', 'Failed')}</tr>"
    for number, each in enumerate(messages, start=1):
        held, failed = codes_with(each, RuleStatus.HELD), codes_with(each, RuleStatus.FAILED)
        yield (
            f'<tr><td><a href="#m{number}"><code>{escape(each.place)}</code></a></td>'
            f"<td><code>{escape(each.event_type or '–')}</code></td><td>{_result(each)}</td>"
            f"<td>{len(held)}</td><td>{len(failed)}</td></tr>"
        )
    yield "</table>"


def _message(number: int, message: JudgedMessage, report: Report) -> Iterator[str]:
    yield f'<section id="m{number}">'
    yield f"<h2><code>{escape(message.place)}</code> {_result(message)}</h2>"
    if message.expected is not None:
        yield from _expectation(message)
    if message.violations or message.warnings:
        yield f"<table><tr>{_head('Vị trí', 'Pointer')}{_head('Mã', 'Code')}"
        yield (
            _head("Lỗi và cách sửa", "Fault and remedy")
            + _head("Quy tắc và nguồn", "Rule and source")
            + "</tr>"
        )
        yield from (_fault(each, report.rules[each.code], "bad") for each in message.violations)
        yield from (_fault(each, report.rules[each.code], "mild") for each in message.warnings)
        yield "</table>"
    # Most rules do not apply to any one message; naming those would bury the others.
    for status in (RuleStatus.HELD, RuleStatus.NOT_CHECKED):
        codes = codes_with(message, status)
        if codes:
            vietnamese, english, _ = _WORDS[status]
            yield f"<details><summary>{vietnamese} / {english}: {len(codes)}</summary><p>"
            yield ", ".join(f'<a href="#r-{code}"><code>{code}</code></a>' for code in codes)
            yield "</p></details>"
    yield "</section>"


def _expectation(message: JudgedMessage) -> Iterator[str]:
    planted = ", ".join(
        f"<code>{escape(each.code)} {escape(each.pointer or '/')}</code>"
        for each in in_order(message.expected or ())
    )
    is_right = message.is_as_expected
    look = "good" if is_right else "bad"
    found = _both("tìm thấy đúng", "found exactly") if is_right else _both("không khớp", "found otherwise")
    yield f'<p>{_both("Lỗi cài sẵn", "Planted faults")}: {planted} <span class="{look}">{found}</span></p>'


def _fault(fault: Violation, rule: ConformanceRule, look: str) -> str:
    return (
        f"<tr><td><code>{escape(fault.pointer or '/')}</code></td>"
        f'<td><a class="{look}" href="#r-{rule.code}"><code>{escape(fault.code)}</code></a></td>'
        f"<td>{_both(fault.message_vi, fault.message_en)}</td>"
        f"<td>{_both(rule.rule_vi, rule.rule_en)}{escape(rule.source)} [{rule.mark}]</td></tr>"
    )


def _table_of_rules(report: Report) -> Iterator[str]:
    counts = report.counts_by_rule()
    yield f"<h2>{_both('Quy tắc', 'Rules')}</h2><table><tr>{_head('Mã', 'Code')}{_head('Quy tắc', 'Rule')}"
    yield _head("Nguồn", "Source")
    yield "".join(_head(vietnamese, english) for vietnamese, english, _ in _WORDS.values()) + "</tr>"
    for code, rule in report.rules.items():
        numbers = "".join(f"<td>{counts[code][status]}</td>" for status in RuleStatus)
        yield (
            f'<tr id="r-{code}"><td><code>{code}</code></td><td>{_both(rule.rule_vi, rule.rule_en)}</td>'
            f"<td>{escape(rule.source)} [{rule.mark}]</td>{numbers}</tr>"
        )
    yield "</table>"


def _result(message: JudgedMessage) -> str:
    vietnamese, english, look = (
        ("Phù hợp", "conforms", "good") if message.conforms else ("Chưa phù hợp", "does not conform", "bad")
    )
    return f'<span class="{look}">{vietnamese} / {english}</span>'


def _head(vietnamese: str, english: str) -> str:
    return f"<th>{_both(vietnamese, english)}</th>"


def _both(vietnamese: str, english: str) -> str:
    return f'<span class="vi">{escape(vietnamese)}</span><span class="en" lang="en">{escape(english)}</span>'
