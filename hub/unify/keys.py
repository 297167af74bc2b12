"""What a party can be recognised by: strong keys, which connect records, and weak clues, which only raise a suspicion.

Values that many share or that mean nobody become neither.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList
from stdnum.br import cnpj, cpf
from stdnum.exceptions import ValidationError

from hub.model import TYPES, Company, Contact, Entity
from hub.unify import blocked
from hub.unify.names import firm_key, name_key

PARTIES = (Contact.TYPE, Company.TYPE)
"""The types that become customers."""

_MAX_KEY = 190
_TAIL = 8
"""Digits at the end of a phone number that are the same with and without its codes of country and area."""


def keys(entity: Entity, system: str, connection_id: str) -> frozenset[str]:
    """The strong keys of a party, as `kind:value`; none for anything that is no party.

    A record's own native names (`native:hubspot:contact:101`, and with the connection's id in place of the system) are among
    them, so that another system's reference finds it.
    """
    if not isinstance(entity, Contact | Company):
        return frozenset()
    found = {f"native:{place}:{entity.TYPE}:{entity.id}" for place in (system, connection_id)}
    found |= {f"native:{name}" for said in entity.external_ids if (name := _reference(said, entity.TYPE))}
    found |= {f"tax:{number}" for number in (tax_key(entity),) if number}
    if isinstance(entity, Contact):
        found |= {f"email:{key}" for email in entity.emails if (key := email_key(email.address))}
    else:
        found |= {f"domain:{key}" for said in (*entity.domains, entity.website) if said and (key := domain_key(said))}
    return _short(found)


def own_key(entity: Entity, system: str) -> str:
    """A record's own native name in its system, which another account of the system may use for another record."""
    return f"native:{system}:{entity.TYPE}:{entity.id}"


def clues(entity: Entity, connection_id: str | None = None) -> frozenset[str]:
    """The weak clues of a party: ends of phone numbers, a name at an employer, a firm's name.

    The connection's id adds the employers that a contact has by their ids.
    """
    if isinstance(entity, Contact):
        found = {f"tel:{tail}" for phone in entity.phones if (tail := phone_tail(phone.number))}
        return _short(found | set(_works(entity, connection_id)))
    if isinstance(entity, Company) and (firm := firm_key(entity.name or "")):
        return _short({f"firm:{firm}"})
    return frozenset()


def employers(entity: Entity) -> frozenset[str]:
    """The keys of companies whose domain a contact's addresses have; a company that no source has is not invented by them."""
    if not isinstance(entity, Contact):
        return frozenset()
    return _short({f"domain:{domain}" for email in entity.emails if (domain := email_domain(email.address))})


def full_name(entity: Contact | Company) -> str:
    """What the record calls whom it is about; empty where it does not say."""
    if isinstance(entity, Company):
        return entity.name or ""
    return entity.full_name or " ".join(part for part in (entity.given_name, entity.family_name) if part)


@lru_cache(maxsize=8192)
def email_key(address: str) -> str | None:
    """An address for matching: lower case, its domain in ASCII; None where it names nobody in particular."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().lower().rpartition("@")
    local = local.replace("\u200b", "")
    if not at or blocked.mailbox(local) or re.search(r"\s", local):
        return None
    ascii_domain = _ascii(domain)
    return f"{local}@{ascii_domain}" if ascii_domain and "." in ascii_domain else None


def email_domain(address: str) -> str | None:
    """The registrable domain of an address where it can stand for a company."""
    _, at, domain = address.rpartition("@")
    return domain_key(domain) if at else None


@lru_cache(maxsize=8192)
def domain_key(said: str) -> str | None:
    """The registrable domain of a domain or web address; None for free mail, public suffixes and nonsense."""
    said = said.strip()
    try:
        host = urlsplit(said if "//" in said else f"//{said}").hostname
    except ValueError:
        return None
    ascii_host = _ascii((host or "").strip("."))
    found = _suffixes().privatesuffix(ascii_host) if ascii_host and "." in ascii_host else None
    return None if found is None or found in blocked.FREE_MAIL or not re.search("[a-z]", found) else str(found)


def tax_key(entity: Contact | Company) -> str | None:
    """A person's valid CPF or a company's valid CNPJ, without punctuation, after its kind."""
    kind, rules = ("cpf", cpf) if isinstance(entity, Contact) else ("cnpj", cnpj)
    try:
        found = rules.validate(entity.tax_id or "")
    except ValidationError:
        return None
    return None if blocked.tax_id(found) else f"{kind}:{found}"


def phone_tail(written: str) -> str | None:
    """The last eight digits of a number, an extension left out; the same however its codes are written."""
    number = re.split(r"(?<=\d)[^\d]*[^\W\d][^\d]*|[#;,]", unicodedata.normalize("NFKC", written))[0]
    digits = re.sub(r"\D", "", number)
    return digits[-_TAIL:] if len(digits) >= _TAIL else None


def _works(contact: Contact, connection_id: str | None) -> Iterator[str]:
    name = name_key(full_name(contact))
    if name:
        places = {key.removeprefix("domain:") for key in employers(contact)}
        places |= {firm for firm in (firm_key(contact.company_name or ""),) if firm}
        places |= {f"{connection_id}/{company}" for company in contact.company_ids if connection_id}
        yield from (f"works:{name}|{place}" for place in places)


def _reference(said: str, kind: str) -> str | None:
    """A native cross reference with its type; None where it points at nobody."""
    place, colon, rest = said.strip().partition(":")
    named, typed, identity = rest.partition(":")
    if named not in TYPES or not typed:
        named, identity = kind, rest
    return f"{place}:{named}:{identity}" if place and colon and not blocked.native_id(identity) else None


def _short(found: set[str]) -> frozenset[str]:
    return frozenset(key for key in found if len(key) <= _MAX_KEY)


def _ascii(domain: str) -> str | None:
    try:
        found = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return None
    return found if re.fullmatch(r"[a-z0-9._-]{1,253}", found) else None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)
