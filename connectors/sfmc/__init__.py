"""Salesforce Marketing Cloud Engagement: who it is, how it lets us in, and how much we may ask of it."""

from connectors.sfmc.objects import STREAMS
from hub.errors import HubError, Missing
from hub.spec import Account, Ask, ClientCredentials, Connector, Pace, Reply, Request


def _errors(reply: Reply) -> HubError | None:
    """What is not there is a data extension, or the place in one where a read that was left for a day would go on."""
    if reply.status == 404:  # noqa: PLR2004 - HTTP
        return Missing("Marketing Cloud: there is no such data extension; make it as told when connecting")
    return None


CONNECTOR = Connector(
    id="sfmc",
    label="Salesforce Marketing Cloud",
    category="Marketing",
    docs="https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/apis-overview.html",
    summary="Subscribers with what they allow; what was sent, opened, clicked, bounced and unsubscribed; journeys entered.",
    base_url="{token.rest_instance_url}",
    token_domains=("marketingcloudapis.com",),
    hosts=("{subdomain}.auth.marketingcloudapis.com",),
    asks=(
        Ask(
            name="subdomain",
            label="Subdomain of the tenant",
            help="What stands before .auth.marketingcloudapis.com in the package's authentication base URI.",
            pattern=r"[a-z0-9][a-z0-9-]{1,62}",
            example="mc1a2b3c4d5e6f7g8h9i0j1k2l3m",
        ),
        Ask(
            name="mid",
            label="Business unit (MID)",
            help="Only where it is another one than that in which the package was made.",
            pattern=r"[0-9]{1,12}",
            example="510001234",
            required=False,
        ),
    ),
    auth=(
        # https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/access-token-s2s.html
        ClientCredentials(
            token_url="https://{subdomain}.auth.marketingcloudapis.com/v2/token",  # noqa: S106 - an address, not a secret
            client_auth="json",
            parameters=(("account_id", "{mid}"),),
            preparation=(
                "In Marketing Cloud Setup, under Apps, Installed Packages, make a package with an API integration of the kind "
                "Server-to-Server and give it Data Extensions: Read. Copy its client ID and client secret here. What was sent or "
                "opened lies in data views that only queries see: in Email Studio make data extensions with the external keys "
                "Hub_Subscribers (primary key SubscriberKey), Hub_Sent, Hub_Open, Hub_Click, Hub_Bounce and Hub_Unsubscribe "
                "(primary key JobID, BatchID, SubscriberKey and, of opens and clicks, EventDate) with the columns of the data "
                "views of these names, and in Automation Studio an automation that runs an SQL query for each, daily or hourly. "
                "Add FirstName, LastName, MobilePhone or columns of your own to Hub_Subscribers, and EmailName and EmailSubject "
                "from _Job to the others as you like. For journeys add Hub_JourneyEntry (JourneyID, VersionNumber, ContactKey as "
                "primary key; JourneyName, EntryDate). Whatever you leave out is not read, and the connection's page says so."
            ),
        ),
    ),
    account=Account(
        request=Request(path="/platform/v1/tokenContext"),
        id=lambda body: str(body["organization"]["id"]),
        name=lambda body: f"Marketing Cloud {body['organization']['id']}",
    ),
    # Salesforce states no number that holds for every tenant.
    pace=(Pace(calls=300, per=60),),
    errors=_errors,
    streams=STREAMS,
    limits=(
        "Everything is read from data extensions that you have filled from the data views: it is as new as their last run.",
        "Data views reach back six months; older events are there only where your data extensions keep them.",
        "Events that a query adds more than 36 hours after they happened are not seen.",
        "A subscriber who is bounced or held is neither taken for opted in nor for opted out.",
        "Consent is that of the whole account (All Subscribers), not of single publication lists; text messages are not read.",
        "An open may be a machine's: it counts for nothing by itself.",
        "Emails, journeys and campaigns themselves, push notifications and web visits are not read; there are no pushes.",
    ),
)
