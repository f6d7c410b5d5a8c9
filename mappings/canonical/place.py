"""Places, as codes that mean something on a date (địa danh, mã đơn vị hành chính)."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.text_types import (
    CalendarDay,
    CommuneCode,
    CountryCode,
    DistrictCode,
    ProvinceCode,
    Text500,
)
from mappings.canonical.violations import violation


class Place(BaseModel):
    """A place by codes and detail; the codes are read in the list that was in force on `as_of`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: CountryCode = Field("VN", description="Quốc gia, mã ISO 3166-1 hai chữ", examples=["VN"])
    province_code: ProvinceCode | None = Field(None, description="Mã tỉnh, thành phố", examples=["08"])
    district_code: DistrictCode | None = Field(None, description="Mã huyện; chỉ có trước ngày 01/07/2025")
    commune_code: CommuneCode | None = Field(None, description="Mã xã, phường, đặc khu", examples=["00715"])
    detail: Text500 | None = Field(None, description="Số nhà, thôn, tổ; hoặc địa chỉ ở nước ngoài")
    as_of: CalendarDay | None = Field(None, description="Ngày mà các mã có nghĩa; để trống là ngày đăng ký")

    @model_validator(mode="after")
    def _abroad_has_no_codes(self) -> Self:
        coded = self.province_code or self.district_code or self.commune_code
        if self.country != "VN" and coded:
            raise violation("place_abroad_with_codes")
        return self
