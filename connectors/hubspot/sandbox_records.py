"""The invented company as HubSpot would hold it: contacts, companies, deals and tickets, in which every value is text or nothing.

Properties: https://developers.hubspot.com/docs/guides/api/crm/objects/contacts and beside it; what is the same in every
record, the pipelines and what an answer holds when no properties were asked for stand in `sandbox.json`.
"""

from hub.sandbox.account import Made, known_company
from hub.sandbox.answers import Json, beside, filled, iso
from hub.sandbox.chance import milliseconds
from hub.sandbox.rows import Fields
from hub.sandbox.slots import Tool
from hub.sandbox.world import Kind, World

TOOL: Tool = "hubspot"
TEXTS = beside(__file__)
KINDS: dict[str, Kind] = {"contacts": "contact", "companies": "company", "deals": "deal", "tickets": "ticket"}
TYPE_IDS = {"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-5": "tickets"}
NAMES = {name: name for name in KINDS} | TYPE_IDS | {str(kind): name for name, kind in KINDS.items()}
"""Every way in which paths name an object."""
CHANGED = {name: "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate" for name in KINDS}
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

_OPEN_STAGES = [stage["id"] for stage in TEXTS["pipelines"]["deals"]["stages"] if stage["metadata"]["isClosed"] == "false"]
_TICKET_STAGE = {"new": "1", "pending": "2", "on_hold": "2", "open": "3", "solved": "4", "closed": "4"}
_STAGES = ("subscriber", "lead", "lead", "marketingqualifiedlead", "salesqualifiedlead", "evangelist", "other")
ENTERED = {
    stage: f"hs_v2_date_entered_{stage}"
    for stage in (
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    )
}
"""What HubSpot notes itself of each stage: https://knowledge.hubspot.com/properties/stage-calculated-properties"""
_BEFORE = {
    "marketingqualifiedlead": ("lead",),
    "salesqualifiedlead": ("lead", "marketingqualifiedlead"),
    "opportunity": ("lead", "salesqualifiedlead"),
    "customer": ("lead", "marketingqualifiedlead", "salesqualifiedlead"),
}
"""The stages that somebody came through; an evangelist was imported as one."""
_SOURCES = ("ORGANIC_SEARCH", "PAID_SEARCH", "SOCIAL_MEDIA", "EMAIL_MARKETING", "REFERRALS", "DIRECT_TRAFFIC", "OFFLINE", None)
_REASONS = ("Preço", "Comprou de outro", None)
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
_DAY = 86_400_000
_TENTH = 26
"""Out of 256, the values of a byte."""
_COUNTRY = {"BR": "Brazil", "US": "United States"}
OWNER = 30_000_001
"""The owner id of the first member of staff."""


def properties(name: str) -> list[Json]:
    """An object's properties as the older API still lists them; what can be chosen among in each is left out.

    https://legacydocs.hubspot.com/docs/methods/crm-properties/crm-properties-overview
    """
    by_type = TEXTS["properties"].get(name, TEXTS["not_kept"]["properties"])
    named = ((one, kind, TEXTS["field_types"][kind]) for kind, names in by_type.items() for one in names)
    return [filled(TEXTS["property"], {}, name=one, label=one, type=kind, fieldType=how) for one, kind, how in named]


def _owner(index: int | None) -> str | None:
    return None if index is None else str(OWNER + index)


def stage_of(world: World, index: int) -> str:
    """A contact's stage; a sale decides it."""
    shelf = world.shelf(TOOL, "deal")
    statuses = {world.deal(index, TOOL, k).status for k in range(shelf.width) if index * shelf.width + k in shelf}
    if "won" in statuses:
        return "customer"
    drawn = world.bytes("hubspot contact", index)[0]
    return "opportunity" if "open" in statuses else _STAGES[drawn % len(_STAGES)]


def _entered(world: World, index: int, stage: str) -> Fields:
    """When each stage was entered: the first with the record, the next ones a day later each."""
    made, _ = world.stamps(TOOL, "contact", index)
    passed = (*_BEFORE.get(stage, ()), stage)
    days = {ENTERED[each]: iso(made + place * _DAY) for place, each in enumerate(passed)}
    return dict.fromkeys(ENTERED.values()) | days


