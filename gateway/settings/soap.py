"""The SOAP way in."""

from typing import Annotated

from pydantic import Field, SecretStr

from gateway.settings.section import Address, Count, Section

PASSWORD_KEY_CHARACTERS_MIN = 32


class SoapSettings(Section):
    """How foreign toolkits reach us."""

    public_address: Address | None = Field(
        None,
        description="Address that the WSDL names, where the gateway stands behind a proxy; by default the one"
        " that the request for the WSDL used.",
    )
    events_max: Annotated[int, Field(ge=1, le=5_000)] = Field(
        500, description="Most events of one RegisterMany, in events; more belong into a batch."
    )
    clock_tolerance_seconds: Annotated[float, Field(gt=0, le=3_600)] = Field(
        300,
        description="How far the time in a security header may be from ours, in seconds; each nonce is"
        " remembered accordingly.",
    )
    password_key: Annotated[SecretStr, Field(min_length=PASSWORD_KEY_CHARACTERS_MIN)] | None = Field(
        None,
        description="Key from which the SOAP passwords of clients are derived, at least 32 characters;"
        " without it no PasswordDigest is accepted. The same on every machine; also read from the file named"
        " by password_key_file.",
    )
    text_checks_max: Count = Field(
        2,
        description="Passwords in clear that are checked at once, in checks; each costs 16 MB and some time"
        " on purpose.",
    )
