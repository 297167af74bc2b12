"""Which of Airbyte's sources read which stand-ins, how they sign in, and what they must find in an invented company."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.clickup.sandbox import STANDIN as CLICKUP
from connectors.hubspot.sandbox import STANDIN as HUBSPOT
from connectors.salesforce.sandbox import STANDIN as SALESFORCE
from connectors.zendesk.sandbox import STANDIN as ZENDESK
from hub.sandbox.standin import StandIn
from hub.sandbox.world import World

Json = dict[str, Any]
BACK = {"redirect_uri": "https://hub.example/back", "client_id": "sandbox-client"}
_CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
# Where it may read an object but not the object's schema, version 5.7.0 ends its discovery in an AttributeError of its own.
_HUBSPOT_SCOPES = "oauth tickets crm.objects.owners.read " + " ".join(
    f"crm.{part}.{name}.read" for part in ("objects", "schemas") for name in ("contacts", "companies", "deals")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A source on PyPI, and how to judge a stand-in by it."""

    program: str
    pinned: tuple[str, ...]
    standin: StandIn
    people: int
    """So many that lists have several pages."""
    page: str
    tokens: str
    scope: str
    config: Callable[[Json], Json]
    """Its configuration, from the tokens that signing in brought."""
    counts: Callable[[World], Mapping[str, int]]
    """How many records each stream has."""
    people_in: str
    """The stream of the people that the world knows."""
    person: Callable[[Json], tuple[str, str, str | None] | None]
    """Of a record of that stream the id, the whole name and the address; None where it is one of the staff."""
    moment: Mapping[str, str]
    """The streams that go on from a state, and the field in which each tells when a record changed."""
    change: tuple[str, Json]
    """What happens to one of the people: the object and the fields, as the control door takes them."""


def _hubspot(tokens: Json) -> Json:
    credentials = {"credentials_title": "OAuth Credentials", "refresh_token": tokens["refresh_token"], **_CLIENT}
    return {"start_date": "2020-01-01T00:00:00Z", "credentials": credentials}


def _zendesk(tokens: Json) -> Json:
    credentials = {"credentials": "oauth2.0", "access_token": tokens["access_token"]}
    return {"start_date": "2020-01-01T00:00:00Z", "subdomain": "acme", "credentials": credentials}


def _salesforce(tokens: Json) -> Json:
    # A step in years instead of days would end every read from a state in a TypeError of its own.
    return {"start_date": "2020-01-01", "refresh_token": tokens["refresh_token"], "stream_slice_step": "P3650D", **_CLIENT}


def _clickup(tokens: Json) -> Json:
    return {"api_token": tokens["access_token"], "include_closed_tasks": True}


def _of_salesforce(world: World) -> dict[str, int]:
    """Of the people whom it knows only the contacts: the truth counts leads among them."""
    names = {"Account": "company", "Lead": "lead", "Opportunity": "deal", "Case": "ticket", "User": "owner"}
    truth = SALESFORCE.truth(world)
    return {name: truth[kind] for name, kind in names.items()} | {"Contact": world.count("salesforce", "contact")}


def _of_clickup(world: World) -> dict[str, int]:
    """The lists that stand in folders; the source does not look for others, so support's tasks are not read."""
    tasks = sum(world.count("clickup", kind) for kind in ("contact", "deal", "order"))
    return {"user": 1, "team": 1, "space": 1, "folder": 2, "list": 3, "task": tasks}


def _customer(task: Json) -> tuple[str, str, str | None] | None:
    """A task of the list of customers."""
    fields = {each["name"]: each.get("value") for each in task["custom_fields"]}
    return (task["id"], task["name"], fields["E-mail"]) if task["list"]["name"] == "Customers" else None


def _name(record: Json, first: str, last: str) -> str:
    return " ".join(filter(None, (record.get(first), record.get(last))))


SOURCES = (
    Source(
        program="source-hubspot",
        pinned=("airbyte-source-hubspot==5.7.0", "airbyte-cdk==6.61.6"),
        standin=HUBSPOT,
        people=600,
        page="/oauth/authorize",
        tokens="/oauth/v1/token",
        scope=_HUBSPOT_SCOPES,
        config=_hubspot,
        counts=lambda world: {
            "contacts": world.count("hubspot", "contact"),
            "companies": world.count("hubspot", "company"),
            "deals": world.count("hubspot", "deal"),
            "tickets": world.count("hubspot", "ticket"),
            "owners": len(world.staff),
        },
        people_in="contacts",
        person=lambda one: (one["id"], _name(one["properties"], "firstname", "lastname"), one["properties"]["email"]),
        moment={"contacts": "updatedAt", "deals": "updatedAt"},
        change=("contacts", {"jobtitle": "Sócia"}),
    ),
    Source(
        program="source-zendesk-support",
        pinned=("airbyte-source-zendesk-support==4.9.1", "airbyte-cdk==6.61.6"),
        standin=ZENDESK,
        people=2600,
        page="/oauth/authorizations/new",
        tokens="/oauth/tokens",
        scope="read",
        config=_zendesk,
        counts=lambda world: {
            "users": world.count("zendesk", "contact") + len(world.staff),
            "organizations": world.count("zendesk", "company"),
            "tickets": world.count("zendesk", "ticket"),
            "satisfaction_ratings": world.count("zendesk", "survey_response"),
        },
        people_in="users",
        person=lambda one: (str(one["id"]), one["name"], one.get("email")) if one["role"] == "end-user" else None,
        moment={"users": "updated_at", "tickets": "generated_timestamp", "satisfaction_ratings": "updated_at"},
        change=("users", {"notes": "Sócia"}),
    ),
    Source(
        program="source-salesforce",
        pinned=("airbyte-source-salesforce==2.10.3", "airbyte-cdk==7.39.1"),
        standin=SALESFORCE,
        people=600,
        page="/services/oauth2/authorize",
        tokens="/services/oauth2/token",
        scope="api refresh_token",
        config=_salesforce,
        counts=_of_salesforce,
        people_in="Contact",
        person=lambda one: (one["Id"], _name(one, "FirstName", "LastName"), one.get("Email")),
        moment={"Contact": "SystemModstamp", "Opportunity": "SystemModstamp"},
        change=("Contact", {"Title": "Sócia"}),
    ),
    Source(
        program="source-clickup-api",
        pinned=("airbyte-source-clickup-api==0.2.0", "airbyte-cdk==4.6.2"),
        standin=CLICKUP,
        people=190,  # It reads a list's first hundred tasks.
        page="/api",
        tokens="/api/v2/oauth/token",
        scope="",
        config=_clickup,
        counts=_of_clickup,
        people_in="task",
        person=_customer,
        moment={},
        change=("", {}),
    ),
)
