"""Those a company deals with: contacts and companies, who belongs where, and the owners who look after them."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from hub.model.entity import Entity
from hub.model.values import Money, Value


class Email(Value, frozen=True, kw_only=True):
    """An address as the source wrote it; `primary` where the source itself ranks one first."""

    address: str
    label: str | None = None
    primary: bool = False
    verified: bool | None = None


class Phone(Value, frozen=True, kw_only=True):
    """A number as the source wrote it; matching normalises it, display does not."""

    number: str
    label: str | None = None
    primary: bool = False


class ExternalScore(Value, frozen=True, kw_only=True):
    """A score that the source itself computes; `higher_is_better` None where nobody has said which way it points."""

    name: str
    value: Decimal
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    higher_is_better: bool | None = None


class Contact(Entity, frozen=True, kw_only=True):
    """A source's record of a human: contact, lead, requester, end user, buyer."""

    TYPE: ClassVar = "contact"
    PLURAL: ClassVar = "contacts"
    REFERENCES: ClassVar = (("company_ids", "company"), ("owner_id", "owner"))

    full_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    name_suffix: str | None = None
    honorific: str | None = None
    tax_id: str | None = None
    """A national number of the person, such as a CPF, as the source wrote it."""
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    job_title: str | None = None
    seniority: str | None = None
    department: str | None = None
    language: str | None = None
    time_zone: str | None = None
    city: str | None = None
    country: str | None = None
    company_name: str | None = None
    company_ids: tuple[str, ...] = ()
    owner_id: str | None = None
    tags: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    source: str | None = None
    """What first led the person here, as the source has it: a channel or campaign."""
    self_reported_source: str | None = None
    signed_up_at: datetime | None = None
    activated_at: datetime | None = None
    onboarded_at: datetime | None = None
    asserted_stage: str | None = None
    """The lifecycle stage that the source itself states: an assertion, never what the hub derives."""
    evangelist: bool | None = None
    """Whether the source itself counts the person among those who recommend."""
    scores: tuple[ExternalScore, ...] = ()
    external_ids: tuple[str, ...] = ()
    """Native cross references as `system:type:id`, such as `hubspot:contact:101`, or with a connection's id in place of the
    system; without a type, of this type (identity rule I1)."""
    merged_ids: tuple[str, ...] = ()
    """Ids of the same source that were merged into this record and no longer exist there."""
    merged_into: str | None = None
    """The id of the same source that this record became part of, where the record itself still says so."""


class Company(Entity, frozen=True, kw_only=True):
    """A source's record of an organisation: company, account, organization."""

    TYPE: ClassVar = "company"
    PLURAL: ClassVar = "companies"
    REFERENCES: ClassVar = (("owner_id", "owner"), ("csm_id", "owner"), ("parent_company_id", "company"))

    name: str | None = None
    legal_name: str | None = None
    tax_id: str | None = None
    """A national number of the company, such as a CNPJ, as the source wrote it."""
    domains: tuple[str, ...] = ()
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    website: str | None = None
    industry: str | None = None
    employee_count: int | None = None
    annual_revenue: Money | None = None
    city: str | None = None
    country: str | None = None
    parent_company_id: str | None = None
    owner_id: str | None = None
    csm_id: str | None = None
    """Who looks after the company's success, where that is somebody else than the owner."""
    tier: str | None = None
    tags: tuple[str, ...] = ()
    source: str | None = None
    renewal_date: str | None = None
    """A calendar date, YYYY-MM-DD."""
    signed_up_at: datetime | None = None
    activated_at: datetime | None = None
    onboarded_at: datetime | None = None
    asserted_stage: str | None = None
    scores: tuple[ExternalScore, ...] = ()
    external_ids: tuple[str, ...] = ()
    merged_ids: tuple[str, ...] = ()
    merged_into: str | None = None


class Membership(Entity, frozen=True, kw_only=True):
    """That a person belongs to a company, from when to when; people change jobs."""

    TYPE: ClassVar = "membership"
    PLURAL: ClassVar = "memberships"
    REFERENCES: ClassVar = (("contact_id", "contact"), ("company_id", "company"))

    contact_id: str | None = None
    company_id: str | None = None
    title: str | None = None
    is_primary: bool | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Owner(Entity, frozen=True, kw_only=True):
    """Somebody of our side in a source: user, agent, sales representative."""

    TYPE: ClassVar = "owner"
    PLURAL: ClassVar = "owners"

    name: str | None = None
    email: str | None = None
    team: str | None = None
    active: bool | None = None
