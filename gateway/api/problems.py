"""Every error as a problem document (RFC 9457) with a stable type, and every fault of a message at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from gateway.error_codes import get_code
from gateway.model.ids import RandomBytes
from gateway.model.submission import Violation
from gateway.observability.logging import get_log

MEDIA_TYPE = "application/problem+json"
_CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed"}


class Problem(Exception):
    """An answer that is a problem document; raised anywhere in the edge."""

    def __init__(
        self,
        code: str,
        *,
        errors: Iterable[Violation] = (),
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = members


def answer(problem: Problem) -> JSONResponse:
    """The problem as it goes over the wire."""
    row = get_code(problem.code)
    document: dict[str, Any] = {
        "type": row.type,
        "code": row.code,
        "status": row.status,
        "title": row.title_en,
        "title_vi": row.title_vi,
        "detail": row.remedy_en,
        "detail_vi": row.remedy_vi,
        **problem.members,
    }
    if problem.errors:
        document["errors"] = [violation_json(error) for error in problem.errors]
    return JSONResponse(document, status_code=row.status, headers=problem.headers, media_type=MEDIA_TYPE)


def violation_json(violation: Violation) -> dict[str, str]:
    """One fault of a message as the API shows it."""
    return {
        "pointer": violation.pointer,
        "code": violation.code,
        "message_vi": violation.message_vi,
        "message_en": violation.message_en,
    }


def install(app: FastAPI, random_bytes: RandomBytes) -> None:
    """Turn every way of failing into a problem document."""
    log = get_log("api")

    @app.exception_handler(Problem)
    async def known(_request: Request, problem: Problem) -> JSONResponse:
        return answer(problem)

    @app.exception_handler(HTTPException)
    async def framework(_request: Request, refused: HTTPException) -> JSONResponse:
        code = _CODE_OF_STATUS.get(refused.status_code, "invalid_parameter")
        return answer(Problem(code, headers=dict(refused.headers or {})))

    @app.exception_handler(RequestValidationError)
    async def parameters(_request: Request, invalid: RequestValidationError) -> JSONResponse:
        return answer(Problem("invalid_parameter", errors=map(_parameter_fault, invalid.errors())))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, failure: Exception) -> JSONResponse:
        error_id = random_bytes(8).hex()
        route = request.scope.get("route")
        log.error("api.unexpected", exc_info=failure, error_id=error_id, route=getattr(route, "path", None))
        return answer(Problem("internal_error", error_id=error_id))


def _parameter_fault(error: Mapping[str, Any]) -> Violation:
    place, *rest = (str(part) for part in error["loc"])
    name = ".".join(rest) or place
    return Violation(
        pointer="/" + "/".join([place, *rest]),
        code=str(error["type"]),
        message_vi=f"Tham số {name} không hợp lệ: kiểm tra kiểu và giới hạn nêu trong tài liệu.",
        message_en=f"Parameter {name}: {error['msg']}.",
    )
