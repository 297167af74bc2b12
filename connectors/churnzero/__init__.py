"""ChurnZero: who it is, how it lets us in, and what only its admin can tell.

https://app.churnzero.net/developers ; nothing of ChurnZero was recorded. The entities of an instance depend on what it has:
there is no list of fields that holds for all.
"""

from urllib.parse import urlsplit

from connectors.churnzero.objects import REFERENCES, STREAMS
from hub.spec import Account, ApiKey, Ask, Connector, Pace, Request

CONNECTOR = Connector(
    id="churnzero",
    label="ChurnZero",
    category="Customer success",
    docs="https://app.churnzero.net/developers",
    summary="Accounts with their ChurnScore and success managers, contacts, journeys, use of the product and survey answers.",
    base_url="https://{instance}.churnzero.net/public/v1",
    asks=(
        Ask(
            name="instance",
            label="Instance",
            help="What stands before .churnzero.net in the address at which you open ChurnZero.",
            pattern=r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+){0,3}",
            example="acme.us1app",
        ),
        # Each ChurnScore is built by its tenant, and what is written about its direction contradicts itself:
        # https://support.churnzero.com/hc/en-us/articles/360003820251-Setting-up-ChurnScore-Factors gives points for what is
        # good, https://support.churnzero.net/hc/en-us/articles/360003517472-Getting-Started-with-ChurnScores calls 100 a risk.
        Ask(
            name="direction",
            label="What a high ChurnScore means",
            help="Look at an account that you know to be in danger: is its ChurnScore low or high?",
            options=("a healthy customer", "a customer in danger"),
            example="a healthy customer",
        ),
        Ask(
            name="onboarding",
            label="Onboarding journeys",
            help="The names of the journeys after which an account has been onboarded, with commas between them.",
            example="Onboarding, Enterprise onboarding",
            required=False,
        ),
        Ask(
            name="crm",
            label="CRM that ChurnZero is connected with",
            help="ChurnZero keeps the ids of its records: with them they are known to be the same here.",
            options=("hubspot", "salesforce"),
            required=False,
        ),
    ),
    auth=(
        ApiKey(
            format="Basic {basic}",
            user="Login e-mail",
            label="API key",
            preparation=(
                "The REST API is an add-on: ask your contact at ChurnZero whether it is enabled. The user whose key it is needs "
                "the permission Developer Tools and, in its permission group, Bulk Read of accounts, contacts, events, journeys, "
                "surveys and user accounts. Signed in as that user open Admin, API Keys, New API Key, and copy the key here."
            ),
        ),
    ),
    account=Account(
        request=Request(path="/UserAccount"),
        id=lambda body: str(urlsplit(body["@odata.context"]).netloc),
        name=lambda body: str(urlsplit(body["@odata.context"]).netloc.partition(".")[0]),
    ),
    # Above 100 requests a minute answers are slowed down, above 200 refused.
    pace=(Pace(calls=90, per=60),),
    references=REFERENCES,
    streams=STREAMS,
    limits=(
        "ChurnZero sends no pushes: changes are seen within minutes, those of accounts within the hour.",
        "ChurnZero does not tell what was deleted: it is seen within a week, of accounts within the hour; of events never.",
        "Events that are sent more than two days after they happened are not seen.",
        "Only the primary ChurnScore of an account is read, neither others nor earlier ones.",
        "A journey ends onboarding only if you name it; for an account with very many journeys the first hundred are looked at.",
        "What a survey measures is asked once, unless its name says so.",
        "Amounts and dates of contracts are kept with the account and not counted as money.",
        "Tasks, segments, custom tables and what is synced into ChurnZero from other systems are not read.",
    ),
)
