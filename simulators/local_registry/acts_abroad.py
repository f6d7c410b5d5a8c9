"""Acts that were done abroad and are noted in the books here."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from simulators.local_registry.books import write_day
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Matter
from simulators.local_registry.inventor import ABROAD, Abroad, Inventor, Json, changed
from simulators.local_registry.names import FEMALE, MALE, choose_name
from simulators.local_registry.people import Citizen
from simulators.local_registry.places import Commune

BOOKS = {
    "birth": "KS",
    "marriage": "KH",
    "death": "KT",
    "guardianship": "GH",
    "parent_child": "CMC",
    "parent_determination": "CMC",
    "adoption": "NCN",
    "change": "TDCC",
}
SPOUSE = {"marital_status_before": "never_married", "marriage_number": 1}


class AbroadTeller:
    """Tells of notes, one act after another."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor
        self._acts = Deck(inventor.chance, tuple(BOOKS))
        self._writers: Mapping[str, Callable[[Commune, Abroad, date], Matter]] = {
            "birth": self._birth,
            "marriage": self._marriage,
            "death": self._death,
            "guardianship": self._guardianship,
            "parent_child": self._parent_child,
            "parent_determination": self._parent_determination,
            "adoption": self._adoption,
            "change": self._change,
        }

    def note(self) -> Matter:
        """The next act, noted in the book of its matter."""
        place = self._make.chance.choice(ABROAD)
        return self._writers[self._acts.draw()](self._make.commune(), place, self._make.ago(40, 120))

    def _written(
        self,
        act: str,
        commune: Commune,
        place: Abroad,
        day: date,
        people: Mapping[str, Citizen],
        facts: Json,
        traits: Mapping[str, Json] | None = None,
    ) -> Matter:
        applicant = next(each for each in people.values() if each.personal_id and each.nationality == "VN")
        if act == "death":
            applicant = self._make.adult(commune)
        return Matter(
            self._make.counter(commune),
            "foreign_act_note",
            BOOKS[act],
            "foreign_note",
            "2.002189" if act == "marriage" else "2.000547",
            people,
            {"act": act, "foreign_element": True, "foreign_act": self._act(place, day), **facts},
            traits=traits or {},
            requester=(applicant, "Người thân thích"),
        )

    def _act(self, place: Abroad, day: date) -> Json:
        number = f"{self._make.serial()}/{day.year}"
        return {"number": number, "date": write_day(day), "authority": place.office, "country": place.country}

    def _birth(self, commune: Commune, place: Abroad, day: date) -> Matter:
        mother = self._make.adult(commune, FEMALE, (22, 40))
        father = self._make.adult(commune, MALE, (24, 45), group=mother.group)
        child = self._make.newborn(father, day - timedelta(days=12))
        born = {"country": place.country, "detail": place.address}
        return self._written(
            "birth",
            commune,
            place,
            day,
            {"mother": mother, "father": father, "child": child},
            {"birth": {"abandoned": False}, "unknown": []},
            {"child": {"place_of_birth": born, "place_of_origin": father.home.place()}},
        )

    def _marriage(self, commune: Commune, place: Abroad, day: date) -> Matter:
        here, there = self._make.chance.choice((("wife", "husband"), ("husband", "wife")))
        sexes = {"husband": MALE, "wife": FEMALE}
        people = {
            here: self._make.adult(commune, sexes[here], (23, 38)),
            there: self._make.foreigner(commune, sexes[there], place),
        }
        return self._written(
            "marriage",
            commune,
            place,
            day,
            people,
            {"established_on": write_day(day)},
            {"husband": dict(SPOUSE), "wife": dict(SPOUSE)},
        )

    def _death(self, commune: Commune, place: Abroad, day: date) -> Matter:
        died = day - timedelta(days=5)
        notice = {
            "kind": "death_notice",
            "number": str(self._make.serial()),
            "issued_on": (died + timedelta(days=1)).isoformat(),
            "issued_by": place.office,
        }
        facts = {
            "date": write_day(died),
            "place": {"country": place.country, "detail": place.address},
            "cause": "Bệnh",
            "notice": notice,
            "unknown": ["time"],
        }
        deceased = self._make.adult(commune, years=(40, 88))
        return self._written("death", commune, place, day, {"deceased": deceased}, {"death": facts})

    def _guardianship(self, commune: Commune, place: Abroad, day: date) -> Matter:
        guardian = self._make.adult(commune)
        facts = {
            "kind": "appointed",
            "ward_condition": "minor",
            "reason": "Cha, mẹ không có điều kiện chăm sóc",
            "starts_on": write_day(day),
        }
        people = {"guardian": guardian, "ward": self._make.minor(commune, guardian)}
        return self._written("guardianship", commune, place, day, people, {"guardianship": facts})

    def _family(self, commune: Commune) -> tuple[dict[str, Citizen], dict[str, Json]]:
        parent = self._make.adult(commune, MALE, (28, 48))
        child = self._make.minor(commune, parent)
        traits = {"child": {"place_of_birth": commune.place(), "place_of_origin": parent.home.place()}}
        return {"parent": parent, "child": child}, traits

    def _parent_child(self, commune: Commune, place: Abroad, day: date) -> Matter:
        people, traits = self._family(commune)
        facts = {"recognition": {"kind": "father_recognises_child", "evidence": "Giám định ADN"}}
        return self._written("parent_child", commune, place, day, people, facts, traits)

    def _parent_determination(self, commune: Commune, place: Abroad, day: date) -> Matter:
        people, traits = self._family(commune)
        return self._written("parent_determination", commune, place, day, people, {}, traits)

    def _adoption(self, commune: Commune, place: Abroad, day: date) -> Matter:
        people, traits = self._family(commune)
        adopting = {"adoptive_father": people["parent"], "child": people["child"]}
        facts = {"adoption": {"adopted_on": write_day(day), "giver_kind": "birth_parents"}}
        return self._written("adoption", commune, place, day, adopting, facts, traits)

    def _change(self, commune: Commune, place: Abroad, day: date) -> Matter:
        subject = self._make.adult(commune)
        name = choose_name(self._make.chance, subject.group, subject.sex, subject.name.family).whole
        facts = {
            "changes": [changed("name", subject.name.whole, name)],
            "reason": "Đổi tên theo quyết định của cơ quan nước ngoài",
            **self._make.birth_entry(commune, subject),
        }
        return self._written("change", commune, place, day, {"subject": subject}, facts)

    def divorce(self) -> Matter:
        """A divorce or annulment abroad of a marriage that stands in a book here."""
        commune, place = self._make.commune(), self._make.chance.choice(ABROAD)
        day = self._make.ago(60, 200)
        husband = self._make.foreigner(commune, MALE, place)
        wife = self._make.adult(commune, FEMALE, (28, 45))
        facts = {
            "act": self._make.chance.choice(("divorce", "divorce", "annulment")),
            "foreign_act": self._act(place, day),
            "foreign_element": True,
            "effective_on": write_day(day + timedelta(days=30)),
            **self._make.amends(commune, "KH", self._make.ago(600, 2500)),
        }
        return Matter(
            self._make.counter(commune),
            "foreign_divorce_note",
            "GCLH",
            "foreign_note",
            "2.000554",
            {"husband": husband, "wife": wife},
            facts,
            requester=(wife, "Bản thân"),
        )
