"""What a party can be recognised by: normalised addresses, registrable domains and native cross references.

Rules I1, I2, I3 and I7 of the matching rules; values that many share or that mean nobody never become keys.
"""

import re
import unicodedata
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from hub.model import Company, Contact, Entity

PARTIES = (Contact.TYPE, Company.TYPE)
"""The types that become customers."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ROLES = _words(
    """
    abuse accounting admin administrativo ajuda atendimento billing careers comercial compras contabilidade
    contact contato cobranca email enquiries faturamento feedback finance financeiro fiscal ftp hello help helpdesk hi
    hostmaster hr info information inquiries invoices jobs juridico mail mailer-daemon marketing mkt news newsletter
    no-reply nobody noc noreply office ola orders ouvidoria postmaster press privacy recepcao reception rh root
    sac sales secretaria security service spam suporte support team test teste usenet uucp vagas vendas
    webmaster www
    """
)
"""Local parts that name a role, not a person (RFC 2142 and what companies use in English and Portuguese)."""

_FREE_MAIL = _words(
    """
    aol.com bol.com.br fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com
    hotmail.com.br icloud.com ig.com.br live.com mac.com mail.com mail.ru me.com msn.com oi.com.br outlook.com
    outlook.com.br proton.me protonmail.com qq.com terra.com.br tutanota.com uol.com.br web.de yahoo.co.uk
    yahoo.com yahoo.com.br yandex.com yandex.ru ymail.com zoho.com 163.com 126.com
    """
)
"""Domains whose mailboxes anybody can have: they say nothing about a company."""

_BLOCKED = re.compile(r"null|none|n/?a|anonymous|unknown|undefined|[0-9-]*0{5,}", re.IGNORECASE)
_MAX_KEY = 190


def keys(entity: Entity, system: str) -> frozenset[str]:
    """The keys of a party, as `kind:value`; none for anything that is no party.

    A record's own native name (`native:hubspot:contact:101`) is among them, so that another system's reference finds it.
    """
    if not isinstance(entity, Contact | Company):
        return frozenset()
    found = {f"native:{system}:{entity.TYPE}:{entity.id}"} | {f"native:{name}" for name in entity.external_ids}
    if isinstance(entity, Contact):
        found |= {f"email:{key}" for email in entity.emails if (key := email_key(email.address))}
    else:
        found |= {f"domain:{key}" for said in (*entity.domains, entity.website) if said and (key := domain_key(said))}
    return frozenset(key for key in found if len(key) <= _MAX_KEY)


def employers(entity: Entity) -> frozenset[str]:
    """The keys of companies whose domain a contact's addresses have; a company that no source has is not invented by them."""
    if not isinstance(entity, Contact):
        return frozenset()
    found = {f"domain:{domain}" for email in entity.emails if (domain := email_domain(email.address))}
    return frozenset(key for key in found if len(key) <= _MAX_KEY)


def email_key(address: str) -> str | None:
    """An address for matching: lower case, its domain in ASCII; None where it names nobody in particular."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().lower().rpartition("@")
    local = local.replace("\u200b", "")
    if not at or not local or local in _ROLES or _BLOCKED.fullmatch(local) or re.search(r"\s", local):
        return None
    ascii_domain = _ascii(domain)
    return f"{local}@{ascii_domain}" if ascii_domain and "." in ascii_domain else None


def email_domain(address: str) -> str | None:
    """The registrable domain of an address where it can stand for a company."""
    _, at, domain = address.rpartition("@")
    return domain_key(domain) if at else None


def domain_key(said: str) -> str | None:
    """The registrable domain of a domain or web address; None for free mail, public suffixes and nonsense."""
    said = said.strip()
    try:
        host = urlsplit(said if "//" in said else f"//{said}").hostname
    except ValueError:
        return None
    ascii_host = _ascii((host or "").strip("."))
    found = _suffixes().privatesuffix(ascii_host) if ascii_host and "." in ascii_host else None
    return None if found is None or found in _FREE_MAIL or not re.search("[a-z]", found) else str(found)


def name_key(name: str) -> str:
    """A name for comparing: NFKC, case folded, without accents and double blanks; the source's own spelling is never lost."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def _ascii(domain: str) -> str | None:
    try:
        found = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return None
    return found if re.fullmatch(r"[a-z0-9._-]{1,253}", found) else None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)
