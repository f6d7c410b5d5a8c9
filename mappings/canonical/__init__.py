"""The canonical event: the one model that all parties are translated into (sự kiện hộ tịch)."""

from mappings.canonical.event import (
    EVENT_TYPES,
    AnyEvent,
    Birth,
    CanonicalEvent,
    CivilEvent,
    Death,
    DeathFacts,
    Marriage,
    dump_event,
    parse_event,
)
from mappings.canonical.facts import (
    ATTACHMENT_BYTES_MAX,
    VIETNAM_TIME,
    Attachment,
    BirthFacts,
    DeathNotice,
    Dossier,
    EntryIdentity,
    MultipleBirth,
    Official,
    Registration,
)
from mappings.canonical.identity_paper import IdentityPaper
from mappings.canonical.name import PersonName
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Child, Deceased, Parent, Person, Requester, Residence, Spouse
from mappings.canonical.place import Place
from mappings.canonical.schema import json_schema, sample_event
from mappings.canonical.violations import WORDINGS, Wording

__all__ = [
    "ATTACHMENT_BYTES_MAX",
    "EVENT_TYPES",
    "VIETNAM_TIME",
    "WORDINGS",
    "AnyEvent",
    "Attachment",
    "Birth",
    "BirthFacts",
    "CanonicalEvent",
    "Child",
    "CivilEvent",
    "Death",
    "DeathFacts",
    "DeathNotice",
    "Deceased",
    "Dossier",
    "EntryIdentity",
    "IdentityPaper",
    "Marriage",
    "MultipleBirth",
    "Official",
    "Parent",
    "PartialDate",
    "Person",
    "PersonName",
    "Place",
    "Registration",
    "Requester",
    "Residence",
    "Spouse",
    "Wording",
    "dump_event",
    "json_schema",
    "parse_event",
    "sample_event",
]
