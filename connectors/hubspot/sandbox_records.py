"""The invented company as HubSpot would hold it: contacts, companies, deals, tickets, owners and pipelines.

Names and values of properties: https://developers.hubspot.com/docs/guides/crm/understanding-the-crm and the default
properties of each object described below it. Every value is text or nothing.
"""

from collections.abc import Callable
from datetime import datetime

from hub.sandbox.answers import iso
from hub.sandbox.chance import milliseconds
from hub.sandbox.dealings import Deal
from hub.sandbox.rows import Fields, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

TOOL: Tool = "hubspot"
KINDS: dict[str, Kind] = {"contacts": "contact", "companies": "company", "deals": "deal", "tickets": "ticket"}
TYPE_IDS = {"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-5": "tickets"}
NAMES = {name: name for name in KINDS} | TYPE_IDS | {str(kind): name for name, kind in KINDS.items()}
"""Every way in which paths name an object."""
CHANGED = {name: "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate" for name in KINDS}
DEFAULTS = {
    "contacts": ("email", "firstname", "lastname"),
    "companies": ("domain", "name"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    "tickets": ("content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority", "subject"),
}
"""What an answer holds beside the id and the two dates when no properties were asked for."""

# (from, to): the id of the HubSpot-defined association, and of the primary one where there is such a label.
# https://developers.hubspot.com/docs/guides/api/crm/associations/associations-v4#association-type-id-values
ASSOCIATIONS: dict[tuple[str, str], tuple[int, int | None]] = {
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("deals", "contacts"): (3, None),
    ("contacts", "deals"): (4, None),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
    ("contacts", "tickets"): (15, None),
    ("tickets", "contacts"): (16, None),
    ("companies", "tickets"): (340, 25),
    ("tickets", "companies"): (339, 26),
}

OPEN_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("1072359814", "Projeto piloto", "0.7"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
)
CLOSED_STAGES = (("closedwon", "Closed Won", "1.0"), ("closedlost", "Closed Lost", "0.0"))
TICKET_STAGES = {"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}
_TICKET_STAGE = {"new": "1", "pending": "2", "on_hold": "2", "open": "3", "solved": "4", "closed": "4"}
_STAGES = ("subscriber", "lead", "lead", "marketingqualifiedlead", "salesqualifiedlead", "evangelist", "other")
_LEAD_STATUSES = (None, None, "NEW", "OPEN", "IN_PROGRESS", "CONNECTED", "ATTEMPTED_TO_CONTACT", "BAD_TIMING")
_INDUSTRIES = {
    "logistics": "LOGISTICS_AND_SUPPLY_CHAIN",
    "healthcare": "HOSPITAL_HEALTH_CARE",
    "travel": "LEISURE_TRAVEL_TOURISM",
    "software": "COMPUTER_SOFTWARE",
    "food": "FOOD_PRODUCTION",
    "energy": "OIL_ENERGY",
}
"""HubSpot's word for an industry, where it is not ours in capital letters."""
_TENTH = 26
"""Out of 256, the values of a byte."""
_COUNTRY = {"BR": "Brazil", "US": "United States"}
OWNER = 30_000_001
"""The owner id of the first member of staff."""


def _owner(index: int | None) -> str | None:
    return None if index is None else str(OWNER + index)


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else iso(milliseconds(moment))


def _deals(world: World, index: int) -> list[Deal]:
    shelf = world.shelf(TOOL, "deal")
    numbers = (number for number in range(index * shelf.width, (index + 1) * shelf.width) if number in shelf)
    return [world.deal(index, TOOL, number % shelf.width) for number in numbers]


def _stage_of(world: World, index: int, drawn: int) -> str:
    """A contact's stage; a sale decides it."""
    statuses = {deal.status for deal in _deals(world, index)}
    if "won" in statuses:
        return "customer"
    return "opportunity" if "open" in statuses else _STAGES[drawn % len(_STAGES)]


def _company_of(world: World, company: int | None) -> tuple[str | None, str | None]:
    """The name of a contact's company, and its id if the company itself is in the account."""
    if company is None:
        return None, None
    known = TOOL in world.company_tools(company)
    return world.company(company).name, str(record_id("company", company)) if known else None


def _contact(world: World, index: int) -> Fields:
    seen, drawn, person = world.as_seen(index, TOOL), world.bytes("hubspot contact", index), world.person(index)
    name, company = _company_of(world, seen.company)
    has_second = drawn[1] < _TENTH and seen.email == person.work_email
    return {
        "email": None if seen.email_taken else seen.email,
        "firstname": seen.given_name,
        "lastname": seen.family_name,
        "phone": seen.phone,
        "jobtitle": seen.job_title,
        "company": name,
        "associatedcompanyid": company,
        "country": _COUNTRY[seen.country],
        "lifecyclestage": _stage_of(world, index, drawn[0]),
        "hs_lead_status": _LEAD_STATUSES[drawn[2] % len(_LEAD_STATUSES)],
        "hubspot_owner_id": _owner(drawn[3] % 16 if drawn[3] % 16 < len(world.staff) else None),
        "hs_additional_emails": person.private_email if has_second else None,
        "hs_merged_object_ids": None,
        "mobilephone": None,
    }


def _company(world: World, index: int) -> Fields:
    company, drawn = world.company(index), world.bytes("hubspot company", index)
    return {
        "name": company.name,
        "domain": company.domain,
        "website": company.domain if drawn[0] % 2 else None,
        "industry": _INDUSTRIES.get(company.industry, company.industry.upper()) if drawn[1] % 4 else None,
        "numberofemployees": str(company.employee_count) if drawn[2] % 3 else None,
        "annualrevenue": str(company.employee_count * 90_000) if drawn[3] % 3 == 0 else None,
        "city": company.city,
        "country": _COUNTRY[company.country],
        "phone": None,
        "lifecyclestage": ("customer", "opportunity", "lead", None)[drawn[4] % 4],
        "hubspot_owner_id": _owner(drawn[5] % len(world.staff)),
        "hs_merged_object_ids": None,
    }


def _deal(world: World, index: int, number: int) -> Fields:
    deal = world.deal(index, TOOL, number)
    decided = {"won": "closedwon", "lost": "closedlost"}.get(deal.status)
    return {
        "dealname": deal.name,
        "amount": None if deal.amount is None else str(deal.amount),
        "deal_currency_code": deal.currency,
        "pipeline": "default",
        "dealstage": decided or OPEN_STAGES[deal.step][0],
        "closedate": _date(deal.closed_at or deal.expected_at),
        "hs_is_closed": str(deal.status != "open").lower(),
        "hs_is_closed_won": str(deal.status == "won").lower(),
        "dealtype": ("newbusiness", "existingbusiness", None)[number % 3],
        "closed_lost_reason": None,
        "hubspot_owner_id": _owner(deal.owner),
        "hs_merged_object_ids": None,
    }


def _ticket(world: World, index: int, number: int) -> Fields:
    ticket = world.ticket(index, TOOL, number)
    return {
        "subject": ticket.subject,
        "content": None,
        "hs_pipeline": "0",
        "hs_pipeline_stage": _TICKET_STAGE[ticket.status],
        "hs_ticket_priority": None if ticket.priority is None else ticket.priority.replace("normal", "medium").upper(),
        "hs_ticket_category": {"question": "GENERAL_INQUIRY", "problem": "PRODUCT_ISSUE"}.get(ticket.kind or ""),
        "source_type": "EMAIL",
        "closed_date": _date(ticket.solved_at),
        "hubspot_owner_id": _owner(ticket.owner),
        "hs_merged_object_ids": None,
    }


_FIELDS: dict[Kind, Callable[[World, int, int], Fields]] = {
    "contact": lambda world, index, _number: _contact(world, index),
    "company": lambda world, index, _number: _company(world, index),
    "deal": _deal,
    "ticket": _ticket,
}


def source(world: World, kind: Kind) -> Source:
    """Where the records of an object come from."""
    made = _FIELDS[kind]
    return Source(
        shelf=world.shelf(TOOL, kind),
        first_id=FIRST_ID[kind],
        fields=lambda index, number: made(world, index, number),
        stamps=lambda index, number: world.stamps(TOOL, kind, index, number),
    )
