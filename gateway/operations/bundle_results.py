"""The destination's list of results: CSV or JSON, every fault at once. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.model.operating import ItemResult
from gateway.model.submission import Violation
from gateway.operations.refusals import ActRefused

COLUMNS: Final = ("request_id", "result", "reference", "reason", "personal_id")
LINES_MAX: Final = 20_000
TEXT_CHARACTERS_MAX: Final = 500
_PERSONAL_ID: Final = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What became of one message."""

    request_id: str
    result: ItemResult
    reference: str | None
    reason: str | None
    personal_id: str | None
    """The number that the population database gave (số định danh cá nhân)."""


@dataclass(frozen=True, slots=True)
class Results:
    """The whole list; messages that it does not name, or leaves blank, went unsaid."""

    bundle_id: str | None
    lines: tuple[ResultLine, ...]


def blank_form(request_ids: Sequence[str]) -> bytes:
    """For the destination to fill in; opens in any spreadsheet."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows([request_id, "", "", "", ""] for request_id in request_ids)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def read_results(data: bytes) -> Results:
    """Raises `ActRefused` (`results_invalid`) with every fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise _refused([_fault("", "phải là văn bản UTF-8", "must be text in UTF-8")]) from broken
    bundle_id, rows = _json_rows(text) if text.lstrip().startswith(("{", "[")) else (None, _csv_rows(text))
    if len(rows) > LINES_MAX:
        raise _refused([_fault("", f"quá {LINES_MAX} dòng", f"more than {LINES_MAX} lines")])
    faults: list[Violation] = []
    lines = [line for line in (_line(number, row, faults) for number, row in rows) if line is not None]
    repeated = {line.request_id for line in lines if sum(1 for _ in _same(lines, line.request_id)) > 1}
    faults += [_fault(f"/{each}", "có nhiều kết quả", "has several results") for each in sorted(repeated)]
    if faults:
        raise _refused(faults)
    return Results(bundle_id, tuple(lines))


def _same(lines: Sequence[ResultLine], request_id: str) -> Iterator[ResultLine]:
    return (line for line in lines if line.request_id == request_id)


def _csv_rows(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = {name.strip() for name in reader.fieldnames or () if name}
    if not {"request_id", "result"} <= names:
        wanted = ", ".join(COLUMNS)
        raise _refused([_fault("/1", f"dòng đầu phải có: {wanted}", f"the first line must name: {wanted}")])
    return [
        (number, {str(name).strip(): value for name, value in row.items()})
        for number, row in enumerate(reader, start=2)
    ]


def _json_rows(text: str) -> tuple[str | None, list[tuple[int, Mapping[str, Any]]]]:
    try:
        found = json.loads(text)
    except ValueError as broken:
        raise _refused([_fault("", "không phải JSON", "is no JSON")]) from broken
    rows = found.get("results") if isinstance(found, dict) else found
    bundle_id = found.get("bundle_id") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _refused([_fault("/results", "phải là danh sách đối tượng", "must be a list of objects")])
    return bundle_id if isinstance(bundle_id, str) else None, list(enumerate(rows))


def _line(number: int, row: Mapping[str, Any], faults: list[Violation]) -> ResultLine | None:
    """None: nothing was said of this message."""
    values = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if not values["result"]:
        return None
    before = len(faults)
    result = values["result"].lower()
    if result not in {ItemResult.ACCEPTED, ItemResult.REFUSED}:
        faults.append(_fault(f"/{number}/result", "phải là accepted hoặc refused", "is accepted or refused"))
    if not values["request_id"]:
        faults.append(_fault(f"/{number}/request_id", "không được để trống", "must be filled in"))
    if result == ItemResult.ACCEPTED and not values["reference"]:
        faults.append(
            _fault(f"/{number}/reference", "nhận thì phải có số", "must be filled in when accepted")
        )
    if result == ItemResult.REFUSED and not values["reason"]:
        faults.append(_fault(f"/{number}/reason", "từ chối thì phải có lý do", "must be given when refused"))
    if values["personal_id"] and _PERSONAL_ID.fullmatch(values["personal_id"]) is None:
        faults.append(_fault(f"/{number}/personal_id", "phải đủ 12 chữ số", "has 12 digits"))
    faults.extend(
        _fault(f"/{number}/{name}", f"dài quá {TEXT_CHARACTERS_MAX} ký tự", "is too long")
        for name, value in values.items()
        if len(value) > TEXT_CHARACTERS_MAX
    )
    if len(faults) > before:
        return None
    return ResultLine(
        request_id=values["request_id"],
        result=ItemResult(result),
        reference=values["reference"] or None,
        reason=values["reason"] or None,
        personal_id=values["personal_id"] or None,
    )


def _fault(pointer: str, vietnamese: str, english: str) -> Violation:
    place = pointer or "/"
    return Violation(
        pointer,
        "result_wrong",
        f"{place}: {vietnamese}; hãy sửa danh sách.",
        f"{place}: {english}; correct the list.",
    )


def _refused(faults: Sequence[Violation]) -> ActRefused:
    return ActRefused("results_invalid", errors=faults)
