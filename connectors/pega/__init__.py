"""Pega Platform by DX API v2: who it is, how it lets us in, and what only its admin can tell.

https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints ; the description of the whole API
lies within each Pega and is not public.
"""

from connectors.pega.objects import STREAMS
from hub.errors import HubError, StopStream
from hub.spec import Account, Ask, ClientCredentials, Connector, Pace, Reply, Request

_UNFIT = (400, 422)


def _errors(reply: Reply) -> HubError | None:
    """A data view that cannot be queried or paged is refused by 422, a column that it has not by 400."""
    if reply.status in _UNFIT:
        return StopStream(
            f"Pega: the data view cannot be asked so ({reply.status}); it must be a list that can be queried, of a class with"
            " the columns pzInsKey, pxCreateDateTime and pxUpdateDateTime"
        )
    return None


_VIEW = r"[A-Za-z][A-Za-z0-9_-]{0,99}"
_CASES = "A queryable list data page of the cases to read, of one type or of many."
_POSTS = "A queryable list data page of the class PegaSocial-Message."
_COLUMN = "Which column of the Pulse posts holds the key (pzInsKey) of the case that they were posted in."
_ADDRESS = "The address at which you open Pega, up to and with prweb."
_URL, _PRWEB = r"https?://[^\s/?#{}]+(/[^\s?#{}]*)?", "https://acme.pegacloud.net/prweb"
_MONEY = "Used for amounts that you choose on the mapping page."

CONNECTOR = Connector(
    id="pega",
    label="Pega",
    category="CRM",
    docs="https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints",
    summary="Cases as the deals, tickets, orders or leads that you say they are, the work parties in them, and Pulse posts.",
    base_url="{address}/api/application/v2",
    self_hosted=True,
    asks=(
        Ask(name="address", label="Address of Pega", help=_ADDRESS, pattern=_URL, example=_PRWEB),
        Ask(name="cases", label="Data view of cases", help=_CASES, pattern=_VIEW, example="D_HubCases"),
        Ask(name="posts", label="Data view of Pulse posts", help=_POSTS, pattern=_VIEW, example="D_HubPosts"),
        Ask(name="post_case", label="Column of a post's case", help=_COLUMN, pattern=r"[A-Za-z][\w.]{0,99}", required=False),
        Ask(name="currency", label="Currency of amounts", help=_MONEY, pattern=r"[A-Za-z]{3}", example="BRL", required=False),
    ),
    auth=(
        ClientCredentials(
            token_url="{address}/PRRestService/oauth2/v1/token",  # noqa: S106 - an address, not a secret
            preparation=(
                "In Dev Studio make two list data pages that can be queried and paged (Load Management): one of the cases, on a "
                "class above their case types, with pzInsKey, pyID, pyLabel, pyStatusWork, pyResolvedTimestamp, pyWorkParty and "
                "what else you want to see here, and one of PegaSocial-Message. Under Records, Security, make an OAuth 2.0 "
                "Client Registration with the grant Client credentials, for an operator whose access group may read no more "
                "than that and has the role PegaRULES:PegaAPI. Copy its client ID and secret here."
            ),
        ),
    ),
    # Of a data view the description names the class; with the server's address that tells the account.
    account=Account(
        request=Request(path="/data_views/{cases}/metadata"),
        id=lambda body: str(body["classID"]),
        name=lambda body: str(body.get("className") or body["classID"]),
    ),
    # Pega states no limit; each call occupies a requestor, of which there are few, and a query may take five seconds.
    pace=(Pace(calls=60, per=60),),
    errors=_errors,
    streams=STREAMS,
    limits=(
        "Pega sends no pushes: changes are seen every few minutes.",
        "Deleted cases and posts, and edited posts, are noticed once a day, when all are read.",
        "All cases come from one data view, but it may list several case types; what each is, you decide on the mapping page.",
        "Work parties come with the cases: a person in no case of the data view is not seen.",
        "Parties of the standard organisation classes count as companies of a case, operators as its owners, others as people.",
        "The urgency of a case is kept as a number; amounts, dates and other columns of your own are chosen on the mapping page.",
        "Merges, stages, assignments and attachments are not read.",
        "Pega before 8.5, and so Pega 7, has no data views that can be queried and is not read; applications of DX API v1 are.",
    ),
)
