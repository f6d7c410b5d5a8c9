"""Papers that are issued and change nobody's status: certificates, extract copies, confirmations."""

from dataclasses import replace
from datetime import date, timedelta

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Marriage, Matter, Numbering
from simulators.local_registry.inventor import COURT, Inventor, Json
from simulators.local_registry.names import FEMALE, MALE, choose_name
from simulators.local_registry.people import Citizen
from simulators.local_registry.places import Commune

MARITAL = ("not_married_now", "not_married_now", "divorced", "widowed", "unmarried_for_a_time")


class CertificateTeller:
    """Tells of papers."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor
        self._marital = Deck(inventor.chance, MARITAL)

    def marital_status(self) -> Matter:
        """A certificate of marital status, valid for the purpose that it names."""
        status, commune = self._marital.draw(), self._make.commune()
        subject = self._make.adult(commune, years=(24, 50))
        facts = {"marital": self._status(status, subject), "purpose": self._purpose(status, subject, commune)}
        return Matter(
            replace(self._make.counter(commune), copies=1),
            "marital_status_certificate",
            "HN",
            "issue",
            "1.004873",
            {"subject": subject},
            facts,
            requester=(subject, "Bản thân"),
        )

    def birth_copy(self) -> Matter:
        """A copy about the entry of somebody's birth long ago."""
        commune = self._make.commune()
        subject = self._make.adult(commune, years=(18, 60))
        kind = self._make.chance.choice(("extract_copy", "birth_certificate_copy"))
        return self._copy(commune, subject, kind, self._make.birth_entry(commune, subject))

    def marriage_copy(self, wedding: Marriage) -> Matter:
        """A copy about a marriage of this run."""
        copy = self._copy(wedding.counter.commune, wedding.wife.citizen, "extract_copy", {})
        return replace(copy, amends_book="KH")

    def confirmation(self) -> Matter:
        """What the books say of somebody, confirmed."""
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

    def _copy(self, commune: Commune, subject: Citizen, kind: str, earlier: Json) -> Matter:
        copies = self._make.chance.randint(1, 4)
        return Matter(
            self._make.counter(commune),
            "extract_copy",
            "BS",
            "issue",
            "2.000635",
            {"subject": subject},
            {"extract": {"kind": kind, "copies": copies, "certified": True}, **earlier},
            requester=(subject, "Bản thân"),
            numbering=Numbering.PAPER,
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
