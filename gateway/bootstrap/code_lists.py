"""Where code lists come from: shipped tables, the folder of added editions, the registry's service."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from adapters.errors import AdapterError
from adapters.national_registry import code_lists as registry
from adapters.national_registry.code_lists import CodeListKind, RegistryCode
from gateway.bootstrap.destinations import NO_DESTINATIONS, national_registry_settings
from gateway.errors import SettingsInvalid
from gateway.model.clock import Clock
from gateway.operations.code_lists import EditionRefused
from gateway.settings import Settings
from mappings.added_editions import all_added_editions, read_also_from
from mappings.csv_files import TableBroken

KINDS: Final[Mapping[str, CodeListKind]] = {
    "nationalities": CodeListKind.NATIONALITIES,
    "countries": CodeListKind.COUNTRIES,
    "ethnic_groups": CodeListKind.ETHNIC_GROUPS,
    "administrative_units": CodeListKind.UNITS,
    "identity_document": CodeListKind.IDENTITY_DOCUMENTS,
}
"""Our name of a list that the registry gives."""
REGISTRY_SERIES: Final = "national_registry"
NO_SUCH_FOLDER: Final = (
    "code_lists.folder: {folder} is no folder; create it or leave HOTICH_CODE_LISTS__FOLDER out"
    " (thư mục danh mục không tồn tại)"
)
NO_FOLDER: Final = (
    "code_lists.folder: not set. Name a folder for new editions in HOTICH_CODE_LISTS__FOLDER."
    " (Chưa đặt thư mục lưu danh mục mới.)"
)


def use_added_editions(settings: Settings) -> None:
    """Let the look-ups read the editions that the office has added. Raises `SettingsInvalid`."""
    folder = settings.code_lists.folder
    if folder is not None and not folder.is_dir():
        raise SettingsInvalid(problems=[NO_SUCH_FOLDER.format(folder=folder)])
    read_also_from(folder)
    try:
        all_added_editions()
    except TableBroken as broken:
        raise SettingsInvalid(problems=[f"code_lists.folder: {broken}"]) from broken


def folder_of(settings: Settings) -> Path:
    """Where new editions are written. Raises `SettingsInvalid` when none is set."""
    if settings.code_lists.folder is None:
        raise SettingsInvalid(problems=[NO_FOLDER])
    return settings.code_lists.folder


def fetch_from_registry(settings: Settings, clock: Clock, list_name: str) -> Sequence[Mapping[str, str]]:
    """Ask the registry for a list. Raises `EditionRefused` in the words of what went wrong."""
    if list_name not in KINDS:
        known = ", ".join(KINDS)
        raise EditionRefused(problems=[f"{list_name}: the registry gives {known} (danh mục không có)"])
    if settings.destinations is None:
        raise SettingsInvalid(problems=[NO_DESTINATIONS])
    desk = registry.build(national_registry_settings(settings.destinations), clock)
    try:
        return [_row(code) for code in desk.fetch(KINDS[list_name])]
    except AdapterError as error:
        said = error.evidence.partner_text if error.evidence else None
        problem = f"{type(error).__name__}: {error} {said or ''}".strip()
        raise EditionRefused(problems=[problem]) from error
    finally:
        desk.close()


def _row(code: RegistryCode) -> Mapping[str, str]:
    return {"code": code.code, "name": code.full_name or code.name}
