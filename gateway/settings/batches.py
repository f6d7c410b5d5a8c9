"""Batches over HTTP: any number of lines, a bounded part of them at once."""

from typing import Annotated

from pydantic import Field

from gateway.settings.section import Count, Section

MEBIBYTE = 1024 * 1024


class BatchSettings(Section):
    """What `POST /api/v1/events/batch` may hold at once; how long a batch is has no limit."""

    lines_in_flight_max: Annotated[int, Field(ge=1, le=10_000)] = Field(
        400, description="Most lines of one batch that wait for their commit, in lines."
    )
    bytes_in_flight_max: Annotated[int, Field(ge=1_024, le=1024 * MEBIBYTE)] = Field(
        32 * MEBIBYTE,
        description="From so much of one batch waiting for its commit on nothing more is read, in bytes.",
    )
    batches_max: Count = Field(8, description="Most batches at once in one process, in batches; then 429.")
    results_bytes_max: Annotated[int, Field(ge=1_024, le=64 * 1024 * MEBIBYTE)] = Field(
        256 * MEBIBYTE,
        description="Most results of one batch kept on disk for a client that sends and does not read, in"
        " bytes; then nothing more is read until it does.",
    )
