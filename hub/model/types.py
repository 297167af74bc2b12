"""The list of canonical types by name; paths, doors and tables are derived from it."""

from typing import Final

from hub.model.engagement import Activity, Campaign, Consent, ReachStat, Referral, Touchpoint, UsageDaily
from hub.model.entity import Entity
from hub.model.parties import Company, Contact, Membership, Owner
from hub.model.purchases import Invoice, Order, Payment, Product, Refund, Subscription
from hub.model.sales import Deal, Lead, Pipeline
from hub.model.support import SurveyResponse, Ticket

TYPES: Final[dict[str, type[Entity]]] = {
    kind.TYPE: kind
    for kind in (
        *(Contact, Company, Membership, Owner),
        *(Lead, Deal, Pipeline),
        *(Ticket, SurveyResponse),
        *(Order, Invoice, Payment, Refund, Subscription, Product),
        *(Activity, Campaign, Touchpoint, ReachStat, UsageDaily, Referral, Consent),
    )
}
