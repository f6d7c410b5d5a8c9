"""Dates of which only a part may be known (ngày tháng không đầy đủ)."""

from datetime import date
from typing import Annotated, Final, Literal, Self, assert_never

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator
from pydantic.config import JsonDict

from mappings.canonical.violations import violation

Certainty = Literal["exact", "by_rule", "unknown"]

_SCHEMA_RULES: Final[JsonDict] = {
    "if": {"properties": {"certainty": {"const": "unknown"}}, "required": ["certainty"]},
    "then": {"properties": {"year": {"type": "null"}, "month": {"type": "null"}, "day": {"type": "null"}}},
    "else": {
        "properties": {"year": {"type": "integer"}},
        "required": ["year"],
        "if": {"properties": {"day": {"type": "integer"}}, "required": ["day"]},
        "then": {"properties": {"month": {"type": "integer"}}, "required": ["month"]},
    },
    "examples": [
        {"year": 1990, "certainty": "exact"},
        {"year": 1960, "month": 1, "day": 1, "certainty": "by_rule"},
    ],
}


class PartialDate(BaseModel):
    """A day, month or year, with how sure it is; unknown is not 1 January (Circular 04/2020, art. 18, 23)."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_SCHEMA_RULES)

    year: Annotated[StrictInt, Field(ge=1800, le=2199)] | None = Field(None, description="Năm, dương lịch")
    month: Annotated[StrictInt, Field(ge=1, le=12)] | None = Field(None, description="Tháng; cần có năm")
    day: Annotated[StrictInt, Field(ge=1, le=31)] | None = Field(None, description="Ngày; cần có tháng")
    certainty: Certainty = Field(
        "exact",
        description="exact: như giấy tờ; by_rule: ngày 01 xác định theo quy tắc; unknown: không rõ",
    )

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        match self.certainty:
            case "unknown":
                if self.year is not None or self.month is not None or self.day is not None:
                    raise violation("partial_date_unknown_but_filled")
            case "exact":
                self._require_order()
            case "by_rule":
                self._require_order()
                if self.day != 1:
                    raise violation("partial_date_by_rule_not_first")
            case _:
                assert_never(self.certainty)
        return self

    def _require_order(self) -> None:
        if self.day is not None and self.month is None:
            raise violation("partial_date_order", missing="month")
        if self.month is not None and self.year is None:
            raise violation("partial_date_order", missing="year")
        if self.year is None:
            raise violation("partial_date_empty")
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError as error:
            raise violation("partial_date_not_in_calendar") from error

    @property
    def is_known(self) -> bool:
        """At least the year is known."""
        return self.year is not None

    @property
    def whole(self) -> date | None:
        """The day, when all three parts are there."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)
