"""The list of canonical types by name; paths, doors and tables are derived from it."""

from typing import Final

from hub.model.entity import Entity
from hub.model.parties import Company, Contact, Owner
from hub.model.purchases import Order
from hub.model.sales import Deal, Pipeline
from hub.model.support import SurveyResponse, Ticket

TYPES: Final[dict[str, type[Entity]]] = {
    kind.TYPE: kind for kind in (Contact, Company, Owner, Pipeline, Deal, Ticket, SurveyResponse, Order)
}
