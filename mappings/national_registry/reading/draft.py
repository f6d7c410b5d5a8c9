"""An event on its way out of a dossier: what is read so far, from which field, and what cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadingFault:
    """Why a field of the dossier cannot be read; never quotes a value."""

    field: str
    """As the dialect names it: `nksNgaySinh`, `nksNoiSinh.maXa`, `maDonVi`."""
    code: str
    message_vi: str
    message_en: str


@dataclass(slots=True)
class Draft:
    """Filled by the readers, one field after the other."""

    day: date
    """The day of registration by Vietnamese time, on which codes mean something."""
    record: Mapping[str, object]
    event: JsonObject = field(default_factory=dict)
    faults: list[ReadingFault] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    """Dotted path in the event -> field of the dialect that said it."""
    assumed: list[ReadingFault] = field(default_factory=list)
    """What was taken as not known, or by a rule: told with the answer."""
    is_declaration: bool = False
    """It stands in no book yet: the registry's clerk will register it."""

    def put(self, path: str, value: object, origin: str) -> None:
        """Set a value; what an earlier field said there stays."""
        holder: JsonObject = self.event
        *parents, name = path.split(".")
        for parent in parents:
            inner = holder.setdefault(parent, {})
            if not isinstance(inner, dict):
                return
            holder = inner
        if name not in holder:
            holder[name] = value
            self.origins[path] = origin

    def find(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """What stands there so far; None when nothing does."""
        value: Any = self.event
        for name in path.split("."):
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    def refuse(self, name: str, code: str, message_vi: str, message_en: str) -> None:
        """A field that cannot be read."""
        self.faults.append(ReadingFault(name, code, message_vi, message_en))

    def assume(self, name: str, code: str, message_vi: str, message_en: str) -> None:
        """A field that is read by a rule."""
        self.assumed.append(ReadingFault(name, code, message_vi, message_en))

    def items(self, path: str) -> Iterator[JsonObject]:
        """The objects of a list, if it is there."""
        yield from self.find(path) or ()

    def wrong_format(self, name: str, wanted_vi: str, wanted_en: str) -> None:
        """A field with a value of another form."""
        self.refuse(
            name,
            "dialect_wrong_format",
            f"{name} có định dạng không đúng; hãy ghi {wanted_vi}.",
            f"{name} has the wrong format; write {wanted_en}.",
        )

    def not_in_list(self, name: str, list_name: str, remedy_vi: str = "", remedy_en: str = "") -> None:
        """A code that nobody knows."""
        self.refuse(
            name,
            "dialect_code_unknown",
            f"{name} không tồn tại trong danh mục {list_name}; hãy chọn mã có trong danh mục{remedy_vi}.",
            f"{name} is not in the list {list_name}; choose a code of the list{remedy_en}.",
        )
