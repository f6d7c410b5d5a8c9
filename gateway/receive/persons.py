"""Which of our persons the parties of a batch are: known by a personal ID, else new. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from gateway.model.ids import PersonId, RandomBytes, new_uuid7
from mappings.canonical import AnyStored


def personal_ids_of(events: Iterable[AnyStored]) -> Iterator[str]:
    """Every number that a party bears."""
    for event in events:
        for person in event.parties().values():
            if person.personal_id is not None:
                yield person.personal_id


class PersonRegister:
    """Gives each party its person; the same number in one batch is the same person."""

    def __init__(self, known: Mapping[str, PersonId], now: datetime, random_bytes: RandomBytes) -> None:
        self._by_number = dict(known)
        self._now = now
        self._random_bytes = random_bytes

    def persons_of(self, event: AnyStored) -> Mapping[str, PersonId]:
        """Role -> person. Without a number nobody is taken for somebody known."""
        return {role: self._person(person.personal_id) for role, person in event.parties().items()}

    def _person(self, personal_id: str | None) -> PersonId:
        if personal_id is None:
            return self._new()
        if personal_id not in self._by_number:
            self._by_number[personal_id] = self._new()
        return self._by_number[personal_id]

    def _new(self) -> PersonId:
        return PersonId(new_uuid7(self._now, self._random_bytes))
