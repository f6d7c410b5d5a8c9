"""Changes of civil status: another name, corrections, what was left blank, another ethnic group."""

from collections.abc import Mapping
from datetime import timedelta

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Matter, Numbering
from simulators.local_registry.inventor import Inventor, changed
from simulators.local_registry.names import FEMALE, choose_group, choose_name
from simulators.local_registry.people import BirthKnown, Citizen, Shows
from simulators.local_registry.places import Commune

KINDS = (
    *("change", "correction", "correction", "supplement", "supplement", "ethnic_redetermination"),
    *("change_under_14", "birth_year"),
)
ACTS = {"change_under_14": "change", "birth_year": "correction"}
Said = tuple[list[Mapping[str, str]], str]
"""What changes, and why."""


class ChangeTeller:
    """Tells of changes in the entry of a birth."""

    def __init__(self, inventor: Inventor) -> None:
        self._make = inventor
        self._chance = inventor.chance
        self._kinds = Deck(inventor.chance, KINDS)

    def change(self) -> Matter:
        """A change of the next kind."""
        kind, commune = self._kinds.draw(), self._make.commune()
        if kind == "supplement":
            return self._supplement(commune)
        if kind == "change_under_14":
            requester = self._make.adult(commune, FEMALE)
            subject, relation = self._make.minor(commune, requester), "Mẹ"
        else:
            subject = requester = self._make.adult(commune, years=(18, 60))
            relation = "Bản thân"
        agreed = {"consents": ["mother", "father", "subject"]} if kind == "change_under_14" else {}
        changes, reason = self._changes_of(kind, subject)
        return Matter(
            self._make.counter(commune),
            "civil_status_change",
            "TDCC",
            "new",
            "1.004859",
            {"subject": subject},
            {
                "act": ACTS.get(kind, kind),
                "changes": changes,
                "reason": reason,
                **agreed,
                **self._make.birth_entry(commune, subject),
            },
            requester=(requester, relation),
        )

    def _changes_of(self, kind: str, subject: Citizen) -> Said:
        match kind:
            case "ethnic_redetermination":
                others = (choose_group(self._chance) for _ in range(1000))
                other = next(each for each in others if each != subject.group)
                return [changed("ethnic_group", subject.group, other)], "Theo dân tộc của mẹ"
            case "birth_year":
                real = subject.born.replace(year=subject.born.year - 1, day=1)
                wrong = subject.born.isoformat()
                return [changed("birth_date", wrong, real.isoformat())], "Sai sót khi đăng ký khai sinh"
            case "correction":
                mother = choose_name(self._chance, subject.group, FEMALE)
                wrong = choose_name(self._chance, subject.group, FEMALE, mother.family).whole
                return [changed("mother.name", wrong, mother.whole)], "Sai sót khi đăng ký khai sinh"
            case _:
                given = choose_name(self._chance, subject.group, subject.sex, subject.name.family).whole
                return [changed("name", subject.name.whole, given)], "Tên gây ảnh hưởng đến danh dự"

    def _supplement(self, commune: Commune) -> Matter:
        """An old entry of which only the year is known is filled in; no entry of its own comes of it."""
        subject = self._make.adult(commune, years=(40, 70), known=BirthKnown.YEAR, shows=Shows.NOTHING)
        earlier = self._make.amends(commune, "KS", subject.born + timedelta(days=40))
        entry = earlier["amends"]["entry"]
        entry["registered_on"] = {"year": entry["registered_on"]["year"], "certainty": "exact"}
        changes = [changed("place_of_birth", "", commune.full_name), changed("nationality", "", "VN")]
        reason = "Thông tin còn trống khi đăng ký khai sinh"
        return Matter(
            self._make.counter(commune),
            "civil_status_change",
            "KS",
            "remark",
            "1.004859",
            {"subject": subject},
            {"act": "supplement", "changes": changes, "reason": reason, **earlier},
            requester=(subject, "Bản thân"),
            numbering=Numbering.REMARK,
        )
