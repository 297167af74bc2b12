"""What people call columns and values, in English and Portuguese: names compared without case, accents and punctuation."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final


def plain(said: str) -> str:
    """A name without what people write differently: case, accents, punctuation, blanks."""
    bare = unicodedata.normalize("NFKD", said.casefold())
    return re.sub(r"[^a-z0-9]+", "", "".join(sign for sign in bare if not unicodedata.combining(sign)))


def _table(rows: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each name the fields that it stands for, the first that a type has counting; in the order of the table."""
    found: dict[str, tuple[str, ...]] = {}
    for field, names in rows.items():
        for name in (field, *names.split("|")):
            key = plain(name)
            if field not in found.get(key, ()):
                found[key] = (*found.get(key, ()), field)
    return found


def _around(references: Iterable[str], rows: Mapping[str, str]) -> dict[str, str]:
    """The same names for each reference, since a type has one of them at most."""
    return {f"{reference}.{field}": names for reference in references for field, names in rows.items()}


_CONTACT = {
    "emails": "customer email|client email|buyer email|contact email|requester email|email do cliente|e-mail do comprador"
    "|email do contato|email|e-mail|mail|email address|correio eletronico|endereco de email",
    "full_name": "customer name|customer|buyer|requester|nome do cliente|cliente|comprador|solicitante|respondente|contato",
    "phones": "customer phone|telefone do cliente|telefone|celular|whatsapp|phone|mobile",
    "tax_id": "customer cpf|cpf do cliente|cpf|cpf cnpj",
}
_COMPANY = {
    "name": "company|company name|account|account name|empresa|nome da empresa|razao social|organizacao",
    "domains": "company domain|dominio da empresa|domain|dominio",
    "tax_id": "cnpj|company tax id|cnpj da empresa",
}
FIELDS: Final = _table(
    {
        "full_name": "name|nome|nome completo|contact name|contato|cliente|customer",
        "given_name": "first name|primeiro nome|prenome",
        "family_name": "last name|surname|sobrenome|ultimo nome|family name",
        "emails": "email|e-mail|mail|email address|e-mail address|correio eletronico|endereco de email|email do cliente|email 2",
        "phones": "phone|phone number|telephone|mobile|mobile phone|cell|telefone|celular|whatsapp|fone|tel|numero de telefone",
        "tax_id": "cpf|cnpj|cpf cnpj|tax id|vat|vat number|documento",
        "job_title": "job title|title|cargo|funcao|position",
        "seniority": "senioridade",
        "department": "departamento|setor|area",
        "language": "idioma|lingua",
        "time_zone": "timezone|time zone|fuso horario",
        "city": "town|cidade|municipio",
        "country": "pais",
        "company_name": "company|empresa|organization|organisation|organizacao|account|account name|nome da empresa|employer",
        "name": "nome|company name|razao social|empresa|company|deal name|negocio|produto|product name|campanha"
        "|opportunity|oportunidade|titulo|title|account name",
        "legal_name": "legal name|razao social",
        "domains": "domain|dominio",
        "website": "web site|site|url do site|homepage",
        "industry": "setor de atuacao|ramo|segmento|sector",
        "employee_count": "employees|number of employees|funcionarios|numero de funcionarios|colaboradores",
        "annual_revenue": "annual revenue|revenue|faturamento|faturamento anual|receita anual",
        "tags": "tag|etiquetas|labels|marcadores",
        "interests": "interest|interesses",
        "source": "lead source|origem|canal de origem|fonte|origem do lead",
        "self_reported_source": "how did you hear about us|como nos conheceu|como conheceu",
        "signed_up_at": "signed up|signup date|sign up date|data de cadastro|cadastrado em|registration date|registered",
        "activated_at": "activation date|data de ativacao",
        "created_at": "created|created on|creation date|date created|criado em|data de criacao|data de abertura",
        "changed_at": "updated at|updated|last modified|modified|atualizado em|ultima atualizacao|data de atualizacao",
        "number": "order number|numero do pedido|pedido|invoice number|numero|nota fiscal|numero da fatura|no",
        "status": "situacao|state|estado|order status|status do pedido",
        "total": "order total|valor total|total amount|valor do pedido|valor|amount|preco total",
        "amount": "value|valor|deal value|valor do negocio|montante|quantia|total",
        "price": "preco|valor|unit price",
        "mrr": "monthly recurring revenue|receita mensal|mensalidade",
        "refunded": "refunded amount|valor reembolsado|estornado",
        "currency": "moeda|currency code",
        "placed_at": "order date|date of order|data do pedido|data da compra|purchase date|comprado em|ordered at",
        "paid_at": "paid|paid on|payment date|data do pagamento|pago em|data de pagamento",
        "fulfilled_at": "delivered|delivery date|data de entrega|entregue em|shipped at",
        "refunded_at": "refund date|data do reembolso|reembolsado em",
        "issued_at": "invoice date|issue date|data de emissao|emitido em",
        "due_at": "due date|vencimento|data de vencimento",
        "started_at": "start date|inicio|data de inicio",
        "ended_at": "end date|fim|data de fim|termino|encerrado em",
        "trial_end_at": "trial end|fim do teste",
        "opened_at": "open date|opened|aberto em|data de abertura",
        "closed_at": "close date|closed|fechado em|data de fechamento",
        "won_at": "won date|ganho em|data do ganho",
        "lost_at": "lost date|perdido em|data da perda",
        "lost_reason": "loss reason|motivo da perda",
        "expected_close_on": "expected close date|previsao de fechamento|fechamento previsto",
        "probability": "probabilidade",
        "proposal_sent_at": "proposal sent|proposta enviada em",
        "competitor": "concorrente",
        "families": "product families|familias",
        "family": "familia|product family",
        "sku": "product code|codigo do produto",
        "plan": "plano",
        "captured_at": "lead date|data do lead|capturado em",
        "qualified_at": "qualificado em|data de qualificacao",
        "converted_at": "convertido em|data de conversao",
        "subject": "assunto|titulo|title|summary|resumo",
        "priority": "prioridade|urgencia",
        "category": "categoria",
        "channel": "canal",
        "product": "produto",
        "first_reply_at": "first reply|primeira resposta|first response",
        "solved_at": "solved|resolved|resolution date|resolvido em|solucionado em",
        "score": "nota|rating|nps score|pontuacao|avaliacao",
        "scale_min": "minimum|minimo",
        "scale_max": "maximum|maximo",
        "label": "rotulo",
        "comment": "comments|comentario|feedback|observacao",
        "question": "pergunta",
        "responded_at": "answered at|response date|respondido em|data da resposta",
        "asked_at": "sent at|enviado em|data de envio",
        "kind": "type|tipo",
        "occurred_at": "date and time|occurred|ocorrido em|data e hora",
        "date": "day|dia|data",
        "reason": "motivo",
        "count": "quantidade|events|times|vezes",
        "event_key": "event|evento|feature|recurso",
        **_around(("contact_ids", "requester_ids", "contact_id", "respondent_id"), _CONTACT),
        **_around(("referrer_id",), {"emails": "referrer|referrer email|indicador|quem indicou|email de quem indicou"}),
        **_around(("referee_id",), {"emails": "referee|referred|referee email|indicado|email do indicado"}),
        **_around(("company_ids", "company_id"), _COMPANY),
        "email": "email|e-mail|customer email|buyer email|email do cliente|e-mail do comprador|email do contato",
    }
)

