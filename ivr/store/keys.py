"""The keys that personal columns are sealed with: where they are kept, and what is done with them."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.errors import StoreError

KEYS_FILE = "keys"
"""name of the key file, beside the database"""

VARIABLE = "IVR_KEYS"

MARK = "sealed:"
"""what a sealed text begins with; `sealed:KEY:BASE64`, of nonce and ciphertext"""

SECRET_BYTES = 32
"""AES-256"""

NONCE_BYTES = 12
"""of AES-GCM, random for each text (NIST SP 800-38D, 8.2.2)"""

INDEX_DIGITS = 32
"""hexadecimal digits of a blind index: 128 bits"""

_LINE = re.compile(r"(?P<id>[A-Za-z0-9_-]{1,32}):(?P<secret>[A-Za-z0-9+/]{43}=)")


@dataclass(frozen=True)
class Key:
    """One key: seals with AES-256-GCM, and makes blind indexes, each with a secret of its own (RFC 5869)."""

    id: str
    """stands in every sealed text; no secret"""
    secret: bytes = field(repr=False)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived(b"ivr seal"))

    @cached_property
    def _index_secret(self) -> bytes:
        return self._derived(b"ivr index")

    def seal(self, text: str, place: str) -> str:
        """`text` so that only the key opens it, and only at its `place`, `table.column`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())
        return f"{self.mark}{base64.b64encode(sealed).decode('ascii')}"

    def open(self, sealed: str, place: str) -> str:
        """What was sealed at `place`; InvalidTag or ValueError for anything else."""
        raw = base64.b64decode(sealed.removeprefix(self.mark), validate=True)
        return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()

    def index(self, text: str, place: str) -> str:
        """The same for the same text, and of no use without the key: for look-ups (facts/durability.md)."""
        digest = hmac.new(self._index_secret, f"{place}\0{text}".encode(), hashlib.sha256)
        return digest.hexdigest()[:INDEX_DIGITS]

    @property
    def mark(self) -> str:
        return f"{MARK}{self.id}:"

    def _derived(self, purpose: bytes) -> bytes:
        return HKDF(SHA256(), SECRET_BYTES, salt=None, info=purpose).derive(self.secret)


def new_key() -> Key:
    return Key(secrets.token_hex(4), secrets.token_bytes(SECRET_BYTES))


def read_keys(lines: Iterable[str], where: str | Path) -> tuple[Key, ...]:
    """Keys as `ID:BASE64`, the newest first; StoreError that names the line but never shows it."""
    keys: dict[str, Key] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        try:
            secret = base64.b64decode(match["secret"] if match else "")
        except binascii.Error:
            secret = b""
        if match is None or len(secret) != SECRET_BYTES:
            raise StoreError(
                "this is no key: expected ID:BASE64 of 32 bytes, as `openssl rand -base64 32` makes",
                where=f"{where}:{number}",
            )
        if match["id"] in keys:
            raise StoreError(f"there are two keys {match['id']}", where=f"{where}:{number}")
        keys[match["id"]] = Key(match["id"], secret)
    return tuple(keys.values())


class KeyRing:
    """The keys of one database: of the variable when it is set, else of the file. The first seals, all open.

    A file that has changed is read again: a rotation in another process is followed at once. Raises StoreError.
    """

    def __init__(self, file: Path, variable: str = "") -> None:
        self.file = file
        self.fixed = bool(variable)
        """whether the keys are the variable's, which we cannot change"""
        self._keys = read_keys(variable.split(","), VARIABLE)
        self._seen: tuple[int, ...] = ()

    @property
    def where(self) -> str:
        return VARIABLE if self.fixed else str(self.file)

    @property
    def keys(self) -> tuple[Key, ...]:
        """All keys, the newest first; none where there is no file yet."""
        if self.fixed:
            return self._keys
        try:
            found = self.file.stat()
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if seen != self._seen:
                self._keys = read_keys(self.file.read_text(encoding="ascii").splitlines(), self.file)
                self._seen = seen
        except FileNotFoundError:
            self._keys, self._seen = (), ()
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"the key file cannot be read ({error})", where=self.file) from error
        return self._keys

    @property
    def active(self) -> Key:
        """The key that seals."""
        keys = self.keys
        if not keys:
            raise StoreError("there is no key: restore this file from your backup", where=self.where)
        return keys[0]

    def seal(self, text: str, place: str) -> str:
        """Seal a text for `place`, `table.column`; an empty one stays empty."""
        return self.active.seal(text, place) if text else ""

    def open(self, sealed: str, place: str) -> str:
        """What was sealed; a text of the time before there were keys is as it is."""
        if not sealed.startswith(MARK):
            return sealed
        name = sealed.removeprefix(MARK).partition(":")[0]
        key = next((key for key in self.keys if key.id == name), None)
        if key is None:
            raise StoreError(missing(name), where=self.where)
        try:
            return key.open(sealed, place)
        except (InvalidTag, ValueError) as error:
            raise StoreError(
                f"a value of {place} was changed, or key {name} is another one than it was sealed with: restore both"
                " database and keys from one backup",
                where=self.where,
            ) from error

    def index(self, text: str, place: str) -> str:
        """The blind index that a new row gets."""
        return self.active.index(text, place)

    def indexes(self, text: str, place: str) -> tuple[str, ...]:
        """Every index that a row of this text may have: by each key, and plain from the time before."""
        return (*(key.index(text, place) for key in self.keys), text)

    def create(self) -> None:
        """Make the file with a first key in it, for our eyes only; whoever makes it first at once wins."""
        self._write((new_key(),), first=True)

    def add(self) -> Key:
        """A new key that seals from now on; the others still open."""
        key = new_key()
        self._write((key, *self.keys))
        return key

    def keep(self, names: Iterable[str]) -> None:
        """Remove the other keys from the file."""
        wanted = set(names)
        self._write(tuple(key for key in self.keys if key.id in wanted))

    def _write(self, keys: tuple[Key, ...], *, first: bool = False) -> None:
        """Whole or not at all, and on the disk before any row needs it."""
        if self.fixed:
            raise StoreError("the keys are set by this variable: put a new one first in it", where=VARIABLE)
        lines = [f"{key.id}:{base64.b64encode(key.secret).decode('ascii')}\n" for key in keys]
        head = "# Without these keys nobody can read the database. Keep a copy elsewhere than the database's.\n"
        part = self.file.with_name(f".{secrets.token_hex(8)}.part")
        try:
            file = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(file, "w", encoding="ascii") as text:  # noqa: PTH123 - of a descriptor
                text.write(head + "".join(lines))
                text.flush()
                os.fsync(text.fileno())
            if first:
                with contextlib.suppress(FileExistsError):
                    os.link(part, self.file)
            else:
                part.replace(self.file)
            folder = os.open(self.file.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise StoreError(
                f"the key file cannot be written ({error.strerror or error}): check its folder and its free space",
                where=self.file,
            ) from error
        finally:
            part.unlink(missing_ok=True)


def missing(name: str) -> str:
    """What to do without a key."""
    return (
        f"key {name}, which rows of this database are sealed with, is not here: restore the key file from your backup,"
        f" or set {VARIABLE}; nothing was changed"
    )
