"""`hotich-gateway queue retry|release|hold|cancel|confirm-…`: what an operator does at the command line."""

from collections.abc import Callable
from typing import Annotated

import typer

from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.commands.acting import (
    DeliveryArgument,
    ExpectFence,
    ExpectState,
    Reason,
    RequestOption,
    as_document,
    asker,
    carried_out,
    expected,
    operating,
)
from gateway.commands.context import Context
from gateway.commands.output import AsJson, print_json
from gateway.model.ids import DeliveryId, Destination
from gateway.model.operating import Act
from gateway.operations.destination_acts import DestinationActs
from gateway.operations.orders import Asker, Expected, Order

Target = Annotated[str, typer.Argument(help="Id of a delivery, or the name of a destination.")]
Evidence = Annotated[
    str,
    typer.Option(
        "--evidence", help="What was seen at the destination, or which paper says it; kept with the act."
    ),
]
Reference = Annotated[str | None, typer.Option("--reference", help="The destination's own number for it.")]
DESTINATIONS = frozenset(each.value for each in Destination)


def release(
    target: Target,
    reason: Reason,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let a held delivery, or a stopped destination, go on; what may have been sent is asked about first.

    Example: hotich-gateway queue release national_registry --reason "credentials renewed"
    """
    who, wanted = asker(reason, request_id), expected(expect_state, expect_fence)
    if target in DESTINATIONS:
        _on_destination(
            target, who, lambda acts: acts.release(Destination(target), who.actor), as_json=as_json
        )
    else:
        _on_delivery(target, Act.RELEASE, who, wanted, as_json=as_json)


def retry(
    delivery_id: DeliveryArgument,
    reason: Reason,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Do not wait any longer for the next attempt of a deferred or held delivery.

    Example: hotich-gateway queue retry 0193b5f0-1111-7222-8333-444455556666 --reason "line repaired"
    """
    wanted = expected(expect_state, expect_fence)
    _on_delivery(delivery_id, Act.RETRY, asker(reason, request_id), wanted, as_json=as_json)


def hold(
    target: Target,
    reason: Reason,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Stop a delivery that no worker has, or everything to a destination.

    Example: hotich-gateway queue hold one_stop --reason "maintenance tonight"
    """
    who, wanted = asker(reason, request_id), expected(expect_state, expect_fence)
    if target in DESTINATIONS:
        _on_destination(target, who, lambda acts: acts.hold(Destination(target), who.actor), as_json=as_json)
    else:
        _on_delivery(target, Act.HOLD, who, wanted, as_json=as_json)


def cancel(
    delivery_id: DeliveryArgument,
    reason: Reason,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Withdraw a delivery that was never sent; what waits behind it goes on.

    Example: hotich-gateway queue cancel 0193b5f0-1111-7222-8333-444455556666 --reason "reported on paper"
    """
    wanted = expected(expect_state, expect_fence)
    _on_delivery(delivery_id, Act.CANCEL, asker(reason, request_id), wanted, as_json=as_json)


def confirm_delivered(
    delivery_id: DeliveryArgument,
    reason: Reason,
    evidence: Evidence,
    reference: Reference = None,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Somebody has seen that the destination has it: it is done and is not sent again.

    Example: hotich-gateway queue confirm-delivered 0193b5f0-1111-7222-8333-444455556666
    --reason "asked by telephone" --evidence "officer on duty read entry 41 to me, 14:20"
    """
    wanted = expected(expect_state, expect_fence)
    proof = (evidence, reference)
    who = asker(reason, request_id)
    _on_delivery(delivery_id, Act.CONFIRM_DELIVERED, who, wanted, proof, as_json=as_json)


def confirm_absent(
    delivery_id: DeliveryArgument,
    reason: Reason,
    evidence: Evidence,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Somebody has seen that the destination does not have it: it is sent without asking.

    Example: hotich-gateway queue confirm-absent 0193b5f0-1111-7222-8333-444455556666
    --reason "asked by telephone" --evidence "no such entry, officer on duty, 14:20"
    """
    wanted = expected(expect_state, expect_fence)
    who = asker(reason, request_id)
    _on_delivery(delivery_id, Act.CONFIRM_ABSENT, who, wanted, (evidence, None), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the acts to the commands of the queue."""
    for act in (release, retry, hold, cancel):
        app.command()(act)
    app.command("confirm-delivered")(confirm_delivered)
    app.command("confirm-absent")(confirm_absent)


def _on_delivery(
    target: str,
    act: Act,
    who: Asker,
    wanted: Expected,
    proof: tuple[str, str | None] = ("", None),
    *,
    as_json: bool,
) -> None:
    order = Order(DeliveryId(target), act, who, wanted, *proof)
    with operating() as (parts, _, context):
        performed = carried_out(target, lambda: parts.acts.perform(order, context.clock()))
    document = as_document(performed.act)
    if as_json:
        print_json({**document, "state": document["after_state"], "is_repeat": performed.is_repeat})
    else:
        repeated = " (done before)" if performed.is_repeat else ""
        typer.echo(f"{target}: {document['after_state']}{repeated}")


def _on_destination(
    target: str, who: Asker, act: Callable[[DestinationActs[StoreTransaction]], object], *, as_json: bool
) -> None:
    context = Context.from_environment()
    with context.stores() as stores:
        after = as_document(act(_destination_acts(stores)))
    if as_json:
        print_json(after)
    else:
        typer.echo(f"{target}: {after.get('hold_reason') or 'open'} ({who.actor})")


def _destination_acts(stores: Stores) -> DestinationActs[StoreTransaction]:
    return DestinationActs(stores.database, stores.queue, _workers_poll)


def _workers_poll() -> None:
    """The gateway is another process: its workers look by themselves within a second."""
