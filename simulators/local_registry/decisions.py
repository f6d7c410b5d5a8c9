"""Decisions that are remarked in an entry: of courts, and of the chairman who revokes wrong papers."""

from dataclasses import dataclass
from datetime import timedelta

from simulators.local_registry.books import write_day
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Death, Marriage, Matter, Numbering
from simulators.local_registry.inventor import COURT, Inventor, Json, changed
from simulators.local_registry.names import FEMALE, MALE
from simulators.local_registry.people import Citizen
from simulators.local_registry.places import PROVINCE, Commune

PROVINCE_OFFICE = Commune(PROVINCE, "Tuyên Quang", "Tỉnh Tuyên Quang", PROVINCE)
CHAIRMAN = "Chủ tịch Ủy ban nhân dân tỉnh Tuyên Quang"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One kind of decision: the book it is remarked in, and whom it is about."""

    kind: str
    book: str
    content: str
    about: str = "adult"
    series: str = "QĐDS-ST"


RULINGS = (
    Ruling("annulment", "KH", "Hủy việc kết hôn trái pháp luật", "couple", "HNGĐ-ST"),
    Ruling("marriage_recognition", "KH", "Công nhận việc kết hôn", "couple", "HNGĐ-ST"),
    Ruling("missing", "KS", "Tuyên bố mất tích"),
    Ruling("missing_cancelled", "KS", "Hủy quyết định tuyên bố mất tích"),
    Ruling("capacity_limited", "KS", "Hạn chế năng lực hành vi dân sự"),
    Ruling("capacity_cancelled", "KS", "Hủy quyết định hạn chế năng lực hành vi dân sự"),
    Ruling("death_declared", "KT", "Tuyên bố là đã chết"),
    Ruling("nationality_change", "KS", "Có thêm quốc tịch Hàn Quốc"),
    Ruling("sex_redetermination", "KS", "Xác định lại giới tính"),
    Ruling("parent_determination", "KS", "Xác định cha cho con", "minor"),
    Ruling("adoption", "NCN", "Công nhận việc nuôi con nuôi", "minor"),
    Ruling("adoption_end", "NCN", "Chấm dứt việc nuôi con nuôi", "minor"),
    Ruling("guardianship_recognition", "GH", "Công nhận người giám hộ", "minor"),
)
"""Divorces and deaths taken back follow a marriage or a death of the same run."""
DIVORCE = Ruling("divorce", "KH", "Đã ly hôn theo quyết định của Tòa án", "couple", "QĐST-HNGĐ")
DEATH_TAKEN_BACK = Ruling(
    "death_declaration_cancelled", "KT", "Người bị tuyên bố là đã chết trở về; hủy quyết định"
)


class DecisionTeller:
    """Tells of decisions, about earlier entries and about those of the same family's story."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor
        self._rulings = Deck(inventor.chance, RULINGS)

    def decision(self) -> Matter:
        """A decision of the next kind about an entry of former years."""
        ruling, commune = self._rulings.draw(), self._make.commune()
        if ruling.about == "couple":
            subject, spouse = self._make.couple(commune)
            people = {"subject": subject, "spouse": spouse}
        else:
            is_minor = ruling.about == "minor"
            subject = self._make.minor(commune) if is_minor else self._make.adult(commune)
            people = {"subject": subject}
        changes = _changes_by(ruling, subject)
        return self._ruled(ruling, commune, people, {**self._earlier(ruling, commune, subject), **changes})

    def divorce(self, wedding: Marriage) -> Matter:
        """The court ends a marriage that was registered a moment ago in this run."""
        people = {"subject": wedding.husband.citizen, "spouse": wedding.wife.citizen}
        return self._ruled(DIVORCE, wedding.counter.commune, people)

    def taken_back(self, death: Death) -> Matter:
        """Who was declared dead is alive."""
        return self._ruled(DEATH_TAKEN_BACK, death.counter.commune, {"subject": death.deceased})

    def revocation(self, wedding: Marriage) -> Matter:
        """The chairman of the province revokes a certificate of marriage; the entry itself is not deleted."""
        return Matter(
            self._make.counter(PROVINCE_OFFICE, has_dossier=False),
            "certificate_revocation",
            "KH",
            "remark",
            "",
            {"subject": wedding.husband.citizen, "spouse": wedding.wife.citizen},
            {
                "decision": self._make.decision("QĐ-UBND", CHAIRMAN, self._make.today),
                "revocation": {
                    "paper": "marriage_certificate",
                    "reason": "Kết hôn khi một bên đang có vợ, có chồng",
                },
            },
            numbering=Numbering.REMARK,
            amends_book="KH",
        )

    def _ruled(
        self, ruling: Ruling, commune: Commune, people: dict[str, Citizen], facts: Json | None = None
    ) -> Matter:
        """Without `facts` the family's own entry is meant, and the decision is of today."""
        issued = self._make.today if facts is None else self._make.ago(30, 60)
        effective = issued if facts is None else issued + timedelta(days=15)
        return Matter(
            self._make.counter(commune, has_dossier=self._make.chance.choice((True, False))),
            "court_decision",
            ruling.book,
            "remark",
            "1.004859",
            people,
            {
                "kind": ruling.kind,
                "decision": self._make.decision(ruling.series, COURT, issued),
                "effective_on": write_day(effective),
                "content": ruling.content,
                **(facts or {}),
            },
            numbering=Numbering.REMARK,
            amends_book=ruling.book if facts is None else "",
        )

    def _earlier(self, ruling: Ruling, commune: Commune, subject: Citizen) -> Json:
        if ruling.book == "KS":
            return self._make.birth_entry(commune, subject)
        return self._make.amends(commune, ruling.book, self._make.ago(90, 700))


def _changes_by(ruling: Ruling, subject: Citizen) -> Json:
    if ruling.kind == "nationality_change":
        return {"changes": [changed("other_nationality", "", "KR")]}
    if ruling.kind == "sex_redetermination":
        return {"changes": [changed("sex", subject.sex, FEMALE if subject.sex == MALE else MALE)]}
    return {}
