"""What sections of settings are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0, le=30 * 86_400)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Schedule = Annotated[tuple[Seconds, ...], Field(min_length=1, max_length=50)]
Port = Annotated[int, Field(ge=0, le=65_535)]
UnitCode = Annotated[str, Field(pattern=r"^\d{2}(\d{3})?$|^\d{3}$")]
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]


class Section(BaseModel):
    """A frozen group of settings; an unknown key is an error, because it is usually a misspelt one."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        hide_input_in_errors=True,  # what was set may be a secret, also in the wrong place
    )
