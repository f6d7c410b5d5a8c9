"""Guardianship: its start, another guardian, its end, and the supervision of a guardian."""

from simulators.local_registry.books import write_day
from simulators.local_registry.happenings import Matter
from simulators.local_registry.inventor import Inventor, Json
from simulators.local_registry.people import Citizen
from simulators.local_registry.places import Commune

REASONS = ("Cha, mẹ đã chết", "Mẹ chết, cha mất tích", "Cha, mẹ bị hạn chế quyền đối với con")
ENDINGS = (
    ("parents_able_again", "Mẹ đã đủ điều kiện nuôi con"),
    ("ward_adopted", "Người được giám hộ đã được nhận làm con nuôi"),
    ("other", "Theo đề nghị của gia đình"),
)
GUARDIAN, SUPERVISOR = "Người giám hộ", "Người giám sát"


class GuardianshipTeller:
    """Tells how children get, change and lose a guardian; each later matter names the earlier entry."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor

    def whole(self) -> tuple[Matter, Matter, Matter]:
        """A guardian begins, another follows, and the guardianship ends: all in one book."""
        commune, first, ward = self._beginning()
        second = self._make.adult(commune)
        start = Matter(
            self._make.counter(commune),
            "guardianship_start",
            "GH",
            "new",
            "1.004837",
            {"guardian": first, "ward": ward},
            {"guardianship": self._terms()},
            requester=(first, GUARDIAN),
        )
        return start, self._change(commune, first, second, ward), self._end(commune, second, ward)

    def supervision(self) -> tuple[Matter, Matter]:
        """Somebody watches over a guardian, and no longer does."""
        commune, guardian, ward = self._beginning()
        supervisor = self._make.adult(commune)
        people = {"supervisor": supervisor, "guardian": guardian, "ward": ward}
        terms = {
            "involves_property": self._make.chance.choice((True, True, False)),
            "reason": "Người thân thích cử người giám sát",
            "scope": "Quản lý tài sản của người được giám hộ",
            "starts_on": write_day(self._make.today),
        }
        start = Matter(
            self._make.counter(commune),
            "guardianship_supervision_start",
            "GSGH",
            "new",
            "3.000323",
            people,
            {"supervision": terms},
            requester=(supervisor, SUPERVISOR),
        )
        end = Matter(
            self._make.counter(commune),
            "guardianship_supervision_end",
            "GSGH",
            "end",
            "3.000322",
            people,
            {"ending": self._ending(*self._make.chance.choice(ENDINGS))},
            requester=(supervisor, SUPERVISOR),
            amends_book="GSGH",
        )
        return start, end

    def _beginning(self) -> tuple[Commune, Citizen, Citizen]:
        commune = self._make.commune()
        guardian = self._make.adult(commune)
        return commune, guardian, self._make.minor(commune, guardian)

    def _change(self, commune: Commune, former: Citizen, guardian: Citizen, ward: Citizen) -> Matter:
        return Matter(
            self._make.counter(commune),
            "guardianship_change",
            "GH",
            "new",
            "1.004837",
            {"former_guardian": former, "guardian": guardian, "ward": ward},
            {
                "ending": self._ending("guardian_replaced", "Người giám hộ cũ không còn đủ sức khỏe"),
                "guardianship": self._terms(),
            },
            requester=(guardian, "Người giám hộ mới"),
            amends_book="GH",
        )

    def _end(self, commune: Commune, guardian: Citizen, ward: Citizen) -> Matter:
        return Matter(
            self._make.counter(commune),
            "guardianship_end",
            "GH",
            "end",
            "1.004845",
            {"guardian": guardian, "ward": ward},
            {"ending": self._ending(*self._make.chance.choice(ENDINGS))},
            requester=(guardian, GUARDIAN),
            amends_book="GH",
        )

    def _terms(self) -> Json:
        return {
            "kind": self._make.chance.choice(("natural", "appointed")),
            "ward_condition": "minor",
            "reason": self._make.chance.choice(REASONS),
            "scope": "Chăm sóc, giáo dục, quản lý tài sản",
            "starts_on": write_day(self._make.today),
        }

    def _ending(self, kind: str, reason: str) -> Json:
        return {"kind": kind, "reason": reason, "ended_on": write_day(self._make.today)}
