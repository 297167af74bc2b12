"""Pega Platform by DX API v2: who it is, how it lets us in, and what only its admin can tell."""

from connectors.pega.objects import CHANGED, CREATED, KEY, STREAMS
from hub.errors import HubError, StopStream
from hub.spec import Account, Ask, ClientCredentials, Connector, OAuth2, Pace, Reply, Request

_UNFIT = "Pega: the data page cannot be asked so ({}); it must be a list that can be queried and has the columns {}, {} and {}"


def _errors(reply: Reply) -> HubError | None:
    """A data view that cannot be queried or paged is refused by 422, a column that it has not by 400."""
    return StopStream(_UNFIT.format(reply.status, KEY, CREATED, CHANGED)) if reply.status in (400, 422) else None


_VIEW, _COLUMN = r"[A-Za-z][A-Za-z0-9_-]{0,99}", r"[A-Za-z][\w.]{0,99}"
_URL, _PRWEB = r"https?://[^\s/?#{}]+(/[^\s?#{}]*)?", "https://acme.pegacloud.net/prweb"
_ADDRESS = "The address at which you open Pega, up to and with prweb."
_CASES = "A list data page of the cases to read, of one type or of many, made as the preparation says."
_POSTS = "A list data page of the class PegaSocial-Message, made as the preparation says."
_CASE = "Which column of the Pulse posts holds the key (pzInsKey) of the case that they were posted in."
_MONEY = "Used for amounts that you choose on the mapping page."
_OAUTH = "{address}/PRRestService/oauth2/v1"


# Client registrations: https://docs-previous.pega.com/security/87/creating-and-configuring-oauth-20-client-registration ; that
# a code is asked for with PKCE and the scope openid, and that a revocation has the client in its header, is what the vendor's own
# client does: https://www.npmjs.com/package/@pega/auth .
def sign_ins(pages: str) -> tuple[ClientCredentials, OAuth2]:
    """Both grants of OAuth 2.0 that Pega offers to a server, once an operator may read the data pages, and no more."""
    rights = "Give the access group of an operator the right to read these and no more, and the role PegaRULES:PegaAPI."
    made = f"{pages} {rights} Under Records, Security, make an OAuth 2.0 Client Registration for it with the grant"
    copied = "Copy its client ID and client secret here"
    by_code = "Authorization code, with PKCE and refresh tokens, and the callback address shown here as redirect URI"
    return (
        ClientCredentials(token_url=f"{_OAUTH}/token", preparation=f"{made} Client credentials. {copied}."),
        OAuth2(
            authorize_url=f"{_OAUTH}/authorize",
            token_url=f"{_OAUTH}/token",
            revoke_url=f"{_OAUTH}/revoke",
            scopes=("openid",),
            client_auth="basic",
            label="Sign in with Pega",
            preparation=f"{made} {by_code}. {copied}, and sign in as that operator.",
        ),
    )


LIMITS = (
    "Pega sends no pushes: changes are seen every few minutes.",
    "Deleted cases and posts, and edited posts, are noticed once a day, when all are read.",
    "All cases come from one data page, but it may list several case types; what each is, you decide on the mapping page.",
    "Work parties come with the cases: a person in no case of the data page is not seen.",
    "Parties of the standard organisation classes count as companies of a case, operators as its owners, others as people.",
    "The urgency of a case is kept as a number; amounts, dates and other columns of your own are chosen on the mapping page.",
    "Merges, stages, assignments and attachments are not read.",
)

CONNECTOR = Connector(
    id="pega",
    label="Pega",
    category="CRM",
    # The description of the whole API lies within each Pega and is not public.
    docs="https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints",
    summary="Cases as the deals, tickets, orders or leads that you say they are, the work parties in them, and Pulse posts.",
    base_url="{address}/api/application/v2",
    self_hosted=True,
    asks=(
        Ask(name="address", label="Address of Pega", help=_ADDRESS, pattern=_URL, example=_PRWEB),
        Ask(name="cases", label="Data page of cases", help=_CASES, pattern=_VIEW, example="D_HubCases"),
        Ask(name="posts", label="Data page of Pulse posts", help=_POSTS, pattern=_VIEW, example="D_HubPosts"),
        Ask(name="post_case", label="Column of a post's case", help=_CASE, pattern=_COLUMN, required=False),
        Ask(name="currency", label="Currency of amounts", help=_MONEY, pattern=r"[A-Za-z]{3}", example="BRL", required=False),
    ),
    auth=sign_ins(
        "In Dev Studio make two list data pages that can be queried and paged (Load Management): one of the cases, on a class "
        "above their case types, with pzInsKey, pyID, pyLabel, pyStatusWork, pyResolvedTimestamp, pyWorkParty and what else "
        "you want to see here, and one of PegaSocial-Message."
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
    limits=(*LIMITS, "Pega before 8.5, and so Pega 7, has no data pages that can be queried: connect it as Pega (API v1)."),
)
