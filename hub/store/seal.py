"""What is secret at rest: AES-256-GCM, bound to the row and column it belongs to."""

import base64
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import Misdeclared

_NONCE = 12
_SEALED = re.compile(r"v1:([A-Za-z0-9-]{1,32}):([A-Za-z0-9+/=]+)")


class Seal:
    """The first key seals, all of them open, so that keys can be changed without a stop."""

    def __init__(self, keys: tuple[tuple[str, bytes], ...]) -> None:
        """Misdeclared without any key: nothing secret is ever stored in the open."""
        if not keys:
            raise Misdeclared("HUB_KEYS is missing: make a key with `hub keys new` and keep it outside the database")
        self.first = keys[0][0]
        self._keys = {name: AESGCM(key) for name, key in keys}

    def shut(self, secret: str, where: str) -> str:
        """The sealed text of a secret; `where` is table:row:column, and only there does it open again."""
        nonce = os.urandom(_NONCE)
        sealed = self._keys[self.first].encrypt(nonce, secret.encode(), where.encode())
        return f"v1:{self.first}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, where: str) -> str:
        """The secret; Misdeclared where its key is gone or the text was moved or changed."""
        name = key_of(sealed)
        if not name:
            raise Misdeclared(f"{where} holds no sealed text; enter the secret again")
        if name not in self._keys:
            raise Misdeclared(f"{where} is sealed with the key {name!r}, which HUB_KEYS does not have; add it again")
        try:
            data = base64.b64decode(sealed.rpartition(":")[2])
            return self._keys[name].decrypt(data[:_NONCE], data[_NONCE:], where.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Misdeclared(f"{where} was not sealed for this place, or the key {name!r} is another one") from error

    def current(self, sealed: str) -> bool:
        """Whether it is sealed with the key that seals now."""
        return key_of(sealed) == self.first


def key_of(sealed: str) -> str:
    """The name of the key that a text was sealed with; empty for a text that is none of ours."""
    match = _SEALED.fullmatch(sealed)
    return match[1] if match else ""
