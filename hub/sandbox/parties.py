"""The people and firms of a world, in truth and as one tool has them."""

from dataclasses import dataclass
from datetime import datetime

from hub.sandbox.names import Language
from hub.sandbox.slots import Tool, Trait


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """The truth about a person, which no single tool has.

    `partner` is the other person of a pair that shares something; `company` counts companies from 0.
    """

    index: int
    trait: Trait
    tools: tuple[Tool, ...]
    partner: int | None
    given_name: str
    family_name: str
    language: Language
    country: str
    private_email: str
    work_email: str | None
    phone: str
    job_title: str
    company: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A person as one tool has them.

    `email_taken`: the same tool has another person with this address, who came first. Tools that want an address to be
    unique leave it out here.
    """

    index: int
    given_name: str
    family_name: str
    language: Language
    country: str
    email: str
    email_taken: bool
    phone: str | None
    job_title: str | None
    company: int | None
    created_at: datetime
    updated_at: datetime


def domain(company: int) -> str:
    """A company's own domain."""
    return f"firma{company}.example"


def work_email(given: str, family: str, index: int, company: int | None) -> str | None:
    """A person's address at a company; the index keeps it apart from every other person's."""
    return None if company is None else f"{given}.{family}{index}@{domain(company)}"


def misspelt(name: str, place: int) -> str:
    """The name with two neighbouring letters changed over, or the last one twice where that changes nothing."""
    at = 1 + place % max(len(name) - 2, 1)
    changed = name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]
    return changed if changed != name else name + name[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """A customer that is a firm."""

    index: int
    name: str
    domain: str
    city: str
    country: str
    industry: str
    employee_count: int
    tools: tuple[Tool, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """Somebody who works for the invented company and uses every tool."""

    index: int
    given_name: str
    family_name: str
    email: str
