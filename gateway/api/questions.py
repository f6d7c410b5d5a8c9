"""Questions that only a person can answer: list, look at both sides, answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import ExpectedBody, Reason, body_in, json_body, request_id_in
from gateway.api.identifiers import question_id_of
from gateway.model.questioning import QuestionId, QuestionKind, QuestionState

_BODY_BYTES_MAX: Final = 16_384
_UUID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class AnswerBody(Reason):
    """An answer, with whatever it needs; `allowed` of the question says what that is."""

    answer: str = Field(
        min_length=1, max_length=50, description="Câu trả lời: one of the question's `allowed`."
    )
    same_as: str | None = Field(
        None, pattern=_UUID, description="Trùng với: the `choice` of the earlier event, if there are several."
    )
    unit_code: str | None = Field(
        None, max_length=10, description="Mã đơn vị: for `use_unit`, one of those offered."
    )
    pointer: str | None = Field(
        None, max_length=200, description="For `use_unit`: which place, where several are in doubt."
    )
    set: dict[str, Any] | None = Field(None, description="For `edit`: JSON Pointer -> new value.")
    evidence: str = Field(
        "", max_length=2_000, description="Bằng chứng: to confirm an arrival or its absence."
    )
    reference: str | None = Field(None, max_length=200, description="Số tiếp nhận: the destination's number.")
    expected: ExpectedBody = ExpectedBody()


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Which questions to list."""

    state: QuestionState | None
    kind: QuestionKind | None
    authority: str | None
    after: str | None
    limit: int


View = Mapping[str, Any]
ListQuestions = Callable[[QuestionList, Caller], View]
ShowQuestion = Callable[[QuestionId, Caller], View]
AnswerQuestion = Callable[[QuestionId, AnswerBody, Caller, str], View]


def question_router(
    listing: ListQuestions,
    show: ShowQuestion,
    answer: AnswerQuestion,
    page_size_max: int,
    body_seconds_max: float,
) -> APIRouter:
    """The operators' inbox."""
    router = APIRouter(prefix="/api/v1/questions", tags=["operations"])
    limits = ReadLimits(_BODY_BYTES_MAX, body_seconds_max)

    @router.get("", summary="Questions that wait for a person (câu hỏi chờ người có thẩm quyền)")
    async def all_of_them(
        caller: Operator,
        state: Annotated[
            QuestionState | None,
            Query(description="Default: open. `answered` tells what was decided, by whom and why."),
        ] = QuestionState.OPEN,
        kind: QuestionKind | None = None,
        authority: Annotated[
            str | None, Query(pattern=r"^[0-9A-Z]{2,7}$", description="Of the office whose event waits.")
        ] = None,
        after: Annotated[
            str | None, Query(max_length=64, description="`next_after` of an earlier page.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows looked at.")] = 100,
    ) -> JSONResponse:
        wanted = QuestionList(state, kind, authority, after, limit)
        return JSONResponse(dict(await run_in_threadpool(listing, wanted, caller)))

    @router.get("/{question_id}", summary="One question, both sides next to each other (xem câu hỏi)")
    async def one(caller: Operator, question_id: str) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(show, question_id_of(question_id), caller)))

    @router.post(
        "/{question_id}/answer",
        summary="Answer one question (trả lời câu hỏi)",
        openapi_extra=json_body(AnswerBody),
    )
    async def reply(caller: Operator, question_id: str, request: Request) -> JSONResponse:
        body = body_in(AnswerBody, await read_body(request, limits))
        wished, request_id = question_id_of(question_id), request_id_in(request)
        return JSONResponse(dict(await run_in_threadpool(answer, wished, body, caller, request_id)))

    return router
