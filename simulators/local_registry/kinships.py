"""Kinship that is made by an act: a parent recognises a child, a child is adopted."""

from simulators.local_registry.books import write_day
from simulators.local_registry.happenings import Matter
from simulators.local_registry.inventor import Inventor
from simulators.local_registry.names import FEMALE, MALE, choose_name


class KinshipTeller:
    """Tells of children who already have a number and an entry of birth."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor

    def recognition(self) -> Matter:
        """A parent recognises a child."""
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

    def adoption(self) -> Matter:
        """A woman, or a couple, adopts a child; the entry of its birth gets a remark."""
        commune, chance = self._make.commune(), self._make.chance
        mother = self._make.adult(commune, FEMALE, (30, 48))
        people = {"adoptive_mother": mother}
        if chance.choice((True, True, False)):
            people["adoptive_father"] = self._make.adult(commune, MALE, (32, 50), group=mother.group)
        child = self._make.minor(commune)
        facts = {
            "adoption": {
                "adopted_on": write_day(self._make.today),
                "giver_kind": "mother",
                "giver_name": choose_name(chance, child.group, FEMALE).whole,
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
