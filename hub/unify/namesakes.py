"""Whether the holders of one address are called so differently that it may have passed from one to another.

A mailbox such as `ana@acme.com` is given to the next Ana, and `asouza@acme.com` to another A. Souza; then their names share a
word and differ in another. What a nickname, a typing error, an initial or a middle name makes different is no such difference.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from hub.unify.blocked import words
from hub.unify.names import LEGAL_FORMS

_PARTICLES = words("al bin da das de del der di do dos du e el la le van von y")
_SAME_WORD = 0.80


def contradict(one: str, other: str, address: str) -> bool:
    """Whether each of two names (their keys) has a word that the other has not; not where the address spells one in full.

    Who holds `ana.souza@acme.com` as Ana Souza and as Ana Lima has married; two who hold `ana@acme.com` so are two.
    """
    if one == other or _latin(one) != _latin(other):
        return False
    local, _, domain = address.rpartition("@")
    first, second = _telling(one, domain), _telling(other, domain)
    if not (_lacks(first - second, second - first) and _lacks(second - first, first - second)):
        return False
    return not first & second or not (_spelt(first, local) or _spelt(second, local))


@lru_cache(maxsize=1 << 14)
def _telling(name: str, domain: str) -> frozenset[str]:
    """The words of a name that can tell people apart: not the firm's, which some systems put in a name's place."""
    found = re.findall(r"[^\W\d_]+", name)
    return frozenset(word for word in found if word not in _PARTICLES and word not in LEGAL_FORMS and word not in domain)


def _lacks(mine: frozenset[str], others: frozenset[str]) -> bool:
    return any(not any(_same(word, each) for each in others) for word in mine)


def _same(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return JaroWinkler.similarity(one, other) >= _SAME_WORD


def _spelt(name: frozenset[str], local: str) -> bool:
    return sum(len(word) > 1 and word in local for word in name) > 1


def _latin(name: str) -> bool:
    """Whether a name has letters that can be compared with those of an English one; others are transcribed in many ways."""
    return re.search("[a-z]", name) is not None
