"""Who may do what: the people who sign in, and the API keys of programs."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from hub.errors import BadInput
from hub.store import access_tables as t
from hub.store.database import Transaction

VIEWER, OPERATOR, ADMIN, PRIVACY = "viewer", "operator", "admin", "privacy"
ROLES = (VIEWER, OPERATOR, ADMIN, PRIVACY)
"""What people may be: viewers read, operators decide and sync, admins connect and invite, `privacy` is the privacy officer."""
SCOPES = ("read", "read:pii", "push", "backfill", "admin")
"""What an API key may do."""

_KEY = re.compile(r"hub_([0-9a-z]{8})_([0-9A-Za-z]{32})")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_NOTED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in; `password` is the argon2id hash, None as long as an invitation waits."""

    id: int
    email: str
    name: str | None
    role: str
    password: str | None
    created_at: datetime
    last_seen_at: datetime | None
    deactivated_at: datetime | None

    @property
    def active(self) -> bool:
        """Whether this person can sign in."""
        return self.password is not None and self.deactivated_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A program's key without its secret."""

    id: str
    label: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is neither revoked nor past its end."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def users(tx: Transaction) -> list[User]:
    """All people, in the order of their making."""
    return [_user(row) for row in tx.execute(select(t.user).order_by(t.user.c.id))]


def user(tx: Transaction, user_id: int) -> User | None:
    """The person of that id."""
    row = tx.execute(select(t.user).where(t.user.c.id == user_id)).one_or_none()
    return None if row is None else _user(row)


def by_email(tx: Transaction, email: str) -> User | None:
    """The person with this address, compared without case."""
    row = tx.execute(select(t.user).where(t.user.c.email == email.strip().lower())).one_or_none()
    return None if row is None else _user(row)


def has_admin(tx: Transaction) -> bool:
    """Whether anybody can sign in as an admin; as long as nobody can, the start prints a one-time link."""
    return bool(tx.execute(select(func.count()).select_from(t.user).where(*_able_admins())).scalar_one())


def add_user(tx: Transaction, now: datetime, *, email: str, name: str | None, role: str) -> User:
    """Somebody new who cannot sign in yet; BadInput where the address is taken."""
    if role not in ROLES:
        raise BadInput("choose one of the roles", where="role")
    if by_email(tx, email) is not None:
        raise BadInput("somebody with this address is there already", where="email")
    row = {"email": email.strip().lower(), "name": name or None, "role": role, "created_at": now}
    found = user(tx, tx.execute(insert(t.user).values(row).returning(t.user.c.id)).scalar_one())
    if found is None:
        raise LookupError("a row that was just written")
    return found


def change_user(tx: Transaction, user_id: int, **values: Any) -> None:
    """Set columns of a person; BadInput where that would leave nobody who can sign in as an admin."""
    before = has_admin(tx)
    tx.execute(update(t.user).where(t.user.c.id == user_id).values(values))
    if before and not has_admin(tx):
        raise BadInput("this is the last admin; make somebody else an admin first")


def new_key(
    tx: Transaction, now: datetime, *, label: str, scopes: Collection[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """A new key and its text `hub_<id>_<secret>`, which is stored nowhere and shown once."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadInput("choose at least one of the scopes", where="scopes")
    name = "".join(secrets.choice(_ALPHABET.lower()[:36]) for _ in range(8))
    text = f"hub_{name}_{''.join(secrets.choice(_ALPHABET) for _ in range(32))}"
    row = {
        "id": name,
        "hash": _digest(text),
        "label": label,
        "scopes": json.dumps(sorted(scopes)),
        "created_at": now,
        "expires_at": expires_at,
    }
    tx.execute(insert(t.api_key).values(row))
    return _key(tx.execute(select(t.api_key).where(t.api_key.c.id == name)).one()), text


def key(tx: Transaction, presented: str, now: datetime) -> ApiKey | None:
    """The key that a program presents, if it is one of ours and still holds; compared in constant time."""
    match = _KEY.fullmatch(presented)
    row = tx.execute(select(t.api_key).where(t.api_key.c.id == match[1])).one_or_none() if match else None
    if row is None or not hmac.compare_digest(row.hash, _digest(presented)):
        return None
    found = _key(row)
    return found if found.holds(now) else None


def key_used(tx: Transaction, found: ApiKey, now: datetime) -> None:
    """Note that a key was used; callers ask `worth_noting` first, so that reading stays reading."""
    tx.execute(update(t.api_key).where(t.api_key.c.id == found.id).values(used_at=now))


def worth_noting(found: ApiKey, now: datetime) -> bool:
    """Whether the last noted use of a key is more than a minute ago."""
    return found.used_at is None or now - found.used_at > _NOTED


def api_keys(tx: Transaction) -> list[ApiKey]:
    """All keys, the newest first."""
    return [_key(row) for row in tx.execute(select(t.api_key).order_by(t.api_key.c.created_at.desc(), t.api_key.c.id))]


def revoke_key(tx: Transaction, key_id: str, now: datetime) -> bool:
    """End a key for good; False where there is none of that id that holds."""
    mine = (t.api_key.c.id == key_id, t.api_key.c.revoked_at.is_(None))
    return tx.execute(update(t.api_key).where(*mine).values(revoked_at=now)).rowcount == 1


def _able_admins() -> tuple[Any, ...]:
    return (t.user.c.role == ADMIN, t.user.c.password.is_not(None), t.user.c.deactivated_at.is_(None))


def _user(row: Row[Any]) -> User:
    return User(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def _key(row: Row[Any]) -> ApiKey:
    values = {name: getattr(row, name) for name in ApiKey.__slots__ if name != "scopes"}
    return ApiKey(scopes=frozenset(json.loads(row.scopes)), **values)


def _digest(text: str) -> str:
    """A random key of 190 bits needs no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()
