"""Webhooks over HTTP: a client looks after his own, an operator sees all."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Final, Protocol

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, needs
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import body_in, json_body
from gateway.api.identifiers import webhook_id_of
from gateway.model.ids import ClientId
from gateway.model.webhooks import MessageId, Webhook, WebhookId, WebhookMessage
from gateway.operations.plain import plain
from gateway.operations.webhooks.desk import NewSecret
from gateway.storage.ports import Role

BODY_BYTES_MAX: Final = 16_384
MESSAGE_ID: Final = r"^msg_[0-9a-f]{32}$"
Owner = Annotated[Caller, Depends(needs(Role.SENDER, Role.OPERATOR))]
"""A sender looks after his own webhooks, an operator after all."""
ChangeName = Annotated[str, Field(pattern=r"^(\*|[a-z_]+(\.[a-z_]+)+)$", max_length=60)]


class WebhookBody(BaseModel):
    """A new webhook."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    url: Annotated[str, Field(min_length=1, max_length=2_000, description="Where to post (địa chỉ nhận).")]
    types: Annotated[tuple[ChangeName, ...], Field(max_length=50)] = Field(
        (),
        description="Changes to tell of, `*` for all; empty: deliveries held and done, questions to people.",
    )


class Desk(Protocol):
    """What the paths need of the desk of webhooks; every method raises `ActRefused`."""

    def add(self, client_id: ClientId, url: str, types: Collection[str]) -> NewSecret:
        """A new one."""
        ...

    def list_all(self, client_id: ClientId | None) -> Sequence[Webhook]:
        """Oldest first."""
        ...

    def show(self, webhook_id: WebhookId, client_id: ClientId | None) -> Webhook:
        """One."""
        ...

    def remove(self, webhook_id: WebhookId, client_id: ClientId | None) -> None:
        """For good."""
        ...

    def set_active(self, webhook_id: WebhookId, client_id: ClientId | None, *, is_active: bool) -> Webhook:
        """Enable or disable."""
        ...

    def rotate(self, webhook_id: WebhookId, client_id: ClientId | None) -> NewSecret:
        """A new secret."""
        ...

    def send_trial(self, webhook_id: WebhookId, client_id: ClientId | None) -> WebhookMessage:
        """A test message."""
        ...

    def log(
        self, webhook_id: WebhookId, client_id: ClientId | None, before: MessageId | None, limit: int
    ) -> Sequence[WebhookMessage]:
        """Newest first."""
        ...


def webhook_router(desk: Desk, page_size_max: int, body_seconds_max: float) -> APIRouter:
    """Subscribe, look, rotate, try out, remove."""
    router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])
    limits = ReadLimits(BODY_BYTES_MAX, body_seconds_max)

    @router.post(
        "",
        status_code=201,
        openapi_extra=json_body(WebhookBody),
        summary="Be told of changes to one's own events (đăng ký nhận thông báo)",
    )
    async def add(caller: Owner, request: Request) -> JSONResponse:
        asked = body_in(WebhookBody, await read_body(request, limits))
        new = await run_in_threadpool(desk.add, caller.client_id, asked.url, asked.types)
        return JSONResponse(secret_json(new), status_code=201, headers=_NOT_STORED)

    @router.get("", summary="One's webhooks; an operator sees all (danh sách webhook)")
    async def list_all(caller: Owner) -> JSONResponse:
        found = await run_in_threadpool(desk.list_all, _asker(caller))
        return JSONResponse({"webhooks": [webhook_json(each) for each in found]})

    @router.get("/{webhook_id}", summary="One webhook (chi tiết webhook)")
    async def show(caller: Owner, webhook_id: str) -> JSONResponse:
        found = await run_in_threadpool(desk.show, webhook_id_of(webhook_id), _asker(caller))
        return JSONResponse(webhook_json(found))

    @router.delete("/{webhook_id}", status_code=204, summary="Be told no more (xóa webhook)")
    async def remove(caller: Owner, webhook_id: str) -> Response:
        await run_in_threadpool(desk.remove, webhook_id_of(webhook_id), _asker(caller))
        return Response(status_code=204)

    _add_acts(router, desk)
    _add_log(router, desk, page_size_max)
    return router


