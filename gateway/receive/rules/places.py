"""Rules of places: a code means something only on a date."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import Place
from mappings.codes import UnitLevel

DISTRICTS_ABOLISHED_ON: Final = date(2025, 7, 1)


def country(scene: Scene, path: Path, place: Place) -> Iterator[Finding]:
    """A code of ISO 3166-1."""
    if scene.lists.find_country(place.country, _meant_on(scene, place)) is None:
        yield Finding("country_unknown", (*path, "country"))


def province(scene: Scene, path: Path, place: Place) -> Iterator[Finding]:
    """It exists on the day."""
    yield from _exists(scene, path, place, UnitLevel.PROVINCE)


def district(scene: Scene, path: Path, place: Place) -> Iterator[Finding]:
    """Only before 1 July 2025; it exists on the day and lies in the province."""
    if place.district_code is None:
        return
    on_date = _meant_on(scene, place)
    if on_date >= DISTRICTS_ABOLISHED_ON:
        yield Finding("district_abolished", (*path, "district_code"))
        return
    yield from _exists(scene, path, place, UnitLevel.DISTRICT)
    if not _lies_in(scene, place.district_code, place.province_code, on_date):
        values = {"district": place.district_code, "province": str(place.province_code)}
        found = {**values, "on_date": on_date.isoformat()}
        yield Finding("district_not_in_province", (*path, "district_code"), found)


def commune(scene: Scene, path: Path, place: Place) -> Iterator[Finding]:
    """It exists on the day and lies in the district and province that stand beside it."""
    if place.commune_code is None:
        return
    on_date, where = _meant_on(scene, place), (*path, "commune_code")
    yield from _exists(scene, path, place, UnitLevel.COMMUNE)
    values = {"commune": place.commune_code, "on_date": on_date.isoformat()}
    if on_date < DISTRICTS_ABOLISHED_ON and not _lies_in(
        scene, place.commune_code, place.district_code, on_date
    ):
        found = {**values, "district": str(place.district_code)}
        yield Finding("commune_not_in_district", where, found)
    if not _lies_in(scene, place.commune_code, place.province_code, on_date):
        found = {**values, "province": str(place.province_code)}
        yield Finding("commune_not_in_province", where, found)


def _meant_on(scene: Scene, place: Place) -> date:
    return scene.registered_on if place.as_of is None else place.as_of


def _exists(scene: Scene, path: Path, place: Place, level: UnitLevel) -> Iterator[Finding]:
    name = f"{level.value}_code"
    code: str | None = getattr(place, name)
    if code is None:
        return
    on_date = _meant_on(scene, place)
    if scene.lists.find_unit(code, on_date) is None:
        values = {"code": code, "on_date": on_date.isoformat()}
        yield Finding(f"{level.value}_unknown", (*path, name), values)


def _lies_in(scene: Scene, code: str, above: str | None, on_date: date) -> bool:
    """True also when nothing can be said, because one of the two is missing or unknown."""
    if above is None or scene.lists.find_unit(above, on_date) is None:
        return True
    chain = scene.lists.chain_of(code, on_date)
    return not chain or any(unit.code == above for unit in chain)
