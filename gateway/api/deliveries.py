"""What operators see of the deliveries, and what they may do."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeVar
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.identifiers import delivery_id_of
from gateway.api.problems import Problem, parameter_problem
from gateway.model.ids import DeliveryId, Destination
from gateway.model.operating import MOVES, Act
from gateway.operations.orders import Expected
from retry_queue.states import State

BodyT = TypeVar("BodyT", bound=BaseModel)

REASON_BYTES_MAX: Final = 8_192
POSITION_MAX: Final = 2**63 - 1
"""What the databases count up to."""


class Reason(BaseModel):
    """Why; kept with the act."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    reason: str = Field(min_length=3, max_length=500, description="Lý do: why, for whoever reads it later.")


class ExpectedBody(BaseModel):
    """How the delivery looked when the operator decided; what differs refuses the act."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: State | None = Field(None, description="Trạng thái: the state that was shown.")
    fence: int | None = Field(None, ge=0, description="Grows with each attempt; as it was shown.")
    version: int | None = Field(None, ge=1, description="Phiên bản: of the content, as it was shown.")

    def as_seen(self) -> Expected:
        """As operations take it."""
        return Expected(self.state, self.fence, self.version)


class ActBody(Reason):
    """An act on one delivery."""

    expected: ExpectedBody = ExpectedBody()
    evidence: str = Field(
        "",
        max_length=2_000,
        description="Bằng chứng: what was seen at the destination, or which paper says it; to confirm.",
    )
    reference: str | None = Field(
        None, max_length=200, description="Số tiếp nhận: the destination's own number, if there is one."
    )


class Page(BaseModel):
    """Which deliveries to list."""

    model_config = ConfigDict(frozen=True)
    destination: Destination | None = None
    state: State | None = None
    after: int = 0
    limit: int = 100


DeliveryView = Mapping[str, Any]
ListDeliveries = Callable[[Page, Caller], Mapping[str, Any]]
PerformAct = Callable[[DeliveryId, Act, ActBody, Caller, str], DeliveryView | None]
Decide = Callable[[DeliveryId, Caller], DeliveryView | None]
Summarize = Callable[[Caller], Mapping[str, Any]]

_MEANINGS: Final = {
    Act.RETRY: "Try one delivery again now (thử lại)",
    Act.RELEASE: "Let one held delivery go on (cho đi tiếp)",
    Act.HOLD: "Stop one delivery until somebody decides (giữ lại)",
    Act.CANCEL: "Withdraw one delivery that was never sent (hủy)",
    Act.CONFIRM_DELIVERED: "A person has seen that the destination has it (xác nhận đã đến)",
    Act.CONFIRM_ABSENT: "A person has seen that the destination does not have it (xác nhận chưa đến)",
}
IDEMPOTENCY_KEY: Final = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")


@cache
def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """How OpenAPI is told of a body that we read ourselves; made once for each model, to be read only."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs", {})
    content = {"application/json": {"schema": _inlined(schema, inner)}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(node: Any, inner: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(node, dict):
        name = str(node.get("$ref", "")).rpartition("/")[2]
        found = {key: value for key, value in node.items() if key != "$ref"}
        return {key: _inlined(value, inner) for key, value in {**inner.get(name, {}), **found}.items()}
    return [_inlined(part, inner) for part in node] if isinstance(node, list) else node


REASON_BODY: Final = json_body(Reason)


def delivery_router(
    list_deliveries: ListDeliveries,
    summarize: Summarize,
    perform: PerformAct,
    decide: Decide,
    page_size_max: int,
    body_seconds_max: float,
) -> APIRouter:
    """The operators' paths."""
    router = APIRouter(prefix="/api/v1/deliveries", tags=["operations"])

    @router.get("", summary="Deliveries by destination and state (danh sách lần chuyển)")
    async def listing(
        caller: Operator,
        destination: Destination | None = None,
        state: State | None = None,
        after: Annotated[
            int, Query(ge=0, le=POSITION_MAX, description="`next_after` of an earlier page.")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows of the page.")] = 100,
    ) -> JSONResponse:
        page = Page(destination=destination, state=state, after=after, limit=limit)
        return JSONResponse(dict(await run_in_threadpool(list_deliveries, page, caller)))

    @router.get("/summary", summary="How many stand where, what is late, who must decide (tổng quan)")
    async def summary(caller: Operator) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(summarize, caller)))

    @router.get("/{delivery_id}", summary="Everything needed to decide about one delivery (hồ sơ quyết định)")
    async def one(caller: Operator, delivery_id: str) -> JSONResponse:
        page = await run_in_threadpool(decide, delivery_id_of(delivery_id), caller)
        if page is None:
            raise Problem("not_found")
        return JSONResponse(dict(page))

    for act in MOVES:
        _add_act(router, act, perform, ReadLimits(REASON_BYTES_MAX, body_seconds_max))
    return router


def _add_act(router: APIRouter, act: Act, perform: PerformAct, limits: ReadLimits) -> None:
    @router.post(
        "/{delivery_id}/" + act.value,
        name=act.value,
        summary=_MEANINGS[act],
        openapi_extra=json_body(ActBody),
    )
    async def run(caller: Operator, delivery_id: str, request: Request) -> JSONResponse:
        # Read by ourselves: the framework would read a body of any size, and before it asks who is calling.
        body = body_in(ActBody, await read_body(request, limits))
        wished = delivery_id_of(delivery_id)
        done = await run_in_threadpool(perform, wished, act, body, caller, request_id_in(request))
        if done is None:
            raise Problem("not_found")
        return JSONResponse(dict(done))


def reason_in(body: bytes) -> str:
    """The reason of an act. Raises an `invalid_parameter` problem."""
    return body_in(Reason, body).reason


def request_id_in(request: Request) -> str:
    """The caller's `Idempotency-Key`, or a new one. Raises an `invalid_parameter` problem."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return f"once-{uuid4().hex}"
    if IDEMPOTENCY_KEY.fullmatch(given) is None:
        fault = {"loc": ("header", "idempotency-key"), "type": "string_pattern_mismatch"}
        raise parameter_problem([{**fault, "msg": "1 to 200 printable characters"}])
    return given


def body_in(model: type[BodyT], body: bytes) -> BodyT:
    """The body of an act. Raises an `invalid_parameter` problem."""
    try:
        return model.model_validate_json(body)
    except ValidationError as invalid:
        faults = invalid.errors(include_input=False, include_url=False)
        raise parameter_problem({**fault, "loc": ("body", *fault["loc"])} for fault in faults) from None
