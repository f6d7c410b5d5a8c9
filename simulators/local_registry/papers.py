"""Decisions that are remarked in an entry, papers that are issued, and papers that are revoked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Matter, Numbering
from simulators.local_registry.inventor import COURT, Inventor, Json, changed, on
from simulators.local_registry.names import FEMALE, MALE, choose_name
from simulators.local_registry.people import Citizen, Shows
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
    Ruling("divorce", "KH", "Đã ly hôn theo quyết định của Tòa án", "couple", "QĐST-HNGĐ"),
    Ruling("annulment", "KH", "Hủy việc kết hôn trái pháp luật", "couple", "HNGĐ-ST"),
    Ruling("marriage_recognition", "KH", "Công nhận việc kết hôn", "couple", "HNGĐ-ST"),
    Ruling("missing", "KS", "Tuyên bố mất tích"),
    Ruling("missing_cancelled", "KS", "Hủy quyết định tuyên bố mất tích"),
    Ruling("capacity_limited", "KS", "Hạn chế năng lực hành vi dân sự"),
    Ruling("capacity_cancelled", "KS", "Hủy quyết định hạn chế năng lực hành vi dân sự"),
    Ruling("death_declared", "KT", "Tuyên bố là đã chết"),
    Ruling("death_declaration_cancelled", "KT", "Hủy quyết định tuyên bố là đã chết"),
    Ruling("nationality_change", "KS", "Có thêm quốc tịch Hàn Quốc"),
    Ruling("sex_redetermination", "KS", "Xác định lại giới tính"),
    Ruling("parent_determination", "KS", "Xác định cha cho con", "minor"),
    Ruling("adoption", "NCN", "Công nhận việc nuôi con nuôi", "minor"),
    Ruling("adoption_end", "NCN", "Chấm dứt việc nuôi con nuôi", "minor"),
    Ruling("guardianship_recognition", "GH", "Công nhận người giám hộ", "minor"),
)
MARITAL = ("not_married_now", "not_married_now", "divorced", "widowed", "unmarried_for_a_time")


class Papers:
    """Tells one paper after another."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor
        self._rulings = Deck(inventor.chance, RULINGS)
        self._marital = Deck(inventor.chance, MARITAL)
        self.tellers: Mapping[str, Callable[[], Matter]] = {
            "court_decision": self._decision,
            "certificate_revocation": self._revocation,
            "marital_status_certificate": self._certificate,
            "extract_copy": self._extract,
            "information_confirmation": self._confirmation,
        }

    def _couple(self, commune: Commune) -> tuple[Citizen, Citizen]:
        husband = self._make.adult(commune, MALE, (34, 55))
        return husband, self._make.adult(commune, FEMALE, (34, 55), group=husband.group)

    def _decision(self) -> Matter:
        ruling, commune = self._rulings.draw(), self._make.commune()
        if ruling.about == "couple":
            subject, spouse = self._couple(commune)
            people = {"subject": subject, "spouse": spouse}
        else:
            is_minor = ruling.about == "minor"
            subject = self._make.minor(commune) if is_minor else self._make.adult(commune)
            people = {"subject": subject}
        issued = self._make.ago(30, 60)
        facts = {
            "kind": ruling.kind,
            "decision": self._make.decision(ruling.series, COURT, issued),
            "effective_on": on(issued + timedelta(days=15)),
            "content": ruling.content,
            **self._earlier_entry(ruling, commune, subject),
            **_changes_by(ruling, subject),
        }
        return Matter(
            self._make.counter(commune, has_dossier=self._make.chance.random() < 0.5),
            "court_decision",
            ruling.book,
            "remark",
            "1.004859",
            people,
            facts,
            numbering=Numbering.REMARK,
        )

    def _earlier_entry(self, ruling: Ruling, commune: Commune, subject: Citizen) -> Json:
        if ruling.book == "KS":
            return self._make.birth_entry(commune, subject)
        return self._make.amends(commune, ruling.book, self._make.ago(90, 700))

    def _revocation(self) -> Matter:
        commune = self._make.commune()
        husband, wife = self._couple(commune)
        entry = self._make.amends(commune, "KH", self._make.ago(200, 2000))
        facts = {
            **entry,
            "decision": self._make.decision("QĐ-UBND", CHAIRMAN, self._make.ago(2, 12)),
            "revocation": {
                "paper": "marriage_certificate",
                "paper_number": entry["amends"]["entry"]["number"],
                "reason": "Kết hôn khi một bên đang có vợ, có chồng",
            },
        }
        return Matter(
            self._make.counter(PROVINCE_OFFICE, has_dossier=False),
            "certificate_revocation",
            "KH",
            "remark",
            "",
            {"subject": husband, "spouse": wife},
            facts,
            numbering=Numbering.REMARK,
        )

    def _certificate(self) -> Matter:
        status, commune = self._marital.draw(), self._make.commune()
        subject = self._make.adult(commune, years=(24, 50))
        facts = {"marital": self._status(status, subject), "purpose": self._purpose(status, subject, commune)}
        return Matter(
            self._make.counter(commune, copies_max=1),
            "marital_status_certificate",
            "HN",
            "issue",
            "1.004873",
            {"subject": subject},
            facts,
            requester=(subject, "Bản thân"),
        )

    def _status(self, status: str, subject: Citizen) -> Json:
        earlier = self._make.ago(300, 1500)
        if status == "unmarried_for_a_time":
            since = date(subject.born.year + 20, 1, 1)
            return {
                "status": status,
                "unmarried_from": since.isoformat(),
                "unmarried_to": (since + timedelta(days=900)).isoformat(),
            }
        if status == "not_married_now":
            return {"status": status, "text": "Chưa đăng ký kết hôn với ai"}
        other_sex = FEMALE if subject.sex == MALE else MALE
        spouse = choose_name(self._make.chance, subject.group, other_sex).whole
        is_divorced = status == "divorced"
        series, office = ("QĐST-HNGĐ", COURT) if is_divorced else ("TLKT", subject.home.office)
        return {
            "status": status,
            "text": "Hiện tại chưa đăng ký kết hôn với ai",
            "spouse_name": {"full": spouse},
            "paper": self._make.decision(series, office, earlier),
        }

    def _purpose(self, status: str, subject: Citizen, commune: Commune) -> Json:
        if status == "unmarried_for_a_time":
            return {"kind": "other", "text": "Bổ sung hồ sơ chuyển nhượng quyền sử dụng đất"}
        sex = FEMALE if subject.sex == MALE else MALE
        partner = self._make.adult(commune, sex, (22, 48))
        return {
            "kind": "marry_vietnamese_at_home",
            "text": "Để kết hôn",
            "partner": {
                "name": {"full": partner.name.whole},
                "birth_date": partner.birth_date(),
                "nationality": "VN",
                "personal_id": partner.personal_id,
            },
            "marriage_place": commune.office,
        }

    def _extract(self) -> Matter:
        commune = self._make.commune()
        subject = self._make.adult(commune, years=(18, 60), shows=Shows.CARD)
        kind = self._make.chance.choice(("extract_copy", "birth_certificate_copy"))
        facts = {
            "extract": {"kind": kind, "copies": self._make.chance.randint(1, 4), "certified": True},
            **self._make.birth_entry(commune, subject),
        }
        return Matter(
            self._make.counter(commune),
            "extract_copy",
            "BS",
            "issue",
            "2.000635",
            {"subject": subject},
            facts,
            requester=(subject, "Bản thân"),
            numbering=Numbering.PAPER,
        )

    def _confirmation(self) -> Matter:
        commune = self._make.commune()
        subject = self._make.adult(commune, years=(30, 65))
        facts = {
            "confirmation": {
                "content": f"Đã đăng ký khai sinh, tên trong sổ là {subject.name.whole}",
                "purpose": "Bổ sung hồ sơ hưởng chế độ",
            },
            **self._make.birth_entry(commune, subject),
        }
        return Matter(
            self._make.counter(commune),
            "information_confirmation",
            "XNHT",
            "issue",
            "2.002516",
            {"subject": subject},
            facts,
            requester=(subject, "Bản thân"),
            numbering=Numbering.PAPER,
        )


def _changes_by(ruling: Ruling, subject: Citizen) -> Json:
    if ruling.kind == "nationality_change":
        return {"changes": [changed("other_nationality", "", "KR")]}
    if ruling.kind == "sex_redetermination":
        return {"changes": [changed("sex", subject.sex, FEMALE if subject.sex == MALE else MALE)]}
    return {}
