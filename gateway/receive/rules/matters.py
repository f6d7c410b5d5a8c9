"""The rules of each matter, by the type of its event."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from gateway.receive.finding import Finding
from gateway.receive.rules import guardianship
from gateway.receive.rules.adoption import ADOPTION_RULES
from gateway.receive.rules.birth import BIRTH_RULES
from gateway.receive.rules.certificate import CERTIFICATE_RULES, EXTRACT_RULES
from gateway.receive.rules.change import CHANGE_OF_ENTRY_RULES
from gateway.receive.rules.correction import CORRECTION_RULES, OFFICE_RULES
from gateway.receive.rules.death import DEATH_RULES
from gateway.receive.rules.decision import DECISION_RULES, REVOCATION_RULES
from gateway.receive.rules.foreign_note import FOREIGN_DIVORCE_RULES, FOREIGN_NOTE_RULES
from gateway.receive.rules.marriage import MARRIAGE_RULES
from gateway.receive.rules.parent_child import BIRTH_WITH_RECOGNITION_RULES, RECOGNITION_RULES
from gateway.receive.rules.scene import Scene
from mappings.canonical import (
    Birth,
    BirthWithRecognition,
    CertificateRevocation,
    CivilEvent,
    CivilStatusChange,
    CourtDecision,
    Death,
    DomesticAdoption,
    ExtractCopy,
    ForeignActNote,
    ForeignDivorceNote,
    GuardianshipChange,
    GuardianshipEnd,
    GuardianshipStart,
    GuardianshipSupervisionEnd,
    GuardianshipSupervisionStart,
    InformationConfirmation,
    MaritalStatusCertificate,
    Marriage,
    ParentChildRecognition,
)

MatterRule: TypeAlias = Callable[[Scene, Any], Iterable[Finding]]
"""Takes the event of the type under which it stands below."""

RULES_OF_MATTERS: Final[Mapping[type[CivilEvent], tuple[MatterRule, ...]]] = {
    Birth: BIRTH_RULES,
    BirthWithRecognition: (*BIRTH_RULES, *BIRTH_WITH_RECOGNITION_RULES),
    Marriage: MARRIAGE_RULES,
    Death: DEATH_RULES,
    GuardianshipStart: guardianship.START_RULES,
    GuardianshipEnd: guardianship.END_RULES,
    GuardianshipChange: guardianship.CHANGE_RULES,
    GuardianshipSupervisionStart: guardianship.SUPERVISION_START_RULES,
    GuardianshipSupervisionEnd: guardianship.END_RULES,
    ParentChildRecognition: RECOGNITION_RULES,
    CivilStatusChange: (*CHANGE_OF_ENTRY_RULES, *CORRECTION_RULES),
    CourtDecision: DECISION_RULES,
    ForeignActNote: FOREIGN_NOTE_RULES,
    ForeignDivorceNote: FOREIGN_DIVORCE_RULES,
    MaritalStatusCertificate: CERTIFICATE_RULES,
    ExtractCopy: EXTRACT_RULES,
    InformationConfirmation: (),
    DomesticAdoption: ADOPTION_RULES,
    CertificateRevocation: (*REVOCATION_RULES, *OFFICE_RULES),
}
