"""Acts that are registered in books of their own: guardianship, recognition, adoption, changes."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Matter, Numbering
from simulators.local_registry.inventor import Inventor, Json, changed, on
from simulators.local_registry.names import FEMALE, MALE, choose_group, choose_name
from simulators.local_registry.people import BirthKnown, Citizen, Shows
from simulators.local_registry.places import Commune

GUARDIANSHIP_REASONS = ("Cha, mẹ đã chết", "Mẹ chết, cha mất tích", "Cha, mẹ bị hạn chế quyền đối với con")
ENDINGS = (
    ("parents_able_again", "Mẹ đã đủ điều kiện nuôi con"),
    ("ward_adopted", "Người được giám hộ đã được nhận làm con nuôi"),
    ("other", "Theo đề nghị của gia đình"),
)
SUPERVISOR, GUARDIAN = "Người giám sát", "Người giám hộ"
CHANGES = ("change", "correction", "correction", "supplement", "ethnic_redetermination", "change_under_14")


class Acts:
    """Tells one act after another; each teller gives one event."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor
        self._changes = Deck(inventor.chance, CHANGES)
        self.tellers: Mapping[str, Callable[[], Matter]] = {
            "guardianship_start": self._guardianship_start,
            "guardianship_end": self._guardianship_end,
            "guardianship_change": self._guardianship_change,
            "guardianship_supervision_start": partial(self._supervision, is_end=False),
            "guardianship_supervision_end": partial(self._supervision, is_end=True),
            "parent_child_recognition": self._recognition,
            "civil_status_change": self._change,
            "domestic_adoption": self._adoption,
        }

    def _guardianship(self) -> tuple[Commune, Citizen, Citizen]:
        commune = self._make.commune()
        guardian = self._make.adult(commune)
        return commune, guardian, self._make.minor(commune, guardian)

    def _beginning(self) -> Json:
        return {
            "kind": self._make.chance.choice(("natural", "appointed")),
            "ward_condition": "minor",
            "reason": self._make.chance.choice(GUARDIANSHIP_REASONS),
            "scope": "Chăm sóc, giáo dục, quản lý tài sản",
            "starts_on": on(self._make.today),
        }

    def _ending(self) -> Json:
        kind, reason = self._make.chance.choice(ENDINGS)
        return {"kind": kind, "reason": reason, "ended_on": on(self._make.ago(1, 9))}

    def _guardianship_start(self) -> Matter:
        commune, guardian, ward = self._guardianship()
        return Matter(
            self._make.counter(commune),
            "guardianship_start",
            "GH",
            "new",
            "1.004837",
            {"guardian": guardian, "ward": ward},
            {"guardianship": self._beginning()},
            requester=(guardian, GUARDIAN),
        )

    def _guardianship_end(self) -> Matter:
        commune, guardian, ward = self._guardianship()
        return Matter(
            self._make.counter(commune),
            "guardianship_end",
            "GH",
            "end",
            "1.004845",
            {"guardian": guardian, "ward": ward},
            {"ending": self._ending(), **self._make.amends(commune, "GH", self._make.ago(200, 700))},
            requester=(guardian, GUARDIAN),
        )

    def _guardianship_change(self) -> Matter:
        commune, guardian, ward = self._guardianship()
        ending = {
            "kind": "guardian_replaced",
            "reason": "Người giám hộ cũ không còn đủ sức khỏe",
            "ended_on": on(self._make.today),
        }
        earlier = self._make.amends(commune, "GH", self._make.ago(200, 700))
        return Matter(
            self._make.counter(commune),
            "guardianship_change",
            "GH",
            "new",
            "1.004837",
            {"former_guardian": self._make.adult(commune), "guardian": guardian, "ward": ward},
            {"ending": ending, "guardianship": self._beginning(), **earlier},
            requester=(guardian, "Người giám hộ mới"),
        )

    def _supervision(self, *, is_end: bool) -> Matter:
        commune, guardian, ward = self._guardianship()
        supervisor = self._make.adult(commune)
        facts: Json = {
            "supervision": {
                "involves_property": self._make.chance.random() < 0.6,
                "reason": "Người thân thích cử người giám sát",
                "scope": "Quản lý tài sản của người được giám hộ",
                "starts_on": on(self._make.today),
            }
        }
        if is_end:
            earlier = self._make.amends(commune, "GSGH", self._make.ago(60, 400))
            facts = {"ending": self._ending(), **earlier}
        return Matter(
            self._make.counter(commune),
            f"guardianship_supervision_{'end' if is_end else 'start'}",
            "GSGH",
            "end" if is_end else "new",
            "3.000322" if is_end else "3.000323",
            {"supervisor": supervisor, "guardian": guardian, "ward": ward},
            facts,
            requester=(supervisor, SUPERVISOR),
        )

    def _recognition(self) -> Matter:
        commune = self._make.commune()
        parent = self._make.adult(commune, years=(25, 45))
        child = self._make.minor(commune, parent)
        role = "father" if parent.sex == MALE else "mother"
        facts = {
            "recognition": {
                "kind": f"{role}_recognises_child",
                "decision_number": f"{self._make.serial()}/{self._make.today.year}",
                "evidence": "Văn bản giám định ADN",
            },
            **self._make.birth_entry(commune, child),
        }
        return Matter(
            self._make.counter(commune),
            "parent_child_recognition",
            "CMC",
            "new",
            "1.001022",
            {"parent": parent, "child": child},
            facts,
            requester=(parent, "Bản thân"),
        )

    def _adoption(self) -> Matter:
        commune = self._make.commune()
        mother = self._make.adult(commune, FEMALE, (30, 48))
        people = {"adoptive_mother": mother}
        if self._make.chance.random() < 0.7:
            people["adoptive_father"] = self._make.adult(commune, MALE, (32, 50), group=mother.group)
        child = self._make.minor(commune)
        facts = {
            "adoption": {
                "adopted_on": on(self._make.today),
                "giver_kind": "mother",
                "giver_name": choose_name(self._make.chance, child.group, FEMALE).whole,
                "reason": "Mẹ đẻ không có khả năng nuôi dưỡng",
            },
            **self._make.birth_entry(commune, child),
        }
        return Matter(
            self._make.counter(commune),
            "domestic_adoption",
            "NCN",
            "new",
            "2.001263",
            {**people, "child": child},
            facts,
            traits={"child": {"place_of_birth": commune.place("Trạm Y tế")}},
            requester=(mother, "Mẹ nuôi"),
        )

    def _change(self) -> Matter:
        kind = self._changes.draw()
        commune = self._make.commune()
        if kind == "supplement":
            return self._supplement(commune)
        if kind == "change_under_14":
            requester = self._make.adult(commune, FEMALE)
            subject, relation = self._make.minor(commune, requester), "Mẹ"
        else:
            subject = requester = self._make.adult(commune, years=(18, 60))
            relation = "Bản thân"
        changes, reason = self._changes_of(kind, subject)
        return Matter(
            self._make.counter(commune),
            "civil_status_change",
            "TDCC",
            "new",
            "1.004859",
            {"subject": subject},
            {
                "act": "change" if kind == "change_under_14" else kind,
                "changes": changes,
                "reason": reason,
                **self._make.birth_entry(commune, subject),
            },
            requester=(requester, relation),
        )

    def _changes_of(self, kind: str, subject: Citizen) -> tuple[list[Mapping[str, str]], str]:
        chance = self._make.chance
        if kind == "ethnic_redetermination":
            other = subject.group
            while other == subject.group:
                other = choose_group(chance)
            return [changed("ethnic_group", subject.group, other)], "Theo dân tộc của mẹ"
        if kind == "correction":
            mother = choose_name(chance, subject.group, FEMALE)
            wrong = choose_name(chance, subject.group, FEMALE, mother.family).whole
            return [changed("mother.name", wrong, mother.whole)], "Sai sót khi đăng ký khai sinh"
        given = choose_name(chance, subject.group, subject.sex, subject.name.family).whole
        return [changed("name", subject.name.whole, given)], "Tên gây ảnh hưởng đến danh dự"

    def _supplement(self, commune: Commune) -> Matter:
        subject = self._make.adult(commune, years=(40, 70), known=BirthKnown.YEAR, shows=Shows.NOTHING)
        earlier = self._make.amends(commune, "KS", subject.born + timedelta(days=40))
        entry = earlier["amends"]["entry"]
        entry["registered_on"] = {"year": entry["registered_on"]["year"], "certainty": "exact"}
        changes = [
            changed("place_of_birth", "", commune.full_name),
            changed("nationality", "", "VN"),
        ]
        return Matter(
            self._make.counter(commune),
            "civil_status_change",
            "KS",
            "remark",
            "1.004859",
            {"subject": subject},
            {
                "act": "supplement",
                "changes": changes,
                "reason": "Thông tin còn trống khi đăng ký khai sinh",
                **earlier,
            },
            requester=(subject, "Bản thân"),
            numbering=Numbering.REMARK,
        )
