"""The words an invented company is made of: names, cities, trades and phrases in Brazilian Portuguese and English.

Every table is built once, from a fixed seed, so that the same number always picks the same word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from mimesis import Address, Person
from mimesis.locales import Locale

Language = Literal["pt", "en"]

_WORDS_DRAWN = 900


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Each name stands beside its form for addresses: lower-case ASCII letters only."""

    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    cities: tuple[str, ...]
    trades: tuple[tuple[str, str], ...]
    subjects: tuple[str, ...]
    praises: tuple[str, ...]
    complaints: tuple[str, ...]


# A company's trade: how its name says it, and the industry it belongs to.
_TRADES = {
    "pt": "Logística:logistics Alimentos:food Tecnologia:software Educação:education_management Saúde:healthcare "
    "Engenharia:construction Turismo:travel Têxtil:textiles Energia:energy Consultoria:management_consulting",
    "en": "Logistics:logistics Foods:food Software:software Learning:education_management Health:healthcare "
    "Builders:construction Travel:travel Textiles:textiles Energy:energy Advisors:management_consulting",
}
_TITLES = {
    "pt": "Diretora Financeira|Gerente de Compras|Analista de Sistemas|Coordenador de Vendas|Sócia|Comprador|"
    "Assistente Administrativo|Gerente de Operações|Diretor de Tecnologia|Supervisora de Atendimento",
    "en": "Chief Financial Officer|Purchasing Lead|Systems Analyst|Sales Coordinator|Partner|Buyer|"
    "Office Assistant|Operations Lead|Head of Technology|Service Supervisor",
}
_SUBJECTS = {
    "pt": "Não consigo entrar na conta|Fatura com valor errado|Pedido ainda não chegou|Como mudo meu plano?|"
    "Erro ao exportar o relatório|Quero cancelar a renovação|Nota fiscal não recebida|Dúvida sobre a integração",
    "en": "I cannot sign in|The invoice shows a wrong amount|My order has not arrived|How do I change my plan?|"
    "Exporting the report fails|Please stop the renewal|The receipt is missing|A question about the integration",
}
_PRAISES = {
    "pt": "Resolveram no mesmo dia, obrigado.|Atendimento claro e gentil.|Funcionou na primeira tentativa.",
    "en": "Solved the same day, thank you.|Clear and kind support.|It worked the first time.",
}
_COMPLAINTS = {
    "pt": "Demorou uma semana.|Tive de explicar três vezes.|O problema voltou no dia seguinte.",
    "en": "It took a week.|I had to explain it three times.|The trouble came back the next day.",
}


def plain(text: str) -> str:
    """The letters and digits of a text as lower-case ASCII, as they stand in an address."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", folded.lower())


def _names(drawn: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, plain(name)) for name in sorted(drawn) if plain(name))


@cache
def words(language: Language) -> Words:
    """All words of one language."""
    locale = Locale.PT_BR if language == "pt" else Locale.EN
    person, address = Person(locale, seed=1), Address(locale, seed=1)
    return Words(
        given=_names({person.first_name() for _ in range(_WORDS_DRAWN)}),
        family=_names({person.last_name() for _ in range(_WORDS_DRAWN)}),
        titles=tuple(_TITLES[language].split("|")),
        cities=tuple(sorted({address.city() for _ in range(_WORDS_DRAWN)})),
        trades=tuple((name, industry) for name, _, industry in (t.partition(":") for t in _TRADES[language].split())),
        subjects=tuple(_SUBJECTS[language].split("|")),
        praises=tuple(_PRAISES[language].split("|")),
        complaints=tuple(_COMPLAINTS[language].split("|")),
    )
