"""The ZIP of a courier bundle: messages, manifest, checksums, signature, cover page. Bytes in, bytes out."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.operations.bundle_key import Signer, is_signed_by
from gateway.operations.refusals import ActRefused

FORMAT: Final = "hotich-gateway-bundle"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "checksums.sha256"
SIGNATURE: Final = "signature.ed25519"
COVER: Final = "cover.html"
FORM: Final = "results-to-fill-in.csv"
RESULTS: Final = ("results.csv", "results.json")
"""The destination puts one of these into the ZIP; nothing else may be added."""
FILES_MAX: Final = 5_000
BYTES_MAX: Final = 512 * 1024 * 1024
"""Of everything unpacked: a small file may hide a large one."""


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle whose checksums are right."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]
    """What was signed, and the signature."""
    results: bytes | None
    """What the destination put in."""

    @property
    def bundle_id(self) -> str:
        """As the manifest says."""
        return str(self.manifest.get("bundle_id", ""))


def write_bundle(contents: Mapping[str, bytes], created_at: datetime, signer: Signer) -> bytes:
    """The same contents always give the same bytes."""
    checksums = "".join(f"{_sha256(content)}  {name}\n" for name, content in sorted(contents.items()))
    files = {
        **contents,
        CHECKSUMS: checksums.encode(),
        SIGNATURE: signer.sign(checksums.encode()),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, created_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def is_zip(data: bytes) -> bool:
    """By its first bytes."""
    return data.startswith(b"PK")


def open_bundle(data: bytes) -> OpenedBundle:
    """Raises `ActRefused`: unreadable, or changed since it was made."""
    files = _unpacked(data)
    results = [files.pop(name) for name in RESULTS if name in files]
    missing = [name for name in (MANIFEST, CHECKSUMS, SIGNATURE) if name not in files]
    if missing or len(results) > 1:
        raise ActRefused("bundle_unreadable", missing=missing)
    _require_checksums(files)
    try:
        manifest = json.loads(files[MANIFEST])
    except ValueError as broken:
        raise ActRefused("bundle_unreadable", missing=[]) from broken
    found = (manifest.get("format"), manifest.get("version")) if isinstance(manifest, dict) else None
    if found != (FORMAT, FORMAT_VERSION):
        raise ActRefused("bundle_unreadable", version=FORMAT_VERSION)
    return OpenedBundle(manifest, files, results[0] if results else None)


def require_signature(opened: OpenedBundle, public_pem: str) -> None:
    """Raises `ActRefused` when another key, or nobody, has signed it."""
    is_signed = is_signed_by(public_pem, opened.files[CHECKSUMS], opened.files[SIGNATURE])
    if is_signed is None:
        raise ActRefused("bundle_key_unreadable")
    if not is_signed:
        raise ActRefused("bundle_signature_wrong", key_id=opened.manifest.get("key_id"))


def require_same_bundle(opened: OpenedBundle, original: bytes) -> None:
    """Raises `ActRefused`: every byte but the results must be the one that we gave away."""
    ours = _unpacked(original)
    changed = sorted(name for name in {*ours, *opened.files} if ours.get(name) != opened.files.get(name))
    if changed:
        raise ActRefused("bundle_changed", files=changed)


def _require_checksums(files: Mapping[str, bytes]) -> None:
    try:
        lines = files[CHECKSUMS].decode().splitlines()
    except UnicodeDecodeError as broken:
        raise ActRefused("bundle_changed", files=[CHECKSUMS]) from broken
    promised = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {name: _sha256(content) for name, content in files.items()}
    changed = {
        name for name in {*promised, *found} - {CHECKSUMS, SIGNATURE} if promised.get(name) != found.get(name)
    }
    if changed:
        raise ActRefused("bundle_changed", files=sorted(changed))


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            total = sum(entry.file_size for entry in entries)
            if len(names) > FILES_MAX or len(set(names)) != len(names) or total > BYTES_MAX:
                raise ActRefused("bundle_unreadable", limit_files=FILES_MAX, limit_bytes=BYTES_MAX)
            return {name: archive.read(name) for name in names if not name.endswith("/")}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError) as broken:
        raise ActRefused("bundle_unreadable") from broken
    except OSError as broken:
        raise ActRefused("bundle_unreadable") from broken


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