KEYS: Final = frozenset(map(plain, ("id", "code", "codigo", "cod", "identifier", "identificador", "key", "chave", "external id")))
"""What a column is called that holds the record's id; also with the type's name before or behind it."""
_KEYS_OF = "order|pedido|customer|cliente|contact|contato|company|empresa|deal|negocio|ticket|chamado|invoice|fatura|lead|produto"

_VALUES: Final = {
    meaning: frozenset(map(plain, names.split("|")))
    for meaning, names in {
        "paid": "pago|paga|quitado",
        "pending": "pendente|aguardando|aguardando pagamento|awaiting payment",
        "cancelled": "canceled|cancelado|cancelada",
        "canceled": "cancelled|cancelado|cancelada",
        "refunded": "reembolsado|estornado",
        "expired": "expirado|vencido",
        "won": "closed won|ganho|ganha|vendido",
        "lost": "closed lost|perdido|perdida",
        "open": "aberto|aberta|em aberto",
        "new": "novo|nova",
        "working": "em atendimento|em andamento|in progress",
        "qualified": "qualificado|qualificada",
        "unqualified": "desqualificado|desqualificada|disqualified",
        "converted": "convertido|convertida",
        "solved": "resolved|resolvido|resolvida|solucionado",
        "closed": "fechado|fechada|encerrado",
        "on_hold": "on hold|em espera",
        "low": "baixa|baixo",
        "normal": "medium|media|medio",
        "high": "alta|alto",
        "urgent": "urgente|critical|critica",
        "active": "ativo|ativa",
        "paused": "pausado|pausada",
        "opt_in": "opt in|opted in|aceito|subscribed",
        "opt_out": "opt out|opted out|recusado|unsubscribed",
    }.items()
}
"""What people write for a value of ours."""


def names_key(name: str) -> bool:
    """Whether a column's name says that it holds the record's id."""
    said = plain(name)
    parts = {plain(each) for each in _KEYS_OF.split("|")}
    return said in KEYS or any(
        said in (f"{of}{key}", f"{key}{of}", f"{key}do{of}", f"{key}da{of}") for of in parts for key in KEYS
    )


def meanings(said: str, options: Iterable[str]) -> str | None:
    """What a value means among a field's options, where its word is one of those that mean nothing else."""
    key = plain(said)
    return next((each for each in options if plain(each) == key or key in _VALUES.get(each, ())), None)
