"""Answers as old clients parse them, with the receipt or every fault beside what they read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi.responses import JSONResponse

from gateway.api.dialects import wire
from gateway.api.problems import Problem
from gateway.api.receipts import receipt_json
from gateway.error_codes import get_code
from gateway.model.submission import Receipt

_OK: Final = 200
_NUMBERS: Final[Mapping[str, int]] = {
    "unauthenticated": wire.AUTHEN_ERROR,
    "forbidden": wire.IP_DISALLOWED,
    "too_many_requests": wire.LATER,
    "intake_unavailable": wire.LATER,
    "storage_unavailable": wire.LATER,
}


@dataclass(frozen=True, slots=True)
class DialectFault:
    """One fault, named by the dialect's own field."""

    field: str
    """Empty for the message as a whole."""
    pointer: str
    """JSON Pointer into the message; inside `data` it goes on as if that text were an object."""
    code: str
    message_vi: str
    message_en: str

    def as_json(self) -> dict[str, str]:
        """As it stands in `errors`."""
        return {
            "field": self.field,
            "pointer": self.pointer,
            "code": self.code,
            "message_vi": self.message_vi,
            "message_en": self.message_en,
        }


@dataclass(frozen=True, slots=True)
class Voice:
    """How one generation answers."""

    speaks_text: bool
    """Generation 2 writes every number as text [S]."""

    def done(self, value: object = None, **more: object) -> JSONResponse:
        """Taken, or answered; `more` are members that old clients do not look for."""
        if self.speaks_text:
            told = {"status": "1", "statusDescription": wire.DONE, "errorCode": "", "errorDescription": ""}
            return JSONResponse({**told, **more})
        return JSONResponse({"status": 1, "value": value, **more})

    def taken(self, receipt: Receipt, warnings: Sequence[DialectFault], *, again: bool) -> JSONResponse:
        """On disk. A repeat is success in generation 1; in 2 a sentence says so [S]."""
        more: dict[str, Any] = {"receipt": receipt_json(receipt), "warnings": _listed(warnings)}
        if again and self.speaks_text:
            return self.refused(wire.RECEIVED_ALREADY, wire.RECEIVED_ALREADY_TEXT, **more)
        return self.done(wire.DONE, **more)

    def refused(
        self,
        number: int,
        description: str,
        faults: Iterable[DialectFault] = (),
        http_status: int = _OK,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> JSONResponse:
        """Status 0 with number and words."""
        body: dict[str, object] = {"status": 0, "errorCode": number, "errorDescription": description}
        if self.speaks_text:
            body = {
                "status": "0",
                "statusDescription": "Không thành công",
                "errorCode": str(number),
                "errorDescription": description,
            }
        told = _listed(faults)
        if told:
            body["errors"] = told
        return JSONResponse({**body, **more}, status_code=http_status, headers=dict(headers or {}))

    def failed(self, problem: Problem) -> JSONResponse:
        """A problem of the edge: no token, no right, no room, no storage."""
        row = get_code(problem.code)
        number = _NUMBERS.get(problem.code, wire.DATA_INCORRECT)
        is_about_the_caller = number in {wire.AUTHEN_ERROR, wire.IP_DISALLOWED}
        is_told_in_body = is_about_the_caller and not self.speaks_text
        description = wire.NAMES[number] if is_about_the_caller else row.title_vi
        fault = DialectFault("", "", row.code, row.remedy_vi, row.remedy_en)
        return self.refused(
            number, description, [fault], _OK if is_told_in_body else row.status, problem.headers
        )


def _listed(faults: Iterable[DialectFault]) -> list[dict[str, str]]:
    return [fault.as_json() for fault in faults]


FIRST: Final = Voice(speaks_text=False)
SECOND: Final = Voice(speaks_text=True)
