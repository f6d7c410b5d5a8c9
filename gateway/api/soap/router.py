"""GET and POST /soap/registry: the contract, and every message, in the version in which it came."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from adapters.hardened_xml import Element
from gateway.api.authenticate import Caller, TokenCheck
from gateway.api.body import ReadLimits, read_body
from gateway.api.problems import RETRY_AFTER, Problem, unexpected_problem
from gateway.api.soap.desk import Answer, SoapDesk
from gateway.api.soap.envelope import SoapMessage, Version, open_envelope, put_into_envelope, version_of
from gateway.api.soap.faults import fault_of
from gateway.api.soap.handed_in import operation_in
from gateway.api.soap.operations import Operation, operations
from gateway.api.soap.security import read_token
from gateway.api.soap.writing import write_record
from gateway.api.soap.wsdl import VERSIONS, wsdl_document
from gateway.errors import StorageUnavailable
from gateway.model.clock import Clock
from gateway.model.ids import RandomBytes
from gateway.operations.soap_access import TokenFault, UsernameToken
from gateway.storage.ports import Client

PATH: Final = "/soap/registry"
WSDL_SECONDS: Final = 300
CheckToken = Callable[..., Client | TokenFault]
"""Token and present instant -> the client, or why it is not believed."""


@dataclass(frozen=True, slots=True)
class SoapAccessCheck:
    """How callers are recognised."""

    check: CheckToken
    clock: Clock
    text_checks_max: int


@dataclass(frozen=True, slots=True)
class SoapService:
    """What the path needs."""

    desk: SoapDesk
    access: SoapAccessCheck
    limits: ReadLimits
    random_bytes: RandomBytes
    public_address: str | None


def soap_router(service: SoapService) -> APIRouter:
    """Not in the OpenAPI document: its contract is the WSDL."""
    router = APIRouter(prefix=PATH, tags=["soap"], include_in_schema=False)
    text_checks = CapacityLimiter(service.access.text_checks_max)
    operations()  # made once, now, and not while the first sender waits

    @router.get("")
    async def contract(request: Request) -> Response:
        asked = {name.lower(): value for name, value in request.query_params.items()}
        version = asked.get("wsdl")
        if version is None or (version and version not in VERSIONS):
            raise Problem("not_found", wsdl=f"{PATH}?wsdl")
        address = service.public_address or str(request.url.replace(query="", fragment=""))
        content = await run_in_threadpool(wsdl_document, address, version or None)
        headers = {"Cache-Control": f"public, max-age={WSDL_SECONDS}"}
        return Response(content, media_type="text/xml", headers=headers)

    @router.post("")
    async def message(request: Request) -> Response:
        content_type = request.headers.get("content-type", "")
        version = version_of(content_type) or Version.SOAP_11
        try:
            body = await read_body(request, service.limits)
            opened = await run_in_threadpool(open_envelope, body, content_type)
            version = opened.version
            return await _answered(request, opened, service, text_checks)
        except ClientDisconnect:
            raise
        except Problem as problem:
            return _fault(problem, version)
        except StorageUnavailable:
            return _fault(Problem("storage_unavailable", headers=RETRY_AFTER), version)
        except Exception as failure:  # noqa: BLE001 - a SOAP client can read nothing but a fault; it is logged
            return _fault(unexpected_problem(request, failure, service.random_bytes), version)

    return router


async def _answered(
    request: Request, opened: SoapMessage, service: SoapService, text_checks: CapacityLimiter
) -> Response:
    caller = await _caller(request, opened.security, service.access, text_checks)
    operation = operation_in(opened.body)
    answer = await service.desk.answer(operation, opened.body, caller)
    content = await run_in_threadpool(_written, opened.version, operation, answer)
    return Response(content, media_type=_media_type(opened.version))


async def _caller(
    request: Request, security: Element | None, access: SoapAccessCheck, text_checks: CapacityLimiter
) -> Caller:
    """By the security header when there is one, else by the bearer token of the HTTP header."""
    if security is None:
        tokens: TokenCheck = request.app.state.tokens
        return await tokens.caller_of(request.headers.get("authorization"))
    now = access.clock()
    token: UsernameToken = read_token(security, now)
    # A password in clear costs as much as at /oauth/token, and strangers may send any number of them.
    limiter = None if token.is_digest else text_checks
    client = await to_thread.run_sync(access.check, token, now, limiter=limiter)
    if isinstance(client, TokenFault):
        raise Problem(client.value)
    return Caller(client.client_id, client.roles, client.authorities)


def _written(version: Version, operation: Operation, answer: Answer) -> bytes:
    return put_into_envelope(version, write_record(operation.response.name, operation.response, answer))


def _fault(problem: Problem, version: Version) -> Response:
    fault = fault_of(problem, version)
    return Response(fault.content, fault.status, dict(fault.headers), f"{fault.media_type}; charset=utf-8")


def _media_type(version: Version) -> str:
    return f"{version.media_type}; charset=utf-8"
