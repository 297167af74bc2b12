"""Records that say who they are, and what people have said about them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from hub.model import Company, Contact
from hub.unify import blocked, names
from hub.unify.keys import clues, email_key, full_name, keys
from hub.unify.phones import Number, number, region_of

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A record that says who it is, by its keys; a merged record belongs where the record it was merged into belongs."""

    record_id: str
    connection_id: str
    system: str
    type: str
    source_id: str
    entity: Contact | Company = field(hash=False)
    live: bool = True
    """Whether the source still has it: not deleted there, nor merged into another."""
    created_at: datetime | None = None
    merged_into: str | None = None

    @property
    def age(self) -> tuple[datetime, str, str, str]:
        """Orders claims by seniority: earliest created at its source, then connection, type and source id."""
        return (self.created_at or _FOREVER, self.connection_id, self.type, self.source_id)

    @property
    def own(self) -> str:
        """The key that is this record's own native name in its system, which another account of the system may use too."""
        return f"native:{self.system}:{self.type}:{self.source_id}"

    @property
    def is_person(self) -> bool:
        """Whether this is about a human."""
        return self.type == Contact.TYPE

    @cached_property
    def name(self) -> str:
        """Whom the record is about, as it is written there."""
        return full_name(self.entity)

    @cached_property
    def name_key(self) -> str:
        """The name for comparing, empty where the record gives none; a firm's is without its legal form."""
        key = names.name_key(self.name) if self.is_person else names.firm_key(self.name)
        return "" if blocked.name(key) else key

    @cached_property
    def suffix(self) -> str | None:
        """What tells the person from relatives of the same name."""
        written = self.entity.name_suffix if isinstance(self.entity, Contact) else None
        return (names.written_suffix(written) if written else None) or names.suffix(self.name)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The strong keys."""
        return keys(self.entity, self.system, self.connection_id)

    @cached_property
    def clues(self) -> frozenset[str]:
        """The weak clues."""
        return clues(self.entity, self.connection_id)

    @cached_property
    def emails(self) -> frozenset[str]:
        """The keys of its addresses."""
        return frozenset(key for key in self.keys if key.startswith("email:"))

    @cached_property
    def primary(self) -> frozenset[str]:
        """The keys of the addresses that count as primary: the source says so, or there is no other."""
        held = self.entity.emails
        return frozenset(f"email:{email_key(each.address)}" for each in held if each.primary or len(held) == 1)

    def numbers(self, region: str | None) -> frozenset[Number]:
        """The valid phone numbers of a person whose organisation is in a region; a company's are not told apart."""
        if not self.is_person:
            return frozenset()
        home = region_of(self.entity.country, region)
        return frozenset(found for phone in self.entity.phones if (found := number(phone.number, home)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A claim outside a component, and the customer that it belongs to now."""

    claim: Claim
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Pairs of record ids that people have said to be one, or not to be."""

    together: frozenset[frozenset[str]] = frozenset()
    apart: frozenset[frozenset[str]] = frozenset()
