"""`hotich-gateway queue retry|release|hold|cancel`: what an operator does at the command line."""

import getpass
from collections.abc import Callable
from typing import Annotated, Any, cast

import typer

from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_json
from gateway.errors import DeliveryNotFound
from gateway.model.ids import Destination
from gateway.operations.acts import Acts
from gateway.operations.destination_acts import DestinationActs
from gateway.operations.plain import plain
from retry_queue.errors import NotAllowed
from retry_queue.job import JobId

DeliveryId = Annotated[str, typer.Argument(help="Id of a delivery.")]
Target = Annotated[str, typer.Argument(help="Id of a delivery, or the name of a destination.")]
Reason = Annotated[
    str,
    typer.Option("--reason", help="Why; kept with the act on a delivery, only asked for with a destination."),
]
REASON_CHARACTERS_MIN = 3
DESTINATIONS = frozenset(each.value for each in Destination)


def release(target: Target, reason: Reason, *, as_json: AsJson = False) -> None:
    """Let a held delivery, or a stopped destination, go on; what may have been sent is asked about first.

    Example: hotich-gateway queue release national_registry --reason "credentials renewed"
    """
    context = Context.from_environment()
    with context.stores() as stores:
        if target in DESTINATIONS:
            acts = _destination_acts(stores)
            _do(target, reason, lambda who: acts.release(Destination(target), who), as_json=as_json)
        else:
            acts_on_one, now = _acts(stores), context.clock()
            _do(
                target,
                reason,
                lambda who: acts_on_one.release(JobId(target), reason, who, now),
                as_json=as_json,
            )


def retry(delivery_id: DeliveryId, reason: Reason, *, as_json: AsJson = False) -> None:
    """Do not wait any longer for the next attempt of a deferred or held delivery.

    Example: hotich-gateway queue retry 0193b5f0-1111-7222-8333-444455556666 --reason "line repaired"
    """
    context = Context.from_environment()
    with context.stores() as stores:
        acts, now = _acts(stores), context.clock()
        _do(
            delivery_id,
            reason,
            lambda who: acts.release(JobId(delivery_id), reason, who, now),
            as_json=as_json,
        )


def hold(target: Target, reason: Reason, *, as_json: AsJson = False) -> None:
    """Stop a delivery that no worker has, or everything to a destination.

    Example: hotich-gateway queue hold one_stop --reason "maintenance tonight"
    """
    context = Context.from_environment()
    with context.stores() as stores:
        if target in DESTINATIONS:
            acts = _destination_acts(stores)
            _do(target, reason, lambda who: acts.hold(Destination(target), who), as_json=as_json)
        else:
            acts_on_one, now = _acts(stores), context.clock()
            _do(
                target, reason, lambda who: acts_on_one.hold(JobId(target), reason, who, now), as_json=as_json
            )


def cancel(delivery_id: DeliveryId, reason: Reason, *, as_json: AsJson = False) -> None:
    """Withdraw a delivery that was never sent; what waits behind it goes on.

    Example: hotich-gateway queue cancel 0193b5f0-1111-7222-8333-444455556666 --reason "reported on paper"
    """
    context = Context.from_environment()
    with context.stores() as stores:
        acts, now = _acts(stores), context.clock()
        _do(
            delivery_id,
            reason,
            lambda who: acts.cancel(JobId(delivery_id), reason, who, now),
            as_json=as_json,
        )


def register(app: typer.Typer) -> None:
    """Add the acts to the commands of the queue."""
    for act in (release, retry, hold, cancel):
        app.command()(act)


def _do(target: str, reason: str, act: Callable[[str], object], *, as_json: bool) -> None:
    """Do it in the name of whoever is logged in, and show what it led to."""
    if len(reason.strip()) < REASON_CHARACTERS_MIN:
        fail(f"--reason: at least {REASON_CHARACTERS_MIN} characters. (Lý do: ít nhất 3 ký tự.)", exit_code=2)
    try:
        after = cast("dict[str, Any]", plain(act(f"command line: {getpass.getuser()}")))
    except NotAllowed as refused:
        fail(f"{target} is {refused.state.value}: not possible now. (Trạng thái hiện tại không cho phép.)")
    except DeliveryNotFound:
        fail(f"No delivery or destination {target}. (Không có lần chuyển hay hệ thống đích này.)")
    if as_json:
        print_json(after)
    else:
        typer.echo(f"{target}: {after.get('state') or after.get('hold_reason') or 'open'}")


def _acts(stores: Stores) -> Acts[StoreTransaction]:
    return Acts(stores.database, stores.deliveries, stores.queue, stores.feed, _workers_poll)


def _destination_acts(stores: Stores) -> DestinationActs[StoreTransaction]:
    return DestinationActs(stores.database, stores.queue, _workers_poll)


def _workers_poll() -> None:
    """The gateway is another process: its workers look by themselves within a second."""
