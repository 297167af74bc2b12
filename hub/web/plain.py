"""What is stored as a word of ours, said in plain words: stages, rules, facts, states, channels."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from hub.lifecycle import Rules
from hub.model import Fact

STAGES: Final = MappingProxyType(
    {
        "reach": "Reach",
        "acquisition": "Acquisition",
        "conversion": "Conversion",
        "retention": "Retention",
        "loyalty": "Loyalty",
        "churned": "Churned",
    }
)
STATUSES: Final = MappingProxyType(
    {
        "prospect_open": ("Prospect", "busy"),
        "prospect_lost": ("Lost prospect", ""),
        "customer_active": ("Active", "good"),
        "customer_churned": ("Churned", "bad"),
    }
)
IDENTITY: Final = MappingProxyType(
    {
        "I1": "a reference in one of the systems",
        "I2": "the same main e-mail address",
        "I3": "the same e-mail address, a secondary one",
        "I4": "the same tax number",
        "I5": "the same mobile number and nearly the same name",
        "I7": "the same internet domain",
        "I8": "the same company name, and no other place",
        "I9": "the same name at the same company",
        "merge": "a merge in their system",
        "manual": "the decision of a person",
    }
)
"""What speaks for two records being one customer."""
HELD_BACK: Final = MappingProxyType(
    {
        "limit": "Held back: together they would have more than 10 addresses or 5 numbers.",
        "names": "Held back: the names do not look like one person's.",
        "type": "Held back: one is a person, the other a company.",
        "apart": "Held back: a person said that they are not the same.",
    }
)
WON: Final = MappingProxyType(
    {
        "only": "Nobody else says anything.",
        "most_recent_by_priority": "It won: the most recent one of the systems believed first.",
        "priority": "It won: from the kind of system that is believed first.",
        "earliest": "It won: the earliest that is known.",
        "latest": "It won: the latest that is known.",
        "most_restrictive": "It won: what allows least holds.",
        "manual": "A person fixed it; it holds until that is removed.",
    }
)
LOST: Final = MappingProxyType(
    {
        "out_of_date": "more than a year older",
        "lower_priority": "from a kind of system that is believed less",
        "older": "older",
        "recorded_earlier": "just as old, but it came to us earlier",
        "tie": "equally good; the order of the connections decided",
        "locked": "a person fixed another value",
        "later": "later",
        "earlier": "earlier",
        "undated": "nobody knows when",
        "less_restrictive": "it allows more",
        "overruled_with_proof": "taken back later, with proof",
        "without_proof": "without proof",
        "unknown": "it says nothing certain",
    }
)
CONSENTS: Final = MappingProxyType({"opt_in": ("Allowed", "good"), "opt_out": ("Not allowed", "bad"), "unknown": ("Unknown", "")})

_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "first_touch": "The first contact with us while no customer, before any sign of interest.",
        "first_interest": "The first sign of interest while no customer.",
        "quoted": "Something of a family of products that a loyal customer never bought was quoted.",
        "first_purchase": "The first purchase begins a time as a customer.",
        "subscription_started": "A subscription begins a time as a customer.",
        "second_purchase": "A second purchase in the same time as a customer.",
        "renewal": "A subscription was renewed.",
        "onboarding": "Began to use what was bought.",
        "conversion_window": "Still a customer {conversion_window_days} days after becoming one.",
        "repeat_purchases": "At least {loyal_purchases} purchases within {loyal_window_days} days.",
        "promoter": "At least 2 purchases, and would recommend us (9 or 10 of 10) within the last {nps_valid_days} days.",
        "referral": "At least 2 purchases, and referred somebody within the last {referral_valid_days} days.",
        "testimonial": "At least 2 purchases, and spoke well of us within the last {referral_valid_days} days.",
        "evangelist": "At least 2 purchases, and a system counts them among those who recommend.",
        "detractor": "Would not recommend us (0 to 6 of 10), asked within the last {nps_valid_days} days.",
        "loyalty_ended": "What made it loyalty holds no longer.",
        "inactivity": "No purchase within {inactivity_days} days after the last one.",
        "subscription_ended": "The subscription ended, and nothing else keeps the customer active.",
    }
)
_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reach.touch": "Came into touch with us{by source}",
        "lead.captured": "Became known as a lead{by source}",
        "lead.engaged": "Turned to us{by kind}",
        "lead.qualified": "Found fit as a lead{by level}",
        "lead.disqualified": "Found unfit as a lead{by reason}",
        "proposal.sent": "A proposal was sent",
        "deal.opened": "A deal was opened{money}",
        "deal.stage_changed": "A deal moved to another stage",
        "deal.won": "A deal was won{money}",
        "deal.lost": "A deal was lost{by reason}",
        "deal.reopened": "A deal was opened again",
        "deal.deleted": "A deal was deleted",
        "order.paid": "An order was paid{money}",
        "order.fulfilled": "An order was fulfilled",
        "order.refunded": "An order was refunded{money}",
        "invoice.paid": "An invoice was paid{money}",
        "subscription.started": "A subscription began{by interval}",
        "subscription.renewed": "A subscription was renewed",
        "subscription.changed": "A subscription changed",
        "subscription.cancel_scheduled": "The end of a subscription was set",
        "subscription.ended": "A subscription ended{by reason}",
        "user.signed_up": "Signed up",
        "user.activated": "Began to use what we offer",
        "user.active": "Used what we offer",
        "onboarding.completed": "Finished the introduction",
        "ticket.opened": "A ticket was opened",
        "ticket.solved": "A ticket was solved",
        "ticket.reopened": "A ticket was opened again",
        "survey.sent": "Was asked in a survey{by kind}",
        "survey.responded": "Answered a survey{by score}",
        "referral.made": "Referred somebody",
        "referral.converted": "Somebody they referred became a customer",
        "testimonial.given": "Spoke well of us",
        "health.reported": "A system reported how well things go{by score}",
        "source.stage_asserted": "A system calls them{by raw}",
        "consent.changed": "What they allow changed",
        "record.merged": "A record was merged",
        "record.deleted": "A record was deleted",
        "record.restored": "A record came back",
        "record.erased": "A record was erased",
    }
)


def rule(name: str, rules: Rules) -> str:
    """A rule of the lifecycle as a sentence, with the numbers that were settled."""
    return _RULES.get(name, name.replace("_", " ").capitalize() + ".").format(**asdict(rules))


def fact(it: Fact) -> str:
    """What happened, in a few words."""
    said = _FACTS.get(it.type, it.type)
    text, _, told = said.partition("{")
    told = told.removesuffix("}")
    if told == "money":
        money = amount({"amount": it.attrs.get("amount"), "currency": it.attrs.get("currency")})
        return f"{text} ({money})" if money else text
    value = it.attrs.get(told.removeprefix("by ")) if told else None
    return f"{text} ({str(value).replace('_', ' ')})" if value not in (None, "") else text


def stage(name: str | None, *, winback: bool = False) -> str:
    """A stage as it is shown; a former customer that is being won again is in it once more."""
    if name is None:
        return "No stage yet"
    return f"{STAGES.get(name, name)} (win-back)" if winback else STAGES.get(name, name)


def amount(value: Mapping[str, Any] | None) -> str:
    """Money as stored, with its currency where the source named one."""
    if not value:
        return ""
    try:
        said = f"{Decimal(value['amount']):,.2f}"
    except (InvalidOperation, KeyError, TypeError):
        return ""
    return f"{said} {value.get('currency') or ''}".strip()
