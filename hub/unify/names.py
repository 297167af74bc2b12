"""Names for comparing and finding; the source's own spelling is never lost."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

from hub.unify.blocked import words

_SUFFIXES = {
    "filho": "filho",
    "junior": "junior",
    "jr": "junior",
    "neto": "neto",
    "sobrinho": "sobrinho",
    "segundo": "ii",
    "ii": "ii",
    "iii": "iii",
    "sr": "senior",
    "senior": "senior",
}
"""What tells relatives of one name apart, and its normal form."""

LEGAL_FORMS = words(
    """
    ab ag aps as bv co company corp corporation eireli epp gmbh inc incorporated kg kgaa kk lda limitada limited llc llp lp
    ltd ltda me mei nv ohg oy oyj plc pte pty sa sarl sas sasu se sl slu spa srl srls ug
    """
)
"""Abbreviations of legal forms, without dots and strokes."""
_AND = frozenset({"and", "e", "et", "und", "y"})


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """A name for comparing: NFKC, case folded, without accents and double blanks."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 1 (Jaro-Winkler of their keys); 0 where one of them says nothing."""
    first, second = name_key(one), name_key(other)
    return JaroWinkler.similarity(first, second) if first and second else 0.0


def suffix(name: str) -> str | None:
    """The normal form of what tells the bearer from relatives: Filho, Júnior, Neto, II. A name of one word has none."""
    *rest, last = name_key(name).split() or [""]
    return _SUFFIXES.get(last.strip(".,")) if rest else None


def written_suffix(text: str) -> str | None:
    """The normal form of a suffix that stands in a field of its own."""
    return _SUFFIXES.get(name_key(text).strip("., "))


@lru_cache(maxsize=8192)
def firm_key(name: str) -> str:
    """A company's name for comparing: without legal forms at its end, and with one sign for `&`, `e` and `and`."""
    plain = re.sub(r"[./'\u2019]", "", name_key(name).replace("&", " & "))
    kept = ["&" if word in _AND else word for word in re.sub(r"[^\w&]", " ", plain).split()]
    while len(kept) > 1 and (kept[-1] in LEGAL_FORMS or kept[-1] == "&"):
        kept.pop()
    return " ".join(kept)


def search_key(text: str) -> str:
    """What a name is found by: its key and, where that differs, its spelling in ASCII."""
    key = name_key(text)
    ascii_key = " ".join(anyascii(key).casefold().split())
    return key if ascii_key in ("", key) else f"{key} {ascii_key}"
