"""The state table as a picture, so that no drawing can disagree with it."""

from retry_queue.states import ENTRY_STATES, FINAL, TRANSITIONS, State


def mermaid() -> str:
    """A Mermaid state diagram; causes that share an arrow stand together."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for each in TRANSITIONS:
        arrows.setdefault((each.before, each.after), []).append(each.cause.value)
    entries = [f"    [*] --> {state.value}" for state in sorted(ENTRY_STATES)]
    middle = [
        f"    {before.value} --> {after.value}: {', '.join(causes)}"
        for (before, after), causes in arrows.items()
    ]
    ends = [f"    {state.value} --> [*]" for state in sorted(FINAL)]
    return "\n".join(["stateDiagram-v2", *entries, *middle, *ends])
