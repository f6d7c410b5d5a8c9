"""Who may register which matter on which day; the answer stands in a table, never here."""

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.competence import AuthorityLevel, competent_levels, level_of, list_competence
from mappings.matter_flags import possible_matters
from mappings.matters import Matter, list_matters

_AUTHORITY: Final[Path] = ("registration", "authority_code")
_LEVELS: Final[Mapping[AuthorityLevel, tuple[str, str]]] = {
    AuthorityLevel.COMMUNE: ("cấp xã", "commune"),
    AuthorityLevel.DISTRICT: ("cấp huyện", "district"),
    AuthorityLevel.PROVINCE: ("cấp tỉnh", "province"),
    AuthorityLevel.MISSION: ("cơ quan đại diện ở nước ngoài", "mission abroad"),
}
_NOBODY: Final = ("không cơ quan nào", "no authority")


def competent_authority(scene: Scene) -> Iterator[Finding]:
    """The level of the authority was competent for the matter on the day of registration."""
    code, on_date = scene.event.registration.authority_code, scene.registered_on
    level, matters = level_of(code, on_date), possible_matters(scene.event)
    if level is None or not matters:
        return
    if any(level in competent_levels(matter.code, on_date) for matter in matters):
        return
    yield Finding("authority_not_competent", _AUTHORITY, _values(scene, matters[0], level))


def matter_agrees(scene: Scene) -> Iterator[Finding]:
    """A matter that is named is one that the other fields can mean."""
    stated = scene.event.matter
    possible = [matter.code for matter in possible_matters(scene.event)]
    if stated is not None and stated not in possible:
        yield Finding("matter_does_not_agree", ("matter",), {"derived": ", ".join(possible) or "-"})


def matter_is_clear(scene: Scene) -> Iterator[Finding]:
    """Procedure, kind of entry and foreign element must not contradict each other."""
    dossier = scene.event.dossier
    if dossier is None or possible_matters(scene.event):
        return
    entry = scene.lists.find_procedure(dossier.procedure_code, scene.registered_on)
    named = () if entry is None else tuple(_named_by(entry.code, scene))
    if named:
        matters = ", ".join(matter.code for matter in named)
        yield Finding("matter_contradicts_procedure", ("dossier", "procedure_code"), {"matters": matters})


def _named_by(procedure: str, scene: Scene) -> Iterator[Matter]:
    """Of another kind of event's procedure another rule complains."""
    for matter in list_matters(scene.event.event_type):
        if procedure in matter.procedure_codes:
            yield matter


def _values(scene: Scene, matter: Matter, level: AuthorityLevel) -> Mapping[str, str | int]:
    on_date = scene.registered_on
    competences = list_competence(matter.code, on_date)
    levels = [_LEVELS[each.level] for each in competences] or [_NOBODY]
    sources = dict.fromkeys(each.source for each in competences if each.level is not AuthorityLevel.MISSION)
    return {
        "matter": matter.code,
        "matter_vi": matter.name_vi,
        "matter_en": matter.name_en,
        "level_vi": _LEVELS[level][0],
        "level_en": _LEVELS[level][1],
        "competent_vi": ", ".join(name for name, _ in levels),
        "competent_en": ", ".join(name for _, name in levels),
        "on_date": on_date.isoformat(),
        "source": "; ".join(sources) or matter.sources,
    }


COMPETENCE_RULES: Final = (competent_authority, matter_agrees, matter_is_clear)
