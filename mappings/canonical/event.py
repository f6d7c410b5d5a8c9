"""Every type of event by its name: the registry of the matters (các loại sự kiện hộ tịch)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field, TypeAdapter

from mappings.canonical.adoption import DomesticAdoption
from mappings.canonical.birth import Birth, BirthWithRecognition
from mappings.canonical.certificate import ExtractCopy, InformationConfirmation, MaritalStatusCertificate
from mappings.canonical.change import CivilStatusChange
from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.death import Death, DeathFacts
from mappings.canonical.decision import CertificateRevocation, CourtDecision
from mappings.canonical.foreign_note import ForeignActNote, ForeignDivorceNote
from mappings.canonical.guardianship import (
    GuardianshipChange,
    GuardianshipEnd,
    GuardianshipStart,
    GuardianshipSupervisionEnd,
    GuardianshipSupervisionStart,
)
from mappings.canonical.marriage import Marriage
from mappings.canonical.parent_child import ParentChildRecognition

__all__ = [
    "EVENT_TYPES",
    "AnyEvent",
    "Birth",
    "CanonicalEvent",
    "CivilEvent",
    "Death",
    "DeathFacts",
    "Marriage",
    "dump_event",
    "parse_event",
]

AnyEvent: TypeAlias = (
    Birth
    | BirthWithRecognition
    | Marriage
    | Death
    | GuardianshipStart
    | GuardianshipEnd
    | GuardianshipChange
    | GuardianshipSupervisionStart
    | GuardianshipSupervisionEnd
    | ParentChildRecognition
    | CivilStatusChange
    | CourtDecision
    | ForeignActNote
    | ForeignDivorceNote
    | MaritalStatusCertificate
    | ExtractCopy
    | InformationConfirmation
    | DomesticAdoption
    | CertificateRevocation
)
CanonicalEvent: TypeAlias = Annotated[AnyEvent, Field(discriminator="event_type")]
EVENT_TYPES: Final[Mapping[str, type[AnyEvent]]] = MappingProxyType(
    {
        "birth": Birth,
        "birth_with_recognition": BirthWithRecognition,
        "marriage": Marriage,
        "death": Death,
        "guardianship_start": GuardianshipStart,
        "guardianship_end": GuardianshipEnd,
        "guardianship_change": GuardianshipChange,
        "guardianship_supervision_start": GuardianshipSupervisionStart,
        "guardianship_supervision_end": GuardianshipSupervisionEnd,
        "parent_child_recognition": ParentChildRecognition,
        "civil_status_change": CivilStatusChange,
        "court_decision": CourtDecision,
        "foreign_act_note": ForeignActNote,
        "foreign_divorce_note": ForeignDivorceNote,
        "marital_status_certificate": MaritalStatusCertificate,
        "extract_copy": ExtractCopy,
        "information_confirmation": InformationConfirmation,
        "domestic_adoption": DomesticAdoption,
        "certificate_revocation": CertificateRevocation,
    }
)

_ADAPTER: Final[TypeAdapter[AnyEvent]] = TypeAdapter(CanonicalEvent)


def parse_event(value: object) -> AnyEvent:
    """Read an event from plain values, as a JSON reader gives them.

    Raises:
        pydantic.ValidationError: everything that shape, format and calendar have against it.

    """
    return _ADAPTER.validate_python(value)


def dump_event(event: AnyEvent) -> dict[str, Any]:
    """Write an event as plain JSON values, without the fields that hold nothing."""
    return event.model_dump(mode="json", exclude_none=True)
