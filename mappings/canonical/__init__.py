"""The canonical event: the one model that all parties are translated into (sự kiện hộ tịch)."""

from mappings.canonical.adoption import (
    AdoptionFacts,
    DomesticAdoption,
)
from mappings.canonical.birth import (
    Birth,
    BirthEvent,
    BirthWithRecognition,
)
from mappings.canonical.certificate import (
    CertificatePurpose,
    CertifiedPeriod,
    ConfirmationFacts,
    ExtractCopy,
    ExtractFacts,
    InformationConfirmation,
    IntendedSpouse,
    MaritalStatusCertificate,
    MaritalStatusFacts,
)
from mappings.canonical.change import (
    CivilStatusChange,
    FieldChange,
)
from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.death import (
    Death,
    DeathFacts,
)
from mappings.canonical.decision import (
    CertificateRevocation,
    CourtDecision,
    RevocationFacts,
)
from mappings.canonical.declaration import (
    DECLARATION,
    AnyStored,
    Declaration,
    OpenField,
    declared_name,
    dump_stored,
    matter_of,
    open_fields,
    parse_stored_json,
)
from mappings.canonical.earlier import (
    AmendedEntry,
    Amends,
    Decision,
    ForeignAct,
)
from mappings.canonical.event import (
    EVENT_TYPES,
    AnyEvent,
    CanonicalEvent,
    dump_event,
    parse_event,
)
from mappings.canonical.facts import (
    ATTACHMENT_BYTES_MAX,
    Attachment,
    BirthFacts,
    DeathNotice,
    Dossier,
    MultipleBirth,
)
from mappings.canonical.foreign_note import (
    ForeignActNote,
    ForeignDivorceNote,
)
from mappings.canonical.guardianship import (
    EndingFacts,
    GuardianshipChange,
    GuardianshipEnd,
    GuardianshipFacts,
    GuardianshipStart,
    GuardianshipSupervisionEnd,
    GuardianshipSupervisionStart,
    SupervisionFacts,
)
from mappings.canonical.identity_paper import IdentityPaper
from mappings.canonical.marriage import Marriage
from mappings.canonical.name import PersonName
from mappings.canonical.parent_child import (
    ParentChildRecognition,
    RecognitionFacts,
)
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import (
    Child,
    Deceased,
    Parent,
    Person,
    Requester,
    Residence,
    Spouse,
)
from mappings.canonical.place import Place
from mappings.canonical.registration import (
    VIETNAM_TIME,
    EntryIdentity,
    Official,
    Registration,
    SecondEntry,
)
from mappings.canonical.roles import (
    AdoptedChild,
    AdoptiveParent,
    CertifiedPerson,
    FormerSpouse,
    Guardian,
    RecognitionChild,
    RecognitionParent,
    RecognitionRequester,
    Subject,
    Supervisor,
    Ward,
)
from mappings.canonical.schema import (
    json_schema,
    sample_event,
)
from mappings.canonical.violations import (
    WORDINGS,
    Wording,
)

__all__ = [
    "ATTACHMENT_BYTES_MAX",
    "DECLARATION",
    "EVENT_TYPES",
    "VIETNAM_TIME",
    "WORDINGS",
    "AdoptedChild",
    "AdoptionFacts",
    "AdoptiveParent",
    "AmendedEntry",
    "Amends",
    "AnyEvent",
    "AnyStored",
    "Attachment",
    "Birth",
    "BirthEvent",
    "BirthFacts",
    "BirthWithRecognition",
    "CanonicalEvent",
    "CertificatePurpose",
    "CertificateRevocation",
    "CertifiedPeriod",
    "CertifiedPerson",
    "Child",
    "CivilEvent",
    "CivilStatusChange",
    "ConfirmationFacts",
    "CourtDecision",
    "Death",
    "DeathFacts",
    "DeathNotice",
    "Deceased",
    "Decision",
    "Declaration",
    "DomesticAdoption",
    "Dossier",
    "EndingFacts",
    "EntryIdentity",
    "ExtractCopy",
    "ExtractFacts",
    "FieldChange",
    "ForeignAct",
    "ForeignActNote",
    "ForeignDivorceNote",
    "FormerSpouse",
    "Guardian",
    "GuardianshipChange",
    "GuardianshipEnd",
    "GuardianshipFacts",
    "GuardianshipStart",
    "GuardianshipSupervisionEnd",
    "GuardianshipSupervisionStart",
    "IdentityPaper",
    "InformationConfirmation",
    "IntendedSpouse",
    "MaritalStatusCertificate",
    "MaritalStatusFacts",
    "Marriage",
    "MultipleBirth",
    "Official",
    "OpenField",
    "Parent",
    "ParentChildRecognition",
    "PartialDate",
    "Person",
    "PersonName",
    "Place",
    "RecognitionChild",
    "RecognitionFacts",
    "RecognitionParent",
    "RecognitionRequester",
    "Registration",
    "Requester",
    "Residence",
    "RevocationFacts",
    "SecondEntry",
    "Spouse",
    "Subject",
    "SupervisionFacts",
    "Supervisor",
    "Ward",
    "Wording",
    "declared_name",
    "dump_event",
    "dump_stored",
    "json_schema",
    "matter_of",
    "open_fields",
    "parse_event",
    "parse_stored_json",
    "sample_event",
]