def _add_acts(router: APIRouter, desk: Desk) -> None:
    @router.post(
        "/{webhook_id}/rotate", summary="A new secret; the old one signs beside it (đổi khóa bí mật)"
    )
    async def rotate(caller: Owner, webhook_id: str) -> JSONResponse:
        new = await run_in_threadpool(desk.rotate, webhook_id_of(webhook_id), _asker(caller))
        return JSONResponse(secret_json(new), headers=_NOT_STORED)

    @router.post("/{webhook_id}/test", status_code=202, summary="Send a test message (gửi thử)")
    async def test(caller: Owner, webhook_id: str) -> JSONResponse:
        message = await run_in_threadpool(desk.send_trial, webhook_id_of(webhook_id), _asker(caller))
        return JSONResponse(message_json(message), status_code=202)

    @router.post("/{webhook_id}/enable", summary="Send again what waits (bật lại)")
    async def enable(caller: Owner, webhook_id: str) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(switched, webhook_id, caller, is_active=True))

    @router.post("/{webhook_id}/disable", summary="Let it wait (tạm tắt)")
    async def disable(caller: Owner, webhook_id: str) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(switched, webhook_id, caller, is_active=False))

    def switched(webhook_id: str, caller: Caller, *, is_active: bool) -> dict[str, Any]:
        return webhook_json(desk.set_active(webhook_id_of(webhook_id), _asker(caller), is_active=is_active))


def _add_log(router: APIRouter, desk: Desk, page_size_max: int) -> None:
    @router.get("/{webhook_id}/messages", summary="What was sent and answered (nhật ký gửi)")
    async def messages(
        caller: Owner,
        webhook_id: str,
        before: Annotated[str | None, Query(pattern=MESSAGE_ID, description="Last id of a page.")] = None,
        limit: Annotated[int, Query(ge=1, le=page_size_max)] = 100,
    ) -> JSONResponse:
        after = None if before is None else MessageId(before)
        found = await run_in_threadpool(desk.log, webhook_id_of(webhook_id), _asker(caller), after, limit)
        return JSONResponse({"messages": [message_json(each) for each in found]})


def _asker(caller: Caller) -> ClientId | None:
    """None asks for all."""
    return None if Role.OPERATOR in caller.roles else caller.client_id


def webhook_json(webhook: Webhook) -> dict[str, Any]:
    """As its owner sees it: never a secret."""
    return {
        "webhook_id": webhook.webhook_id,
        "client_id": webhook.client_id,
        "url": webhook.url,
        "types": sorted(webhook.types),
        "state": webhook.state.value,
        "disabled_because": webhook.disabled_because,
        "failing_since": plain(webhook.failing_since),
        "earlier_secret_until": plain(webhook.earlier_until),
        "created_at": plain(webhook.created_at),
    }


def secret_json(new: NewSecret) -> dict[str, Any]:
    """The only time that the secret is shown."""
    return {**webhook_json(new.webhook), "secret": new.secret}


def message_json(message: WebhookMessage) -> dict[str, Any]:
    """A line of the log."""
    return {
        "message_id": message.message_id,
        "type": message.change,
        "event_id": message.event_id,
        "delivery_id": message.delivery_id,
        "state": message.state.value,
        "attempts": message.attempts,
        "last_result": message.last_result,
        "last_attempt_at": plain(message.last_attempt_at),
        "next_attempt_at": plain(message.next_attempt_at) if message.finished_at is None else None,
        "finished_at": plain(message.finished_at),
        "created_at": plain(message.created_at),
    }


_NOT_STORED: Final = {"Cache-Control": "no-store"}
