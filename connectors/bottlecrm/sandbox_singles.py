"""Single records of the stand-in for BottleCRM: the row as in lists, inside an envelope that each object has of its own."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from connectors.bottlecrm.sandbox_filters import CHOICES
from connectors.bottlecrm.sandbox_records import PIPELINES, Json, stage, uid
from connectors.bottlecrm.sandbox_shapes import ORG, Shapes, author, profile, stamp
from hub.sandbox.rows import Row
from hub.sandbox.world import Staff

_ADDRESS = ("address_line", "city", "state", "postcode", "country")
_STAGE_CHOICES = [[code, label] for code, label, _, _ in PIPELINES[0][1]]


def everybody(staff: Sequence[Staff]) -> Json:
    """All who use the organisation's account, in two halves."""
    active = [{**profile(one), "active_token_count": int(one.index == 0)} for one in staff]
    choices = {"roles": [["ADMIN", "ADMIN"], ["USER", "USER"]], "status": [["True", "Active"], ["False", "In Active"]]}
    return {
        "active_users": {"active_users_count": len(active), "active_users": active, "offset": None},
        "inactive_users": {"inactive_users_count": 0, "inactive_users": [], "offset": 0},
        "admin_email": "admin@localhost",
        **choices,
    }


def choosable(staff: Sequence[Staff]) -> Json:
    """Whom work can be given to; recorded from BottleCRM 1.35.0."""
    return {"teams": [], "profiles": [profile(one) for one in staff]}


def organisations() -> Json:
    """The organisation of whoever asks."""
    rights = dict.fromkeys(("has_sales_access", "has_marketing_access"), False)
    one = {"role": "ADMIN", "alternate_phone": None, **rights, "is_organization_admin": True, "org": ORG}
    return {"error": False, "status": 200, "profile_org_list": [one]}


def settings() -> Json:
    """The settings of the organisation; recorded from BottleCRM 1.35.0."""
    names = ("company_name", "phone", "email", "website", "tax_id", "vertical", *_ADDRESS)
    empty = dict.fromkeys(names, "")
    prefixes = {"invoice_number_prefix": "INV-", "estimate_number_prefix": "EST-", "number_date_part": "DAY", "number_padding": 4}
    money = {"default_currency": "BRL", "default_country": None, "currency_symbol": "R$", "timezone": "UTC"}
    return {
        **ORG,
        **empty,
        **prefixes,
        **money,
        "logo": None,
        "logo_url": None,
        "csat_enabled": True,
        "auto_close_children_on_parent_close": False,
        "invoice_number_start": 1,
        "terminology": {},
        "member_count": 2,
        "created_at": "2023-11-01T00:00:00.000000Z",
    }


def _picked(records: Sequence[Json], *names: str) -> list[Json]:
    """Records with some of their fields only."""
    return [{name: record[name] for name in names} for record in records]


