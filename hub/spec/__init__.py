"""The words in which connectors and mappings are written."""

from hub.spec import convert
from hub.spec.auth import ApiKey, Auth, ClientCredentials, Entry, OAuth2, Token
from hub.spec.connector import Account, Ask, Claim, Connector, Judge, Pace
from hub.spec.mapping import NOTHING, Accounted, Mapping, Reading, accounted, undecided
from hub.spec.paging import cursor, export, keyset, next_link, offset, once
from hub.spec.rules import Rule, choose, constant, decide, emails, field, first, join, many, money, stage, texts, times
from hub.spec.stream import Lookup, Some, Stream
from hub.spec.terms import Terms, Unknown
from hub.spec.webhook import Change, Delivery, Webhook, hmac_sha256, recent, same, standard
from hub.spec.wire import Following, Next, Record, Reply, Request, pluck, records

__all__ = [
    "NOTHING",
    "Account",
    "Accounted",
    "ApiKey",
    "Ask",
    "Auth",
    "Change",
    "Claim",
    "ClientCredentials",
    "Connector",
    "Delivery",
    "Entry",
    "Following",
    "Judge",
    "Lookup",
    "Mapping",
    "Next",
    "OAuth2",
    "Pace",
    "Reading",
    "Record",
    "Reply",
    "Request",
    "Rule",
    "Some",
    "Stream",
    "Terms",
    "Token",
    "Unknown",
    "Webhook",
    "accounted",
    "choose",
    "constant",
    "convert",
    "cursor",
    "decide",
    "emails",
    "export",
    "field",
    "first",
    "hmac_sha256",
    "join",
    "keyset",
    "many",
    "money",
    "next_link",
    "offset",
    "once",
    "pluck",
    "recent",
    "records",
    "same",
    "stage",
    "standard",
    "texts",
    "times",
    "undecided",
]
