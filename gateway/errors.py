"""Everything the house itself can raise.

GatewayError
├── SettingsInvalid     a setting is missing or wrong; names it, its unit and an example
├── EventNotFound, DeliveryNotFound, ClientNotFound
├── ClientNameTaken
├── RequestRepeated     this actor has used this request id already; look at what it led to
├── IdentityTaken       another submission took one of the identities first; look again
├── CursorInvalid       a feed cursor is not one of ours
├── IntakeUnavailable   the intake writer cannot commit now; nothing was accepted
├── DeliveredElsewhere  another gateway, or a process that it left, delivers from this SQLite file
└── StorageUnavailable  the database cannot be reached
"""


class GatewayError(Exception):
    """Something the gateway can name went wrong."""

    def __init__(self, **details: object) -> None:
        super().__init__(self.__doc__)
        self.details = details

    def __str__(self) -> str:
        """The meaning, then the attributes."""
        named = ", ".join(f"{key}={value!r}" for key, value in self.details.items())
        return f"{self.__doc__} ({named})" if named else str(self.__doc__)


class SettingsInvalid(GatewayError):
    """A setting is missing or wrong."""


class EventNotFound(GatewayError):
    """There is no such event."""


class DeliveryNotFound(GatewayError):
    """There is no such delivery."""


class ClientNotFound(GatewayError):
    """There is no such client."""


class ClientNameTaken(GatewayError):
    """A client of this name exists."""


class RequestRepeated(GatewayError):
    """This request id was used already; look at what it led to."""


class IdentityTaken(GatewayError):
    """Another submission took one of the identities first."""


class CursorInvalid(GatewayError):
    """This is not a cursor of the change feed."""


class IntakeUnavailable(GatewayError):
    """Nothing can be accepted at the moment; send again later, nothing was stored."""


class DeliveredElsewhere(GatewayError):
    """Another gateway still delivers from this SQLite file: stop it, or look for processes it has left."""


class StorageUnavailable(GatewayError):
    """The database cannot be reached."""
