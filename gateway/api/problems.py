"""Every error as a problem document (RFC 9457) with a stable type, and every fault of a message at once."""

import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from gateway.api.allowed import AllowedMethods
from gateway.error_codes import get_code
from gateway.errors import StorageUnavailable
from gateway.model.error_ids import new_error_id
from gateway.model.ids import RandomBytes
from gateway.model.submission import Violation
from gateway.observability.logging import get_log
from gateway.operations.refusals import ActRefused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "1"}
"""Seconds; the database or the writer may be back soon."""
_CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed"}
_NOBODY_LISTENS = 499
"""Goes to nobody: the client has gone."""

log = get_log("api")


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


def problem_json(problem: Problem) -> dict[str, Any]:
    """The problem as plain JSON values (RFC 9457)."""
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
    return document


def answer(problem: Problem) -> JSONResponse:
    """The problem as it goes over the wire."""
    document = problem_json(problem)
    return JSONResponse(
        document, status_code=document["status"], headers=problem.headers, media_type=MEDIA_TYPE
    )


def violation_json(violation: Violation) -> dict[str, str]:
    """One fault of a message as the API shows it."""
    return {
        "pointer": violation.pointer,
        "code": violation.code,
        "message_vi": violation.message_vi,
        "message_en": violation.message_en,
    }


def parameter_problem(faults: Iterable[Mapping[str, Any]]) -> Problem:
    """An `invalid_parameter` problem that names every fault pydantic found."""
    return Problem("invalid_parameter", errors=map(_parameter_fault, faults))


def install(app: FastAPI, random_bytes: RandomBytes, allowed_methods: AllowedMethods) -> None:
    """Turn every way of failing into a problem document."""

    @app.exception_handler(Problem)
    async def known(_request: Request, problem: Problem) -> JSONResponse:
        return answer(problem)

    @app.exception_handler(ActRefused)
    async def not_done(_request: Request, refused: ActRefused) -> JSONResponse:
        problem = Problem(refused.code, errors=refused.errors)
        problem.members |= refused.details
        return answer(problem)

    @app.exception_handler(StorageUnavailable)
    async def no_storage(_request: Request, missing: StorageUnavailable) -> JSONResponse:
        log.warning("api.storage_unavailable", reason=missing.details.get("reason"))
        return answer(Problem("storage_unavailable", headers=RETRY_AFTER))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, refused: HTTPException) -> JSONResponse:
        code = _CODE_OF_STATUS.get(refused.status_code, "invalid_parameter")
        headers = dict(refused.headers or {})
        if code == "method_not_allowed":
            headers["Allow"] = allowed_methods(request.url.path)
        return answer(Problem(code, headers=headers))

    @app.exception_handler(RequestValidationError)
    async def parameters(_request: Request, invalid: RequestValidationError) -> JSONResponse:
        return answer(parameter_problem(invalid.errors()))

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _gone: ClientDisconnect) -> Response:
        return Response(status_code=_NOBODY_LISTENS)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, failure: Exception) -> JSONResponse:
        return answer(unexpected_problem(request, failure, random_bytes))


def unexpected_problem(request: Request, failure: Exception, random_bytes: RandomBytes) -> Problem:
    """Logged with what kind and where; the text of an error may name people and stays out."""
    error_id = new_error_id(random_bytes)
    route = getattr(request.scope.get("route"), "path", None)
    frames = traceback.format_tb(failure.__traceback__)
    log.error(
        "api.unexpected",
        error_id=error_id,
        error_type=type(failure).__qualname__,
        route=route,
        frames=frames,
    )
    return Problem("internal_error", error_id=error_id)


def _parameter_fault(error: Mapping[str, Any]) -> Violation:
    place, *rest = (str(part) for part in error["loc"])
    name = ".".join(rest) or place
    return Violation(
        pointer="".join("/" + _escaped(part) for part in (place, *rest)),
        code=str(error["type"]),
        message_vi=f"Tham số {name} không hợp lệ: kiểm tra kiểu và giới hạn nêu trong tài liệu.",
        message_en=f"Parameter {name}: {error['msg']}. See the documentation for its kind and limits.",
    )


def _escaped(part: str) -> str:
    """As RFC 6901 wants it."""
    return part.replace("~", "~0").replace("/", "~1")
