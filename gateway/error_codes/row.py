"""One code of the catalogue."""

from dataclasses import dataclass

TYPE_PREFIX = "urn:hotich-gateway:problem:"
"""Problem types are names, not addresses: they stay the same wherever the gateway runs."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code and its HTTP status."""

    code: str
    status: int
    title_en: str
    title_vi: str
    remedy_en: str
    remedy_vi: str

    @property
    def type(self) -> str:
        """The stable `type` of its problem document (RFC 9457)."""
        return TYPE_PREFIX + self.code
