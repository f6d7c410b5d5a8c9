"""Keys that sign courier bundles."""

import pytest
from pydantic import SecretStr

from gateway.errors import SettingsInvalid
from gateway.operations.bundle_key import is_signed_by, new_key_pair, signer_of


def test_a_signature_speaks_for_one_key_and_one_content() -> None:
    pair, other = new_key_pair(), new_key_pair()
    signer = signer_of(SecretStr(pair.private_pem))
    assert signer is not None
    signature = signer.sign(b"content")
    assert (signer.key_id, signer.public_pem) == (pair.key_id, pair.public_pem)
    assert is_signed_by(pair.public_pem, b"content", signature)
    assert not is_signed_by(pair.public_pem, b"other", signature)
    assert not is_signed_by(other.public_pem, b"content", signature)
    assert is_signed_by("no key", b"content", signature) is None


def test_without_a_key_there_is_no_signer() -> None:
    assert signer_of(None) is None


def test_a_wrong_key_is_an_error_that_does_not_repeat_it() -> None:
    with pytest.raises(SettingsInvalid) as invalid:
        signer_of(SecretStr("very-secret-text"))
    assert "very-secret-text" not in str(invalid.value)
