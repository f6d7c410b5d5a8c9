"""The whole model as text, and what must hold in every state that can be reached."""

from dataclasses import dataclass

from retry_queue.model_check.commands import (
    ACTS_MAX,
    ANNOUNCED,
    JOBS,
    RESULTS,
    STATES,
    WORKERS,
    Flaws,
    commands,
)
from retry_queue.states import State

_FINAL = frozenset(state for state in State if state.is_final)


@dataclass(frozen=True, slots=True)
class World:
    """What is taken for granted about the surroundings."""

    name: str
    late: int
    """0: no worker outlives its lease. 1: only between the answer and the books. 2: at any moment, so that
    its message may arrive when nobody expects it any more."""
    idempotent: bool
    """The destination applies a request id once."""
    broken: tuple[str, ...]
    """The names of the properties that are checked in this world."""


@dataclass(frozen=True, slots=True)
class Property:
    """Something that must never be seen."""

    name: str
    sentence: str
    seen: str
    """A condition over the model's variables."""


def _of_each(condition: str) -> str:
    return " | ".join(f"({condition.format(job=job)})" for job in JOBS)


def _in(job: str, *states: State) -> str:
    return " | ".join(f"{job}={STATES.index(state)}" for state in states)


_DONE, _CANCELLED = STATES.index(State.DONE), STATES.index(State.CANCELLED)

PROPERTIES = (
    Property("twice", "A destination applied one job twice.", _of_each("{job}_applied>1")),
    Property(
        "lost",
        "A job is done, and the destination does not have it.",
        _of_each(f"{{job}}={_DONE} & {{job}}_applied=0"),
    ),
    Property(
        "withdrawn",
        "A job is cancelled, and the destination has it.",
        _of_each(f"{{job}}={_CANCELLED} & {{job}}_applied>0"),
    ),
    Property("disorder", "A follower arrived before its predecessor.", "disorder"),
    Property(
        "two_at_work",
        "Two workers are sending the same job.",
        f"w1={ANNOUNCED} & w2={ANNOUNCED} & ((w1_on_b & w2_on_b) | (!w1_on_b & !w2_on_b))",
    ),
    Property(
        "unannounced",
        "A job is unknown that was never announced.",
        _of_each(f"{{job}}={STATES.index(State.UNKNOWN)} & !{{job}}_sent"),
    ),
    Property(
        "forgotten",
        "A follower waits for a job that is final.",
        f"b={STATES.index(State.WAITING)} & ({_in('a', *sorted(_FINAL))})",
    ),
)
"""Each is a promise of the queue, turned round."""

_ALL = tuple(each.name for each in PROPERTIES)
WORLDS = (
    World("leases outlive workers", late=0, idempotent=False, broken=_ALL),
    World("a worker may be late with its books", late=1, idempotent=False, broken=_ALL),
    World(
        "a worker may be late with its message",
        late=2,
        idempotent=True,
        broken=("twice", "lost", "unannounced", "forgotten"),
    ),
)
"""A heart-beat keeps a lease up as long as the attempt lasts: the first two worlds. Where that fails, a
message may arrive after a person withdrew it or after its follower; only the destination's own memory of
request ids keeps it from being applied twice: the third world."""

SETTLED = " & ".join(
    f"({_in(job, State.DONE, State.CANCELLED, State.HELD)}"
    + (f" | (b={STATES.index(State.WAITING)} & a={STATES.index(State.HELD)}))" if job == "b" else ")")
    for job in JOBS
)
"""Done, withdrawn, or a person knows: from every state this must be within reach."""


NO_FLAWS = Flaws()


def text(flaws: Flaws = NO_FLAWS) -> str:
    """The model in the PRISM language: one module, no probabilities, every choice open."""
    legend = ", ".join(f"{number} {state.value}" for number, state in enumerate(STATES))
    lines = [
        "// Made by `python -m retry_queue.model_check --write` from states.py and moves.py; do not edit.",
        f"// States: {legend}.",
        "// Workers: 0 idle, 1 claimed, 2 announced, 3 answered.",
        f"// Results: {', '.join(f'{number} {result}' for number, result in enumerate(RESULTS))}.",
        "mdp",
        "",
        "const int late;",
        "const bool idempotent;",
        "",
        "module queue",
        *(line for job in JOBS for line in _job_variables(job)),
        *(line for worker in WORKERS for line in _worker_variables(f"w{worker}")),
        "  crashed : bool init false;",
        f"  acts : [0..{ACTS_MAX}] init 0;",
        "  disorder : bool init false;",
        "",
        *(command.text() for command in commands(flaws)),
        "endmodule",
        "",
        *(f'label "{each.name}" = {each.seen};' for each in PROPERTIES),
        f'label "settled" = {SETTLED};',
    ]
    return "\n".join(lines) + "\n"


def _job_variables(job: str) -> tuple[str, ...]:
    start = State.QUEUED if job == "a" else State.WAITING
    return (
        f"  {job} : [0..{len(STATES) - 1}] init {STATES.index(start)};",
        f"  {job}_sent : bool init false;",
        f"  {job}_owner : [0..{len(WORKERS)}] init 0;",
        f"  {job}_applied : [0..2] init 0;",
    )


def _worker_variables(w: str) -> tuple[str, ...]:
    return (
        f"  {w} : [0..3] init 0;",
        f"  {w}_on_b : bool init false;",
        f"  {w}_asks : bool init false;",
        f"  {w}_result : [0..{len(RESULTS) - 1}] init 0;",
    )
