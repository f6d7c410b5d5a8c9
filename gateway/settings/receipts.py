"""What makes receipts verifiable later."""

from pydantic import Field, SecretStr

from gateway.settings.section import Section


class ReceiptSettings(Section):
    """Receipts (biên nhận) that anybody can check."""

    signing_key: SecretStr | None = Field(
        None,
        description="Private key (PEM, Ed25519) that signs receipts, made by `hotich-gateway receipt key"
        " new`; also read from the file named by signing_key_file. Without it receipts carry no signature.",
    )
