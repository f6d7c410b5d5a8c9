"""A fault as the rules see it: a code, a place, the rule's own values; never a person's data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

Path = tuple[str | int, ...]
_TOKEN_CHARACTERS_MAX: Final = 100
"""A name that a sender made up may be of any length; an answer may not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, not yet put into words."""

    code: str
    path: Path
    values: Mapping[str, str | int] = field(default_factory=dict)


def pointer(path: Iterable[str | int]) -> str:
    """As JSON Pointer (RFC 6901)."""
    return "".join(f"/{_token(str(step))}" for step in path)


def field_name(path: Path) -> str:
    """The last name on the way; of a list's item, the list's."""
    names = [step for step in path if isinstance(step, str)]
    return names[-1][:_TOKEN_CHARACTERS_MAX] if names else ""


def _token(step: str) -> str:
    return step[:_TOKEN_CHARACTERS_MAX].replace("~", "~0").replace("/", "~1")
