"""Values that mean nobody in particular: role addresses, free mail, and what people and systems write for nothing."""

import re


def words(text: str) -> frozenset[str]:
    """The words of a text that is easier to read than a list of quoted ones."""
    return frozenset(text.split())


ROLES = words(
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

FREE_MAIL = words(
    """
    aol.com bol.com.br fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com
    hotmail.com.br icloud.com ig.com.br live.com mac.com mail.com mail.ru me.com msn.com oi.com.br outlook.com
    outlook.com.br proton.me protonmail.com qq.com terra.com.br tutanota.com uol.com.br web.de yahoo.co.uk
    yahoo.com yahoo.com.br yandex.com yandex.ru ymail.com zoho.com 163.com 126.com
    """
)
"""Domains whose mailboxes anybody can have: they say nothing about a company."""

_NOBODY = r"null|none|n/?a|anonymous|unknown|undefined"
_VALUE = re.compile(rf"{_NOBODY}|[0-9-]*0{{5,}}", re.IGNORECASE)
_ID = re.compile(rf"{_NOBODY}|[0-]*", re.IGNORECASE)
_NUMBER = re.compile(r"\+\d*?(0{5,}|(\d)\2{7,})")
_TAX = re.compile(r"(\w)\1*")


def mailbox(local: str) -> bool:
    """Whether this local part of an address is nobody's: a role's, also with a tag after a plus, or what is written for none."""
    untagged = local.partition("+")[0]
    return not untagged or untagged in ROLES or _VALUE.fullmatch(untagged) is not None


def name(key: str) -> bool:
    """Whether this key of a name is what is written where there is none."""
    return re.fullmatch(rf"{_NOBODY}|\W*", key) is not None


def native_id(said: str) -> bool:
    """Whether this id is nobody's. One that merely ends in noughts is an ordinary number of a system that counts its records."""
    return _ID.fullmatch(said.strip()) is not None


def phone(e164: str) -> bool:
    """Whether this number is what people type when asked for one: it ends in five noughts, or in one digit eight times."""
    return _NUMBER.fullmatch(e164) is not None


def tax_id(digits: str) -> bool:
    """Whether this number is one digit repeated; some such have the right check digits."""
    return _TAX.fullmatch(digits) is not None
