"""Who the invented company deals with, and how differently each tool knows them.

Of every 200 people: 8 share a family's mailbox in pairs; 8 share a phone in pairs; 8 are namesakes in pairs; of 6, in
pairs, the second has the work address that the first had before; 14 are misspelt in one tool; 12 stand in one tool with
their former employer; 16 have a +tag or capital letters in their address in one tool; 4 are known to one tool by their
company's role mailbox. 90 are known to one tool, 60 to two, 30 to three, 12 to four and 8 to all five. About 15 % belong
to no company, and a third of all sightings lack a phone. Otherwise each address and each phone is one person's own.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from hub.sandbox.chance import Chance, instant, pick
from hub.sandbox.names import Language, plain, words
from hub.sandbox.parties import Person, Seen, domain, misspelt, work_email
from hub.sandbox.shelf import SLOTS
from hub.sandbox.slots import PAIRED, TOOLS, TRAITS, Slot, Tool, Trait, known_beside, slots

PEOPLE_TO_A_COMPANY = 8
_REACH = 9
# Out of 256, the values of a byte.
PORTUGUESE, _NO_COMPANY, _AT_WORK, _NO_PHONE = 166, 38, 190, 85
_UNTITLED = ("zendesk", "rt", "pretix")
"""Tools that nobody tells what they do."""
_COUNTRY = {"pt": "BR", "en": "US"}
_DIFFERING = (Trait.TYPO, Trait.JOB_CHANGE, Trait.TAGGED, Trait.ROLE)
_ALWAYS_EMPLOYED = (Trait.REASSIGNED, Trait.JOB_CHANGE, Trait.ROLE)
_MAILBOXES = ("correio.example", "caixa.example", "webmail.example", "post.example")
_ROLES = ("info", "contato", "financeiro", "vendas", "suporte", "comercial", "atendimento", "compras")
_BR_AREAS = (11, 21, 31, 41, 51, 61, 71, 81, 85, 19, 27, 48, 62, 91)
_US_AREAS = (212, 213, 305, 312, 404, 415, 503, 512, 617, 702, 206, 303)


class People:
    """All people of one seed. Person i does not depend on how many there are."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.slots: Sequence[Slot] = slots(chance.seed)
        self.person = lru_cache(maxsize=8192)(self._person)
        self._beside = cache(lambda tool: known_beside(chance.seed, tool, "contact"))

    def slot(self, index: int) -> Slot:
        """What the person is by their place in the block."""
        return self.slots[self.chance.slot(index)]

    def known(self, tool: Tool, place: int) -> bool:
        """Whether a tool knows the people in a slot."""
        return tool in self.slots[place].tools if tool in TOOLS else place in self._beside(tool)

    def partner(self, index: int) -> int | None:
        """The other one of the pair; the one in the even slot lends what both share."""
        place = self.chance.slot(index)
        if self.slots[place].trait not in PAIRED:
            return None
        return self.chance.member(index // SLOTS, place ^ 1)

    def _company(self, index: int, drawn: bytes, trait: Trait) -> int | None:
        if drawn[20] < _NO_COMPANY and trait not in _ALWAYS_EMPLOYED:
            return None
        newest = index // PEOPLE_TO_A_COMPANY
        return newest - drawn[21] % min(_REACH, newest + 1)

    def _phone(self, index: int, drawn: bytes, country: str) -> str:
        """A number in E.164; multiplying by an odd number not divisible by 5 keeps the last digits unique."""
        if country == "BR":
            return f"+55{pick(_BR_AREAS, drawn, 6)}9{6 + drawn[8] % 4}{(index * 7368787 + 31) % 10**7:07}"
        return f"+1{pick(_US_AREAS, drawn, 6)}{2_000_000 + (index * 7368787 + 31) % 8_000_000}"

    def _person(self, index: int) -> Person:
        drawn = self.chance.bytes("person", index)
        language: Language = "pt" if drawn[22] < PORTUGUESE else "en"
        chosen, slot, country = words(language), self.slot(index), _COUNTRY[language]
        (given, given_plain), (family, family_plain) = pick(chosen.given, drawn, 0), pick(chosen.family, drawn, 2)
        company, mailbox = self._company(index, drawn, slot.trait), pick(_MAILBOXES, drawn, 4)
        private = f"familia.{family_plain}" if slot.trait is Trait.FAMILY else f"{given_plain}.{family_plain}"
        person = Person(
            index=index,
            trait=slot.trait,
            tools=slot.tools,
            partner=self.partner(index),
            given_name=given,
            family_name=family,
            language=language,
            country=country,
            private_email=f"{private}{index}@{mailbox}",
            work_email=work_email(given_plain, family_plain, index, company),
            phone=self._phone(index, drawn, country),
            job_title=pick(chosen.titles, drawn, 10),
            company=company,
        )
        return self._lent(person) if person.partner is not None and self.chance.slot(index) % 2 else person

    def _lent(self, person: Person) -> Person:
        """The second of a pair, with what the first lends."""
        lender = self.person(person.partner)
        if person.trait is Trait.FAMILY:
            return replace(person, family_name=lender.family_name, private_email=lender.private_email)
        if person.trait is Trait.SHARED_PHONE:
            return replace(person, phone=lender.phone)
        if person.trait is Trait.REASSIGNED:
            return replace(person, company=lender.company, work_email=lender.work_email)
        company = lender.company if person.index % 2 else person.company
        return replace(
            person,
            given_name=lender.given_name,
            family_name=lender.family_name,
            company=company,
            work_email=work_email(plain(lender.given_name), plain(lender.family_name), person.index, company),
            private_email=f"{plain(lender.given_name)}{person.index}@{person.private_email.partition('@')[2]}",
        )

    def seen(self, index: int, tool: Tool) -> Seen:
        """The person as a tool has them; at most one of the house's tools differs by their trait."""
        person, drawn = self.person(index), self.chance.bytes("seen", index, tool)
        created, updated = self.chance.span("contact", tool, index)
        seen = Seen(
            index=index,
            given_name=person.given_name,
            family_name=person.family_name,
            language=person.language,
            country=person.country,
            email=self._email(person, tool, drawn),
            email_taken=self._second_here(person, tool),
            phone=None if drawn[1] < _NO_PHONE else person.phone,
            job_title=None if tool in _UNTITLED else person.job_title,
            company=person.company,
            created_at=instant(created),
            updated_at=instant(updated),
        )
        odd = person.tools[self.chance.bytes("odd", index)[0] % len(person.tools)]
        return self._differing(seen, drawn) if tool == odd and person.trait in _DIFFERING else seen

    def _second_here(self, person: Person, tool: Tool) -> bool:
        """Whether the one who lent the address is in the tool too."""
        shares = person.trait in (Trait.FAMILY, Trait.REASSIGNED) and self.chance.slot(person.index) % 2 == 1
        return shares and person.partner is not None and self.known(tool, self.chance.slot(person.partner))

    def _email(self, person: Person, tool: Tool, drawn: bytes) -> str:
        """The address a person gave to a tool: the shop's is private, the others' mostly the one at work."""
        at_work = person.trait is Trait.REASSIGNED or (tool != "pretix" and drawn[0] < _AT_WORK)
        if person.work_email is None or person.trait is Trait.FAMILY or not at_work:
            return person.private_email
        return person.work_email

    def _role(self, index: int) -> str:
        """A role that no colleague has: a company's people come from at most two neighbouring blocks."""
        half = TRAITS[Trait.ROLE]
        return _ROLES[self.chance.slot(index) % half + half * (index // SLOTS % 2)]

    def _differing(self, seen: Seen, drawn: bytes) -> Seen:
        trait = self.slot(seen.index).trait
        name, _, host = seen.email.partition("@")
        if trait is Trait.TYPO:
            return replace(seen, given_name=misspelt(seen.given_name, drawn[2]))
        if trait is Trait.TAGGED:
            return replace(seen, email=seen.email.title() if drawn[2] % 2 else f"{name}+news@{host}")
        if trait is Trait.ROLE:
            return replace(seen, email=f"{self._role(seen.index)}@{domain(seen.company or 0)}")
        former = (seen.company or 0) - 1 if seen.company else 1
        person = self.person(seen.index)
        email = work_email(plain(person.given_name), plain(person.family_name), seen.index, former)
        return replace(seen, company=former, email=email or seen.email)
