"""ClickUp: who it is, how it lets us in, and how much we may ask of it."""

from connectors.clickup.objects import REFERENCES, STREAMS
from connectors.clickup.pushes import WEBHOOK
from hub.errors import HubError, Missing, StopStream
from hub.spec import Account, Ask, Connector, Judge, OAuth2, Pace, Reply, Request, pluck

# The token is missing or not known: https://developer.clickup.com/docs/common_errors . Any other code that comes with 401 is
# about what was asked for: OAUTH_027 for a task that does not exist or that the person who signed in cannot see.
_OF_THE_TOKEN = ("OAUTH_017", "OAUTH_019", "OAUTH_021", "OAUTH_025", "OAUTH_077")


def _errors(reply: Reply) -> HubError | None:
    """A refusal of the token is told from one of the thing asked for, and several workspaces from one."""
    code, teams = pluck(reply.body, "ECODE"), pluck(reply.body, "teams")
    if reply.status == 401 and isinstance(code, str) and code not in _OF_THE_TOKEN:  # noqa: PLR2004 - HTTP
        return Missing("ClickUp: there is no such thing, or whoever signed in may not see it; check the Workspace ID")
    if isinstance(teams, list) and len(teams) != 1:
        return StopStream("ClickUp: sign in again and choose exactly one Workspace, the one whose ID was entered")
    return None


_JUDGED = "tests/vendors/test_airbyte_sources.py"
CONNECTOR = Connector(
    id="clickup",
    label="ClickUp",
    category="Project management",
    docs="https://developer.clickup.com/docs",
    summary="The lists that you choose, each as customers, companies, orders, deals or tickets, with their own fields.",
    base_url="https://api.clickup.com/api/v2",
    hosts=("app.clickup.com",),
    asks=(
        Ask(
            name="workspace",
            label="Workspace ID",
            help="The number that follows app.clickup.com/ in the address of any page of your Workspace.",
            pattern=r"[0-9]{1,20}",
            example="9015256096",
        ),
        Ask(name="currency", label="Currency of plain number fields", pattern=r"[A-Za-z]{3}", example="BRL", required=False),
    ),
    auth=(
        # https://developer.clickup.com/docs/authentication : no scopes, no refresh token, and the token does not expire.
        OAuth2(
            authorize_url="https://app.clickup.com/api",
            token_url="https://api.clickup.com/api/v2/oauth/token",  # noqa: S106 - an address, not a secret
            pkce=False,
            client_auth="json",
            label="Sign in to ClickUp",
            # https://help.clickup.com/hc/en-us/articles/6303422883095
            preparation=(
                "An owner or admin opens the Workspace's settings, ClickUp API, Create an App, enters the callback address shown "
                "here as redirect URL, and copies client ID and secret here. Sign in for exactly one Workspace, as a member who "
                "sees only the lists to be read: what you see, the hub keeps. Then say on the mapping page what each holds."
            ),
        ),
    ),
    account=Account(
        request=Request(path="/team"),
        id=lambda body: str(body["teams"][0]["id"]),
        name=lambda body: f"ClickUp {body['teams'][0]['name']}",
    ),
    # Of all plans the smallest limit, which is per token: https://developer.clickup.com/docs/rate-limits .
    pace=(Pace(calls=90, per=60),),
    errors=_errors,
    references=REFERENCES,
    streams=STREAMS,
    webhook=WEBHOOK,
    limits=(
        "What a list holds is for you to say; until then its tasks are kept and not read.",
        "Subtasks are not read, nor tasks of archived lists, descriptions, comments, checklists and attachments.",
        "A task that was deleted is noticed by push at once, and once a day where no push came.",
        "Pushes end without a word when the account of whoever signed in is disabled; what changed is read every few minutes.",
        "Which customer a task belongs to is read from relationship fields that lead to a list of customers or companies.",
        "Of several money fields none is taken for the amount by itself; one that you choose is in the currency entered here.",
        "The date of last contact, ratings and links to single tasks have no field here and stay own fields.",
        "When an earlier status began is not told. One Workspace for each app; personal tokens cannot be used.",
    ),
    judges=(Judge(kind="client", name="airbyte-source-clickup-api 0.2.0", claims=("reading",), tests=(_JUDGED,)),),
)
