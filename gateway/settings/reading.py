"""Where settings come from: defaults, then the TOML file named by HOTICH_CONFIG, then HOTICH_* variables."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gateway.errors import SettingsInvalid
from gateway.settings.tree import Section, Settings

PREFIX = "HOTICH_"
CONFIG_VARIABLE = "HOTICH_CONFIG"
NESTING = "__"
FILE_SUFFIX = "_file"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Build the tree or raise `SettingsInvalid` naming every wrong setting at once."""
    merged: dict[str, Any] = {}
    if CONFIG_VARIABLE in environment:
        merged = _read_toml(Path(environment[CONFIG_VARIABLE]))
    for variable, text in sorted(environment.items()):
        if variable.startswith(PREFIX) and variable != CONFIG_VARIABLE:
            _place(merged, variable.removeprefix(PREFIX).lower().split(NESTING), _value_of(text))
    _read_secret_files(merged)
    try:
        return Settings.model_validate(merged)
    except ValidationError as invalid:
        raise SettingsInvalid(problems=[_explain(error) for error in invalid.errors()]) from invalid


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as missing:
        raise SettingsInvalid(
            problems=[f"{CONFIG_VARIABLE}: cannot read {path}: {missing.strerror}"]
        ) from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise SettingsInvalid(
            problems=[f"{CONFIG_VARIABLE}: {path} is not TOML in UTF-8: {broken}"]
        ) from broken


def _place(tree: dict[str, Any], path: list[str], value: object) -> None:
    for name in path[:-1]:
        branch = tree.setdefault(name, {})
        if not isinstance(branch, dict):
            raise SettingsInvalid(problems=[f"{'.'.join(path)}: {name} is a value, not a section"])
        tree = branch
    tree[path[-1]] = value


def _value_of(text: str) -> object:
    """A list is written with commas; everything else stays text and is read by its type."""
    if text.startswith("[") and text.endswith("]"):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return text


def _read_secret_files(tree: dict[str, Any]) -> None:
    for name, value in list(tree.items()):
        if isinstance(value, dict):
            _read_secret_files(value)
        elif name.endswith(FILE_SUFFIX) and isinstance(value, str):
            try:
                tree[name.removesuffix(FILE_SUFFIX)] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as missing:
                raise SettingsInvalid(
                    problems=[f"{name}: cannot read {value}: {missing.strerror}"]
                ) from missing
            del tree[name]


def _explain(error: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"]) or "settings"
    field = find_field(tuple(str(part) for part in error["loc"]))
    meaning = f" ({field[0]}; default {field[1]})" if field else ""
    variable = PREFIX + name.upper().replace(".", NESTING)
    return f"{name}: {error['msg']}{meaning}. Set {variable}, or {name} in the file."


def find_field(path: tuple[str, ...], section: type[Section] = Settings) -> tuple[str, object] | None:
    """Description and default of the setting at this path, if there is one."""
    field = section.model_fields.get(path[0]) if path else None
    if field is None:
        return None
    nested = section_of(field.annotation)
    if nested is not None and len(path) > 1:
        return find_field(path[1:], nested)
    default = "none, must be set" if field.is_required() else field.get_default(call_default_factory=False)
    return str(field.description or nested), default


def section_of(annotation: object) -> type[Section] | None:
    """The section a field holds, also behind an optional."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None
