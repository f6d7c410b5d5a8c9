"""What all acts at the command line share: who acts, how a refusal is told, the parts that do it."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, NoReturn, TypeVar, cast
from uuid import uuid4

import typer

from gateway.bootstrap.operating import Operating, build_operating
from gateway.bootstrap.stores import Stores
from gateway.commands.context import Context
from gateway.commands.output import fail
from gateway.error_codes import get_code
from gateway.errors import DeliveryNotFound
from gateway.operations.orders import Asker, Expected
from gateway.operations.plain import plain
from gateway.operations.refusals import ActRefused
from retry_queue.errors import NotAllowed
from retry_queue.states import State

ResultT = TypeVar("ResultT")

DeliveryArgument = Annotated[str, typer.Argument(help="Id of a delivery.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the act.")]
RequestOption = Annotated[
    str | None,
    typer.Option("--request-id", help="A number of your own: the same number again is the same act."),
]
ExpectState = Annotated[
    State | None, typer.Option("--expect-state", help="Refuse if the delivery is no longer in this state.")
]
ExpectFence = Annotated[
    int | None, typer.Option("--expect-fence", help="Refuse if another attempt was made since.")
]
REASON_CHARACTERS_MIN = 3


@contextmanager
def operating() -> Iterator[tuple[Operating, Stores, Context]]:
    """The same acts as the API's; the gateway is another process, its workers look by themselves."""
    context = Context.from_environment()
    with context.stores() as stores:
        yield (
            build_operating(context.surroundings(), context.settings, stores, _workers_poll),
            stores,
            context,
        )


def asker(reason: str, request_id: str | None) -> Asker:
    """Whoever is logged in."""
    if len(reason.strip()) < REASON_CHARACTERS_MIN:
        fail(f"--reason: at least {REASON_CHARACTERS_MIN} characters. (Lý do: ít nhất 3 ký tự.)", exit_code=2)
    return Asker(actor(), reason.strip(), request_id or f"once-{uuid4().hex}")


def actor() -> str:
    """The name under which acts at this machine are kept."""
    return f"command line: {getpass.getuser()}"


def expected(state: State | None, fence: int | None) -> Expected:
    """How the delivery looked to whoever decided."""
    return Expected(state, fence)


def carried_out(target: str, act: Callable[[], ResultT]) -> ResultT:
    """Do it; a refusal ends the command with what is wrong and what to do, in both languages."""
    try:
        return act()
    except NotAllowed as refused:
        fail(f"{target} is {refused.state.value}: not possible now. (Trạng thái hiện tại không cho phép.)")
    except DeliveryNotFound:
        fail(f"No delivery or destination {target}. (Không có lần chuyển hay hệ thống đích này.)")
    except ActRefused as refused:
        _tell(refused)


def as_document(value: object) -> dict[str, Any]:
    """Plain JSON values."""
    return cast("dict[str, Any]", plain(value))


def instant(text: str | None) -> datetime | None:
    """ISO 8601 with an offset."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        fail("A time is written like 2026-11-22T14:00:00+07:00. (Thời điểm phải kèm múi giờ.)", exit_code=2)
    return found


def _tell(refused: ActRefused) -> NoReturn:
    row = get_code(refused.code)
    lines = [
        f"{refused.code}: {row.title_en}. ({row.title_vi}.)",
        f"  {row.remedy_en}",
        f"  {row.remedy_vi}",
        *(f"  {name}: {value}" for name, value in refused.details.items()),
        *(f"  {fault.pointer or '/'} [{fault.code}] {fault.message_en}" for fault in refused.errors),
        *(f"  {fault.pointer or '/'} [{fault.code}] {fault.message_vi}" for fault in refused.errors),
    ]
    fail("\n".join(lines))


def _workers_poll() -> None:
    """They look within a second."""