class Singles:
    """Rows in their envelopes."""

    def __init__(self, staff: Sequence[Staff], shapes: Shapes) -> None:
        self._staff, self._shapes = staff, shapes
        self.of: dict[str, Callable[[Row], Json]] = {
            "contacts": self.contact,
            "accounts": self.account,
            "opportunities": self.opportunity,
            "cases": self.case,
        }

    def _common(self, *empty: str) -> Json:
        mentions = [{"user__email": one.email} for one in self._staff]
        names = (*empty, "attachments", "comments", "custom_field_definitions")
        return {**{name: [] for name in names}, "users_mention": mentions}

    def contact(self, row: Row) -> Json:
        """A contact with its deals and cases."""
        deals = self._shapes.related(row, "contacts", "opportunities")
        cases = self._shapes.related(row, "contacts", "cases")
        opened = [deal for deal in deals if stage(deal)[1] == "open" and deal.fields.get("amount")]
        amount = sum((Decimal(deal.fields["amount"]) for deal in opened), Decimal(0))
        owners = [self._staff[one] for one in row.fields.get("assigned_to", ())]
        return {
            "contact_obj": self._shapes.contact(row),
            "address_obj": {name: row.fields.get(name) for name in _ADDRESS},
            "countries": CHOICES["countries"],
            **self._common("tasks", "colleagues"),
            "assigned_data": [{"id": author(one)["id"], "name": one.email} for one in owners],
            "opportunities": [self._brief_deal(deal) for deal in deals],
            "open_deals": {"amount": f"{amount:.2f}", "count": len(opened), "by_currency": []},
            "opportunity_count": len(deals),
            "cases": [self._brief_case(case) for case in cases],
            "can_delete": True,
        }

    def _brief_deal(self, row: Row) -> Json:
        """A deal inside a contact: here its amount is a number."""
        kept, (label, kind) = row.fields, stage(row)
        amount = kept.get("amount")
        texts = {name: kept.get(name) for name in ("name", "stage", "currency", "closed_on")}
        shown = {"stage_label": label, "stage_kind": kind, "amount": None if amount is None else float(amount)}
        return {"id": uid("opportunities", row.id), **texts, **shown}

    def _brief_case(self, row: Row) -> Json:
        texts = {name: row.fields.get(name) for name in ("name", "status", "priority")}
        return {"id": uid("cases", row.id), **texts, "created_at": stamp(row.created)}

    def account(self, row: Row) -> Json:
        """An account; the row inside lists its contacts, deals and cases as well."""
        related = {to: self._shapes.related(row, "accounts", to) for to in ("contacts", "opportunities", "cases")}
        whole = {to: [self._shapes.of[to](one) for one in found] for to, found in related.items()}
        inside = {
            "contacts": whole["contacts"],
            "cases": _picked(whole["cases"], "id", "name"),
            "tasks": [],
            "opportunities": _picked(whole["opportunities"], "id", "name", "stage", "stage_label", "amount"),
        }
        return {
            "account_obj": {**self._shapes.account(row), **inside},
            **self._common("teams", "tasks", "invoices"),
            "contacts": whole["contacts"],
            "opportunity_list": whole["opportunities"],
            "users": [profile(one) for one in self._staff],
            "cases": whole["cases"],
            "stages": _STAGE_CHOICES,
            "sources": CHOICES["lead_source"],
            "countries": CHOICES["countries"],
            "currencies": CHOICES["currency"],
            "case_types": CHOICES["type_of_case"],
            "case_priority": CHOICES["priority"],
            "case_status": CHOICES["status"],
            **dict.fromkeys(("comment_permission", "can_delete"), True),
            "status": ["open", "close"],
        }

    def opportunity(self, row: Row) -> Json:
        """A deal."""
        people = self._shapes.people(row.fields.get("contacts", ()), "first_name", "last_name", "title", "department")
        return {
            "opportunity_obj": self._shapes.opportunity(row),
            **self._common(),
            "contacts": people,
            "users": [profile(one) for one in self._staff],
            "stage": _STAGE_CHOICES,
            **{name: CHOICES[name] for name in ("lead_source", "currency")},
            **dict.fromkeys(("comment_permission", "can_delete"), True),
        }

    def case(self, row: Row) -> Json:
        """A case; one that was merged into another says only where to go instead."""
        winner = row.fields.get("merged_into")
        if winner is not None:
            to, name = uid("cases", winner), row.fields.get("name")
            return {"redirect_to": to, "merged_into": to, "source_case_id": uid("cases", row.id), "source_case_name": name}
        return {
            "cases_obj": self._shapes.case(row),
            **self._common("internal_notes", "solutions", "activities", "email_messages", "merged_from_cases"),
            "contacts": self._shapes.people(row.fields.get("contacts", ()), "first_name", "last_name", "email"),
            **{name: CHOICES[name] for name in ("status", "priority", "type_of_case")},
            **dict.fromkeys(("comment_permission", "can_merge"), True),
            "approval_rule": None,
        }
