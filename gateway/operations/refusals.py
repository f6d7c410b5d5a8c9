"""Why an operator's wish was not carried out, under a code of the catalogue."""

from collections.abc import Iterable

from gateway.errors import GatewayError
from gateway.model.submission import Violation


class ActRefused(GatewayError):
    """What the operator asked for was not done."""

    def __init__(self, code: str, *, errors: Iterable[Violation] = (), **details: object) -> None:
        super().__init__(**details)
        self.code = code
        """A row of `gateway.error_codes`."""
        self.errors = tuple(errors)
        """Each fault of what was handed in."""
