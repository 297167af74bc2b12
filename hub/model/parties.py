"""Those a company deals with: contacts and companies, and the owners who look after them."""

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


class Contact(Entity, frozen=True, kw_only=True):
    """A source's record of a human: contact, lead, requester, end user, buyer."""

    TYPE: ClassVar = "contact"
    PLURAL: ClassVar = "contacts"
    REFERENCES: ClassVar = (("company_ids", "company"), ("owner_id", "owner"))

    full_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    job_title: str | None = None
    department: str | None = None
    language: str | None = None
    time_zone: str | None = None
    city: str | None = None
    country: str | None = None
    company_name: str | None = None
    company_ids: tuple[str, ...] = ()
    owner_id: str | None = None
    tags: tuple[str, ...] = ()
    asserted_stage: str | None = None
    """The lifecycle stage that the source itself states: an assertion, never what the hub derives."""
    external_ids: tuple[str, ...] = ()
    """Native cross references as `system:type:id`, such as `hubspot:contact:101` (identity rule I1)."""
    merged_ids: tuple[str, ...] = ()
    """Ids of the same source that were merged into this record and no longer exist there."""


class Company(Entity, frozen=True, kw_only=True):
    """A source's record of an organisation: company, account, organization."""

    TYPE: ClassVar = "company"
    PLURAL: ClassVar = "companies"
    REFERENCES: ClassVar = (("owner_id", "owner"),)

    name: str | None = None
    legal_name: str | None = None
    domains: tuple[str, ...] = ()
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    website: str | None = None
    industry: str | None = None
    employee_count: int | None = None
    annual_revenue: Money | None = None
    city: str | None = None
    country: str | None = None
    owner_id: str | None = None
    tags: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    merged_ids: tuple[str, ...] = ()


class Owner(Entity, frozen=True, kw_only=True):
    """Somebody of our side in a source: user, agent, sales representative."""

    TYPE: ClassVar = "owner"
    PLURAL: ClassVar = "owners"

    name: str | None = None
    email: str | None = None
    active: bool | None = None
