"""What Salesforce's records mean. Whoever a lead is about is a person too, until and after it is converted."""

from typing import Any

from hub.model import Company, Contact, Deal, Entity, Lead, Owner, Phone, Pipeline, Ticket, TicketPriority, TicketStatus
from hub.spec import Mapping, Record, Rule, Terms, choose, convert, decide, emails, field, first, join, many, money, texts, times
from mappings.salesforce.sales import DEAL, LEAD, STAGES, ids, person

_PRIORITIES = dict.fromkeys(("Medium", "Normal"), TicketPriority.NORMAL) | {
    "Low": TicketPriority.LOW,
    "High": TicketPriority.HIGH,
    "Critical": TicketPriority.URGENT,
}
_STATUSES = dict.fromkeys(("Working", "In Progress", "Escalated"), TicketStatus.OPEN) | {
    "New": TicketStatus.NEW,
    "On Hold": TicketStatus.ON_HOLD,
    "Closed": TicketStatus.CLOSED,
}
_OUTSIDERS = ("CspLitePortal", "CustomerSuccess", "PowerCustomerSuccess", "PowerPartner", "Guest", "AutomatedProcess")
"""Kinds of user that are customers, partners, visitors or programs:
https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm"""


def _phones(**paths: str) -> Rule:
    def phones(*found: Any) -> tuple[Phone, ...]:
        return tuple(Phone(number=said, label=label) for label, each in zip(paths, found, strict=True) for said in ids(each))

    return decide(phones, *paths.values())


def _ticket_status(record: Record, terms: Terms) -> Any:
    """Each organisation names its statuses; which of them close a case the case itself says."""
    return TicketStatus.CLOSED if convert.flag(record.get("IsClosed")) else _STATUS.apply(record, terms)


def _employer(account: Any, private: Any) -> tuple[str, ...]:
    """Nobody is employed by the account that stands for themselves alone."""
    return () if convert.flag(private) else ids(account)


def _page(record: Record, terms: Terms) -> str | None:
    """Where a person finds the record: below the host of the organisation, where it was given."""
    host, key = terms.answers.get("login", ""), convert.text(record.get("Id"))
    return f"https://{host}/{key}" if key and host.endswith(".my.salesforce.com") else None


_TRUE = (True, "true")
"""As a query and as the results of a job write it."""
_STATUS = choose("Status", _STATUSES)
_TIMES = times(created_at="CreatedDate", changed_at="LastModifiedDate")
_RECORD = {**_TIMES, "url": Rule(reads=("Id",), apply=_page)}
_PARTY = {**_RECORD, "owner_id": decide(person, "OwnerId"), "merged_into": field("MasterRecordId")}
_PERSON = {
    "full_name": join("FirstName", "MiddleName", "LastName", "Suffix"),
    **texts(
        "given_name=FirstName family_name=LastName name_suffix=Suffix honorific=Salutation job_title=Title source=LeadSource"
    ),
    "emails": emails(field("Email")),
    **_PARTY,
}
_COMPANY = {
    **texts("name=Name website=Website industry=Industry city=BillingCity country=BillingCountry"),
    # The type is what people entered, such as Prospect or Customer, never what follows from purchases.
    **texts("parent_company_id=ParentId tier=Tier source=AccountSource asserted_stage=Type"),
    "phones": _phones(phone="Phone"),
    "employee_count": field("NumberOfEmployees", convert.whole),
    "annual_revenue": money("AnnualRevenue", "CurrencyIsoCode", answer="currency"),
    **_PARTY,
}
_CONTACT = {
    **texts("department=Department city=MailingCity country=MailingCountry"),
    "phones": _phones(phone="Phone", mobile="MobilePhone", home="HomePhone", other="OtherPhone"),
    "company_ids": decide(_employer, "AccountId", "IsPersonAccount"),
    **_PERSON,
}
_LEAD_PERSON = {
    **texts("city=City country=Country company_name=Company"),
    "phones": _phones(phone="Phone", mobile="MobilePhone"),
    **_PERSON,
    # The person of a converted lead is the contact that it became.
    "merged_into": first(field("MasterRecordId"), field("ConvertedContactId")),
}
_TICKET = {
    **texts("subject=Subject category=Type channel=Origin"),
    "status": Rule(reads=("Status", "IsClosed"), apply=_ticket_status, options=tuple(TicketStatus)),
    "priority": choose("Priority", _PRIORITIES),
    **times(opened_at="CreatedDate"),
    "solved_at": decide(lambda closed, at: convert.instant(at) if convert.flag(closed) else None, "IsClosed", "ClosedDate"),
    "requester_ids": many("ContactId"),
    "company_ids": many("AccountId"),
    "assignee_id": decide(person, "OwnerId"),
    **_RECORD,
}
_UNREAD = (
    "Account* ActivityMetric* Address* Asset* Assistant* Billing* Birthdate BusinessHours* Campaign* CanAllow* CaseNumber "
    "Channel* CleanStatus Comments Company* Contact* Contract* CountryCode CreatedById Creator* CurrencyIsoCode Dandb* "
    "Department* Description DoNotCall Duns* Email* Entitlement* ExpectedRevenue Fax First* Fiscal* Forecast* Gender* "
    "Geocode* Has* Individual* Industry IqScore Is* Jigsaw* Language LastAct* LastAmount* LastCU* LastClose* "
    "LastModifiedById LastName LastReferenced* LastViewed* Latitude LeadSource Longitude Mailing* MasterRecordId "
    "Milestone* Naics* Name NextStep NumberOfEmployees Operating* Other* Ownership ParentId Partner* Person* PhotoUrl "
    "PostalCode Pricebook2Id ProductId Pronouns PushCount Rating Reason RecordTypeId ReportsToId Score* Service* Shipping* "
    "Sic* Site Sla* SourceId State* Stop* Street* Supplied* SyncedQuoteId SystemModstamp Territory* TickerSymbol TitleType "
    "TotalOpportunityQuantity Tradestyle Website YearStarted"
)
"""Standard fields that say nothing to us; what a mapping reads of them, it reads all the same."""


def _mapping(kind: type[Entity], stream: str, rules: dict[str, Rule], **unless: tuple[Any, ...]) -> Mapping:
    ignored = ("attributes*", "custom", *_UNREAD.split())
    custom = None if kind is Owner else "custom"
    return Mapping(type=kind, stream=stream, id="Id", rules=rules, custom=custom, ignored=ignored, unless=unless)


MAPPINGS = (
    _mapping(
        Owner,
        "users",
        {**texts("name=Name email=Email"), "active": field("IsActive", convert.flag), **_TIMES},
        UserType=_OUTSIDERS,
    ),
    Mapping(
        type=Pipeline, stream="opportunity_stages", id="records.0.attributes.type", rules=STAGES, ignored=("totalSize", "done")
    ),
    # The account of a private person is none; Salesforce keeps a contact of the same person beside it.
    _mapping(Company, "accounts", _COMPANY, IsPersonAccount=_TRUE),
    _mapping(Contact, "contacts", _CONTACT),
    _mapping(Contact, "leads", _LEAD_PERSON),
    _mapping(Lead, "leads", {**LEAD, **_RECORD}, IsDeleted=_TRUE),
    _mapping(Deal, "opportunities", {**DEAL, **_RECORD}),
    _mapping(Ticket, "cases", _TICKET, IsDeleted=_TRUE),
)
