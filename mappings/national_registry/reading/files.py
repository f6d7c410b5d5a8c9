"""Reading the attached files of a push (fileDinhKem, generation 2)."""

import mimetypes
from collections.abc import Mapping
from typing import Final

from mappings.national_registry.reading.draft import Draft, JsonObject
from mappings.national_registry.reading.spelling import Unreadable, find_text
from mappings.national_registry.reading.tables import find_term

FIELD: Final = "fileDinhKem"
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".xml": "application/xml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
}
"""Beside what the standard library knows on every machine."""


def read_files(draft: Draft, value: object) -> None:
    """Each file; of a withdrawn one the content is not kept."""
    if value is None or value in ([], "", "null"):
        return
    if not isinstance(value, list):
        draft.wrong_format(FIELD, "một danh sách tệp", "a list of files")
        return
    found: list[JsonObject] = []
    for position, item in enumerate(value):
        origin = f"{FIELD}[{position}]"
        if not isinstance(item, Mapping):
            draft.wrong_format(origin, "một đối tượng mô tả tệp", "an object that describes a file")
            continue
        try:
            found.append(_read_file(draft, item))
        except Unreadable:
            draft.wrong_format(origin, "các trường dạng chữ hoặc số", "fields that are text or numbers")
        _note_origins(draft, len(found) - 1, origin)
    draft.event["attachments"] = found
    draft.origins["attachments"] = FIELD


def _read_file(draft: Draft, item: Mapping[object, object]) -> JsonObject:
    file_name = find_text(item.get("tenTepDinhKem")) or find_text(item.get("tenGiayTo"))
    withdrawn = find_text(item.get("huyGiayTo")) == "1"
    content = item.get("duLieuTepDinhKem")
    kind, is_known = find_term("attachment", find_text(item.get("loaiGiayTo")) or "", draft.day)
    if not is_known:
        kind = "other"  # the list of kinds is not public: a kind that we do not know is no fault
    suffix = "." + (file_name or "").rpartition(".")[2].casefold()
    media_type = _MEDIA_TYPES.get(suffix) or mimetypes.types_map.get(suffix) or "application/octet-stream"
    found = {
        "file_name": file_name,
        "title": find_text(item.get("tenGiayTo")) or file_name,
        "kind": kind,
        "media_type": media_type,
        "withdrawn": withdrawn,
    }
    if isinstance(content, str) and content.strip() and not withdrawn:
        found["content_base64"] = "".join(content.split()).rpartition("base64,")[2]
    return {name: value for name, value in found.items() if value is not None}


def _note_origins(draft: Draft, index: int, origin: str) -> None:
    theirs = {
        "file_name": "tenTepDinhKem",
        "title": "tenGiayTo",
        "kind": "loaiGiayTo",
        "content_base64": "duLieuTepDinhKem",
    }
    draft.origins[f"attachments.{index}"] = origin
    for ours, name in theirs.items():
        draft.origins[f"attachments.{index}.{ours}"] = f"{origin}.{name}"
