"""What the gateway must answer the communes: receipts, refusals that name each fault, conflicts."""

from collections.abc import Sequence
from http import HTTPStatus

from simulators.demo.posting import Outbox
from simulators.demo.verdict import Intake
from simulators.local_registry.mistakes import Mistakes
from simulators.local_registry.soap_client import WAY as SOAP
from simulators.local_registry.township import Registered


def count_intake(outbox: Outbox) -> Intake:
    """Count what was answered."""
    first = {name: posted.answer.content for name, posted in outbox.events.items()}
    same = [each for each in outbox.repeats if each.answer.content == first[each.source_event_id]]
    named = sum(len(each.answer.body.get("errors", ())) for each in outbox.broken)
    return Intake(
        posted=len(outbox.events) + len(outbox.broken) + len(outbox.repeats) + len(outbox.conflicts),
        accepted=len(outbox.accepted),
        accepted_over_soap=sum(each.answer.way == SOAP for each in outbox.accepted.values()),
        refused_over_soap=sum(each.answer.way == SOAP for each in outbox.broken),
        refused_messages=len(outbox.broken),
        faults_named=named,
        repeats=len(outbox.repeats),
        repeats_with_first_receipt=len(same),
        conflicts=sum(each.answer.status == HTTPStatus.CONFLICT for each in outbox.conflicts),
    )


def check_answers(registered: Sequence[Registered], outbox: Outbox, mistakes: Mistakes) -> list[str]:
    """Everything in the answers that should not be."""
    wrong = [f"{name}: the gateway gave no answer" for name in outbox.unanswered]
    accepted = outbox.accepted
    for event in registered:
        posted = outbox.events.get(event.source_event_id)
        if posted is None:
            wrong.append(f"{event.source_event_id}: not answered")
        elif event.source_event_id not in accepted:
            code = posted.answer.body.get("code", "")
            wrong.append(
                f"{event.source_event_id}: a good message was answered {posted.answer.status} {code}"
            )
    return [*wrong, *_check_broken(outbox, mistakes), *_check_repeats(outbox, mistakes)]


def _check_broken(outbox: Outbox, mistakes: Mistakes) -> list[str]:
    wrong = []
    if len(outbox.broken) != len(mistakes.broken):
        wrong.append(f"{len(mistakes.broken) - len(outbox.broken)} broken messages were not answered")
    for each in outbox.broken:
        named = {str(error.get("pointer")) for error in each.answer.body.get("errors", ())}
        silent = sorted(each.broken.pointers - named)
        if each.answer.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            wrong.append(f"a broken message was answered {each.answer.status} instead of 422")
        elif silent:
            wrong.append(f"a refusal does not name {', '.join(silent)}")
    return wrong


def _check_repeats(outbox: Outbox, mistakes: Mistakes) -> list[str]:
    wrong = []
    if len(outbox.repeats) != len(mistakes.repeated):
        wrong.append("not every repeat was answered")
    for each in outbox.repeats:
        first = outbox.events[each.source_event_id].answer
        if each.answer.status != HTTPStatus.OK or each.answer.content != first.content:
            wrong.append(f"{each.source_event_id}: the same message again did not bring the first receipt")
    wrong += [
        f"{each.source_event_id}: a conflict was answered {each.answer.status}, not 409"
        for each in outbox.conflicts
        if each.answer.status != HTTPStatus.CONFLICT
    ]
    return wrong
