"""Passwords: argon2id, at most two at a time, since each takes 64 MB and a tenth of a second."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.errors import BadInput

SHORTEST, LONGEST = 12, 200

_hasher = PasswordHasher()
_room = BoundedSemaphore(2)


def hashed(password: str, *, not_like: str) -> str:
    """The hash to store; BadInput for a password that is short, endless, or the address it belongs to."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"choose a password of {SHORTEST} to {LONGEST} characters", where="password")
    if password.strip().lower() == not_like.strip().lower():
        raise BadInput("choose a password that is not your address", where="password")
    with _room:
        return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; without a stored one it takes as long, so that time tells nothing."""
    with _room:
        try:
            return _hasher.verify(stored or _nobodys(), password[:LONGEST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex())
