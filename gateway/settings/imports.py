"""Imports of old paper books: their own promise, their own age, and limits of the files."""

from typing import Annotated

from pydantic import Field

from gateway.settings.section import Count, Section

MEBIBYTE = 1024 * 1024


class ImportSettings(Section):
    """What holds for `hotich-gateway import`."""

    promise_seconds: Annotated[float, Field(gt=0, le=3_650 * 86_400)] = Field(
        90 * 86_400,
        description="From acceptance until the registry should hold an entry of an old book, in seconds"
        " (90 days); the promise of live events counts from a registration that is decades old.",
    )
    registration_age_days_max: Count = Field(
        36_525,
        description="How long ago an entry of an old book may have been registered, in days (100 years).",
    )
    rows_per_commit: Annotated[int, Field(ge=1, le=5_000)] = Field(
        200, description="Rows of one transaction, in rows; live events wait for no longer than one takes."
    )
    file_bytes_max: Annotated[int, Field(ge=1_024, le=16 * 1024 * MEBIBYTE)] = Field(
        1024 * MEBIBYTE, description="Largest file that is read, in bytes."
    )
    unpacked_bytes_max: Annotated[int, Field(ge=1_024, le=64 * 1024 * MEBIBYTE)] = Field(
        4 * 1024 * MEBIBYTE, description="Largest part of a workbook after unpacking, in bytes."
    )
    unpacked_ratio_max: Annotated[int, Field(ge=2, le=10_000)] = Field(
        200,
        description="A part of a workbook that unpacks to more than so many times its size is refused, as a"
        " ratio.",
    )
    cell_characters_max: Annotated[int, Field(ge=100, le=100_000)] = Field(
        2_000, description="Longest text of a cell, in characters."
    )