def _contact(world: World, index: int, _number: int) -> Fields:
    seen, drawn, person = world.as_seen(index, TOOL), world.bytes("hubspot contact", index), world.person(index)
    company = known_company(world, TOOL, seen.company)
    has_second, stage = drawn[1] < _TENTH and seen.email == person.work_email, stage_of(world, index)
    return {
        **TEXTS["unset"]["contacts"],
        "email": None if seen.email_taken else seen.email,
        "firstname": seen.given_name,
        "lastname": seen.family_name,
        "phone": seen.phone,
        "jobtitle": seen.job_title,
        "company": None if seen.company is None else world.company(seen.company).name,
        "associatedcompanyid": company and str(company),
        "country": _COUNTRY[seen.country],
        "lifecyclestage": stage,
        **_entered(world, index, stage),
        "hs_analytics_source": _SOURCES[drawn[4] % len(_SOURCES)],
        "hs_lead_status": _LEAD_STATUSES[drawn[2] % len(_LEAD_STATUSES)],
        "hubspot_owner_id": _owner(drawn[3] % 16 if drawn[3] % 16 < len(world.staff) else None),
        "hs_additional_emails": person.private_email if has_second else None,
    }


def _company(world: World, index: int, _number: int) -> Fields:
    company, drawn = world.company(index), world.bytes("hubspot company", index)
    return {
        **TEXTS["unset"]["companies"],
        "name": company.name,
        "domain": company.domain,
        "website": company.domain if drawn[0] % 2 else None,
        "industry": _INDUSTRIES.get(company.industry, company.industry.upper()) if drawn[1] % 4 else None,
        "numberofemployees": str(company.employee_count) if drawn[2] % 3 else None,
        "annualrevenue": str(company.employee_count * 90_000) if drawn[3] % 3 == 0 else None,
        "city": company.city,
        "country": _COUNTRY[company.country],
        "lifecyclestage": ("customer", "opportunity", "lead", None)[drawn[4] % 4],
        "hubspot_owner_id": _owner(drawn[5] % len(world.staff)),
    }


def _deal(world: World, index: int, number: int) -> Fields:
    deal = world.deal(index, TOOL, number)
    decided = {"won": "closedwon", "lost": "closedlost"}.get(deal.status)
    return {
        **TEXTS["unset"]["deals"],
        "dealname": deal.name,
        "amount": None if deal.amount is None else str(deal.amount),
        "deal_currency_code": deal.currency,
        "dealstage": decided or _OPEN_STAGES[deal.step],
        "closedate": iso(milliseconds(deal.closed_at or deal.expected_at)),
        "hs_is_closed": str(deal.status != "open").lower(),
        "hs_is_closed_won": str(deal.status == "won").lower(),
        "closed_lost_reason": _REASONS[number % len(_REASONS)] if deal.status == "lost" else None,
        "dealtype": ("newbusiness", "existingbusiness", None)[number % 3],
        "hubspot_owner_id": _owner(deal.owner),
    }


def _ticket(world: World, index: int, number: int) -> Fields:
    ticket = world.ticket(index, TOOL, number)
    return {
        **TEXTS["unset"]["tickets"],
        "subject": ticket.subject,
        "hs_pipeline_stage": _TICKET_STAGE[ticket.status],
        "hs_ticket_priority": None if ticket.priority is None else ticket.priority.replace("normal", "medium").upper(),
        "hs_ticket_category": {"question": "GENERAL_INQUIRY", "problem": "PRODUCT_ISSUE"}.get(ticket.kind or ""),
        "closed_date": None if ticket.solved_at is None else iso(milliseconds(ticket.solved_at)),
        "hubspot_owner_id": _owner(ticket.owner),
    }


MADE: dict[str, Made] = {"contacts": _contact, "companies": _company, "deals": _deal, "tickets": _ticket}
