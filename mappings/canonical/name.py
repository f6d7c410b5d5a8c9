"""Names of people (họ, chữ đệm và tên)."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.text_types import NameText
from mappings.canonical.violations import violation
from mappings.text import fold_spaces


class PersonName(BaseModel):
    """The whole name, its parts, or both; the whole name is what counts."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "anyOf": [
                {"properties": {"full": {"type": "string"}}, "required": ["full"]},
                {"properties": {"given": {"type": "string"}}, "required": ["given"]},
            ],
            "examples": [{"full": "LÊ THỊ MẪU"}, {"family": "Lê", "middle": "Thị", "given": "Mẫu"}],
        },
    )

    full: NameText | None = Field(None, description="Họ, chữ đệm và tên đầy đủ")
    family: NameText | None = Field(None, description="Họ")
    middle: NameText | None = Field(None, description="Chữ đệm")
    given: NameText | None = Field(None, description="Tên")

    @model_validator(mode="after")
    def _whole_and_parts_agree(self) -> Self:
        if self.full is not None and self.family is None and self.middle is None and self.given is None:
            return self  # nearly always: there is nothing to compare
        parts = self._joined_parts()
        if self.full is None and self.given is None:
            raise violation("name_missing")
        if self.full is not None and parts and parts.casefold() != self.full.casefold():
            raise violation("name_parts_disagree")
        return self

    def _joined_parts(self) -> str:
        return fold_spaces(" ".join(part for part in (self.family, self.middle, self.given) if part))

    @property
    def whole(self) -> str:
        """The whole name: as given, else joined from its parts."""
        return self.full if self.full is not None else self._joined_parts()
