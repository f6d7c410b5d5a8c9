"""The key of SOAP passwords beside a sandbox: made once and kept with the database, for its owner's eyes."""

import base64
import os
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from sqlalchemy import make_url

from gateway.model.ids import RandomBytes
from gateway.settings import Settings
from gateway.settings.soap import PASSWORD_KEY_CHARACTERS_MIN

FILE_NAME: Final = "sandbox-soap-password-key"
_DATA_FOLDER: Final = Path("var")
"""Where nothing else says so."""
_KEY_BYTES: Final = 36


def key_file(settings: Settings) -> Path:
    """Beside the SQLite file; with another database in the usual folder for what is kept."""
    url = make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    folder = Path(url.database or "").parent if is_file else _DATA_FOLDER
    return folder / FILE_NAME


def with_soap_key(settings: Settings, random_bytes: RandomBytes) -> tuple[Settings, Path | None]:
    """The settings with a key, and the file that it is in; a key that is set already stays, without a file.

    Raises:
        OSError: the file can be neither read nor made.
        ValueError: what is in it is no key.

    """
    if settings.soap.password_key is not None:
        return settings, None
    path = key_file(settings)
    key = _kept_key(path, random_bytes)
    if len(key) < PASSWORD_KEY_CHARACTERS_MIN:
        message = f"{path}: fewer than {PASSWORD_KEY_CHARACTERS_MIN} characters"
        raise ValueError(message)
    soap = settings.soap.model_copy(update={"password_key": SecretStr(key)})
    return settings.model_copy(update={"soap": soap}), path


def _kept_key(path: Path, random_bytes: RandomBytes) -> str:
    """What an earlier start has made, or a new one: passwords that were shown go on being good."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(base64.urlsafe_b64encode(random_bytes(_KEY_BYTES)).decode())
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()
