"""`hotich-gateway questions …`: what only a person can decide, with both sides, and the answer."""

import json
from typing import Annotated, Any

import typer

from gateway.api.question_views import shown_answer, shown_page
from gateway.bootstrap.questions import build_question_desk
from gateway.commands.acting import Reason, RequestOption, as_document, asker, carried_out, operating
from gateway.commands.edits import pairs_of
from gateway.commands.output import AsJson, print_json, print_table, say
from gateway.model.ids import EventId
from gateway.model.questioning import QuestionId, QuestionKind, QuestionState
from gateway.operations.question_desk import Reply
from gateway.operations.question_items import Wanted
from gateway.storage.ports import EventOrigin

app = typer.Typer(no_args_is_help=True, help="Questions that only a person can answer (câu hỏi chờ trả lời).")

QuestionArgument = Annotated[str, typer.Argument(help="Id of a question.")]
_PAGE: int = 200


@app.command("list", epilog="Example: hotich-gateway questions list --kind duplicate --json")
def list_questions(
    state: Annotated[QuestionState, typer.Option(help="Only these.")] = QuestionState.OPEN,
    kind: Annotated[QuestionKind | None, typer.Option(help="Only this kind.")] = None,
    authority: Annotated[str | None, typer.Option(help="Only of this office.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """Stored questions first, then those of deliveries; each with its due time, which no question moves."""
    wanted = Wanted(state, kind, authority)
    rows: list[dict[str, Any]] = []
    with operating() as (parts, stores, context):
        inbox = build_question_desk(stores, parts, context.random_bytes, _nothing).inbox
        after: str | None = None
        while len(rows) < limit:
            scan = inbox.list_page(wanted, after, _PAGE, _sees_all, context.clock())
            rows += [as_document(item) for item in scan.items]
            after = scan.next_after
            if after is None:
                break
    rows = rows[:limit]
    if as_json:
        print_json({"questions": rows})
        return
    columns = ("question_id", "kind", "event_type", "authority_code", "reason", "due_at", "seconds_left")
    shown = [{**row, "seconds_left": round(row["seconds_left"])} for row in rows]
    print_table("Questions", columns, ([row[name] for name in columns] for row in shown))


@app.command(epilog="Example: hotich-gateway questions show 0193b5f0-1111-7222-8333-444455556666")
def show(question_id: QuestionArgument, *, as_json: AsJson = False) -> None:
    """Both sides next to each other, what differs marked, and what may be answered."""
    with operating() as (parts, stores, context):
        inbox = build_question_desk(stores, parts, context.random_bytes, _nothing).inbox
        page = carried_out(
            question_id, lambda: inbox.get(QuestionId(question_id), _sees_all, context.clock())
        )
    document = dict(shown_page(page))
    if as_json:
        print_json(document)
        return
    say(f"{document['kind']} ({document['state']}): {document['question']['vi']}")
    say(document["question"]["en"])
    say(f"due {document['due_at']}, {document['seconds_left']:.0f} seconds left")
    for other in document["others"]:
        say(f"{other['choice']}: {other['authority_code']}, registered {other['registered_at']}")
        say(f"  {other['meaning']['vi']} {other['meaning']['en']}")
        columns = ("", "field", "this event", "earlier event")
        print_table("Both sides", columns, map(_pair, other["fields"]))
    for place in document["places"]:
        say(f"{place['pointer']}: {place['old_code']} {place['old_name']}, {place['detail'] or ''}")
    if document["decision"] is not None:
        say(f"What was sent and said: hotich-gateway queue show {document['delivery_id']}")
    columns = ("answer", "unit", "what follows", "needs")
    print_table("Allowed answers", columns, map(_choice, document["allowed"]))


@app.command(
    epilog="Example: hotich-gateway questions answer 0193b5f0-… two_events --reason 'compared both books'"
)
def answer(
    question_id: QuestionArgument,
    what: Annotated[str, typer.Argument(metavar="ANSWER", help="One of those that `show` names.")],
    reason: Reason,
    *,
    same_as: Annotated[
        str | None, typer.Option("--same-as", help="Which earlier event, if there are several.")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="For use_unit: the code.")] = None,
    pointer: Annotated[str | None, typer.Option("--pointer", help="For use_unit: which place.")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="For edit: POINTER=VALUE; may be repeated.")
    ] = None,
    evidence: Annotated[str, typer.Option("--evidence", help="To confirm: what was seen there.")] = "",
    reference: Annotated[
        str | None, typer.Option("--reference", help="The destination's own number for it.")
    ] = None,
    request_id: RequestOption = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question; what waited for it goes on or is cancelled at once."""
    reply = Reply(
        question_id=QuestionId(question_id),
        answer=what,
        asker=asker(reason, request_id),
        same_as=None if same_as is None else EventId(same_as),
        unit_code=unit,
        pointer=pointer,
        values=pairs_of(values) if values else None,
        evidence=evidence,
        reference=reference,
    )
    with operating() as (parts, stores, context):
        desk = build_question_desk(stores, parts, context.random_bytes, _nothing)
        done = carried_out(question_id, lambda: desk.answer(reply, _sees_all, context.clock()))
    document = shown_answer(reply.question_id, what, done)
    if as_json:
        print_json(document)
    else:
        say(f"{question_id}: {document['status']} ({what})")


def _pair(pair: dict[str, Any]) -> tuple[str, str, str, str]:
    sides = ("" if pair[side] is None else json.dumps(pair[side], ensure_ascii=False) for side in _SIDES)
    ours, theirs = sides
    return "≠" if pair["differs"] else "", pair["pointer"], ours, theirs


def _choice(choice: dict[str, Any]) -> tuple[str, str, str, str]:
    unit = "" if choice["unit_code"] is None else f"{choice['unit_code']} {choice['unit_name']}"
    told = f"{choice['consequence']['vi']} {choice['consequence']['en']}"
    return choice["answer"], unit, told, ", ".join(choice["needs"])


_SIDES = ("ours", "theirs")


def _sees_all(_origin: EventOrigin) -> bool:
    """Whoever may run commands on this machine may read its database."""
    return True


def _nothing() -> None:
    """The workers look within a second."""
