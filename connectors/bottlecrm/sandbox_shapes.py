"""How BottleCRM 1.35.0 writes its records as JSON, recorded in tests/connectors/bottlecrm.

Some values differ at every reading without any change, as in the real one: ages, rollups, whether a deadline passed.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from connectors.bottlecrm.sandbox_records import KINDS, Json, stage, uid
from hub.sandbox.chance import BEGINS, instant, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.relations import Relations
from hub.sandbox.rows import Row
from hub.sandbox.world import Staff

ORG: Json = {"id": uid("org", 1), "name": "Acme Loopback"}
_ADDRESS = dict.fromkeys(("address_line", "city", "state", "postcode", "country"))
_COMMON: Json = {"teams": [], "tags": [], "description": None, "is_active": True, "org": ORG, "custom_fields": {}}
_SOURCE = {"source_detail": "", "source_ref": ""}
_HOUR, _DAY = 3_600_000, 86_400_000
_SLA_HOURS = {"Low": (24, 72), "Normal": (8, 48), "High": (4, 24), "Urgent": (1, 4)}
_NO_TIME: Json = {"total_minutes": 0, "billable_minutes": 0, "last_entry_at": None, "by_profile": []}


def stamp(moment: int | None) -> str | None:
    """A time as the API writes it, with microseconds."""
    return None if moment is None else f"{instant(moment):%Y-%m-%dT%H:%M:%S.%f}Z"


def profile(one: Staff) -> Json:
    """A member of staff in the organisation; `id` is what records are assigned to."""
    return {
        "id": uid("profile", one.index),
        "user_details": {
            **{key: value for key, value in author(one).items() if key != "profile_pic"},
            "is_active": True,
            "profile_pic": None,
            "last_login": None,
        },
        "role": "ADMIN" if one.index == 0 else "USER",
        **dict.fromkeys(("address", "phone", "date_of_joining")),
        **dict.fromkeys(("has_marketing_access", "has_sales_access"), False),
        "is_active": True,
        "created_at": stamp(milliseconds(BEGINS)),
    }


def author(one: Staff) -> Json:
    """Who made a record."""
    return {"id": uid("user", one.index), "email": one.email, "name": one.email.partition("@")[0], "profile_pic": None}


class Shapes:
    """Rows written out, with what they refer to."""

    def __init__(self, staff: Sequence[Staff], collections: dict[str, Collection], relations: Relations) -> None:
        self._staff, self._collections, self._relations = staff, collections, relations
        self.of: dict[str, Callable[[Row], Json]] = {
            "contacts": self.contact,
            "accounts": self.account,
            "opportunities": self.opportunity,
            "cases": self.case,
        }

    def related(self, row: Row, name: str, to: str) -> list[Row]:
        """The live records of an object that belong to a record."""
        found = map(self._collections[to].row, self._relations.of(KINDS[name], row.id, KINDS[to]))
        return [other for other in found if other is not None]

    def _common(self, name: str, row: Row) -> Json:
        kept = row.fields
        shown = {"description": kept.get("description"), "is_active": kept.get("is_active", True)}
        people = [profile(self._staff[one % len(self._staff)]) for one in kept.get("assigned_to", ())]
        made = {"created_by": author(self._staff[0]), "created_at": stamp(row.created)}
        return {"id": uid(name, row.id), **_COMMON, **shown, "assigned_to": people, **made}

    def _named(self, account: int | None) -> Json | None:
        """An account as other records name it."""
        accounts = self._collections["accounts"]
        found = None if account is None else accounts.row(accounts.survivor(account))
        return None if found is None else {"id": uid("accounts", found.id), "name": found.fields.get("name")}

    def people(self, ids: Sequence[int], *names: str) -> list[Json]:
        """Contacts as other records name them; those that are gone are left out."""
        contacts = self._collections["contacts"]
        found = (contacts.row(contacts.survivor(one)) for one in ids)
        return [{"id": uid("contacts", row.id), **{name: row.fields.get(name) for name in names}} for row in found if row]

    def contact(self, row: Row) -> Json:
        """A contact: the only record that tells when it was changed."""
        kept, account = row.fields, self._named(row.fields.get("account"))
        texts = ("first_name", "last_name", "email", "phone", "organization", "title", "department", "linkedin_url")
        return {
            **self._common("contacts", row),
            **{name: kept.get(name) for name in (*texts, *_ADDRESS)},
            "phone_e164": kept.get("phone") or "",
            "source": "",
            **_SOURCE,
            "do_not_call": False,
            "created_by": author(self._staff[0])["id"],
            "updated_at": stamp(row.updated),
            "account": account and account["id"],
            "account_detail": account,
            "linked_accounts": [account] if account else [],
        }

    def _rollups(self, row: Row) -> Json:
        """What the account's deals and cases add up to at this moment."""
        deals = [(deal, stage(deal)[1]) for deal in self.related(row, "accounts", "opportunities")]
        won = [str(deal.fields.get("closed_on")) for deal, kind in deals if kind == "won"]
        statuses = [case.fields.get("status") for case in self.related(row, "accounts", "cases")]
        return {
            "won_count": len(won),
            "open_deal_count": sum(kind == "open" for _, kind in deals),
            "open_tickets": sum(status in ("New", "Assigned", "Pending") for status in statuses),
            "first_won_on": min(won, default=None),
            **_money(deals),
        }

    def account(self, row: Row) -> Json:
        """An account with its rollups."""
        texts = ("name", "email", "phone", "website", "industry", "number_of_employees", "annual_revenue", "currency")
        country = {"BR": "Brazil", "US": "United States"}.get(str(row.fields.get("country")))
        shown = {name: row.fields.get(name) for name in (*texts, *_ADDRESS)}
        return {**self._common("accounts", row), **shown, "country_display": country, "rollups": self._rollups(row)}

    def opportunity(self, row: Row) -> Json:
        """A deal as it stands alone; lists add what comes next."""
        kept, now = row.fields, self._collections["opportunities"].clock.now()
        label, kind = stage(row)
        days, changed = (now - row.created) // _DAY, kept.get("stage_changed_at") or row.created
        closer = kept.get("closed_by")
        return {
            **self._common("opportunities", row),
            **{name: kept.get(name) for name in ("name", "stage", "opportunity_type", "currency", "amount", "closed_on")},
            "lead_source": None,
            **_SOURCE,
            "amount_source": "MANUAL",
            "line_items": [],
            "line_items_total": 0,
            "account": self._named(kept.get("account")),
            "pipeline": uid("pipeline", kept.get("pipeline", 0)),
            "stage_label": label,
            "stage_kind": kind,
            "probability": kept.get("probability", 10),
            "contacts": self.people(kept.get("contacts", ()), "first_name", "last_name", "email"),
            "closed_by": None if closer is None else profile(self._staff[closer % len(self._staff)]),
            "created_on_arrow": f"{days}\N{NO-BREAK SPACE}days ago",
            "stage_changed_at": stamp(changed),
            "days_in_stage": (now - changed) // _DAY,
            "aging_status": "green" if kind != "open" or now - changed < 14 * _DAY else "red",
        }

    def case(self, row: Row) -> Json:
        """A case with its deadlines."""
        kept, now = row.fields, self._collections["cases"].clock.now()
        first, last = _SLA_HOURS.get(str(kept.get("priority")), _SLA_HOURS["Normal"])
        answered, resolved = kept.get("first_response_at"), kept.get("resolved_at")
        return {
            **self._common("cases", row),
            **{name: kept.get(name) for name in ("name", "status", "priority", "case_type", "closed_on")},
            "account": self._named(kept.get("account")),
            "contacts": self.people(kept.get("contacts", ()), "first_name", "last_name", "email"),
            "sla_first_response_hours": first,
            "sla_resolution_hours": last,
            "first_response_at": stamp(answered),
            "resolved_at": stamp(resolved),
            "first_response_sla_deadline": stamp(row.created + first * _HOUR),
            "resolution_sla_deadline": stamp(row.created + last * _HOUR),
            "is_sla_first_response_breached": answered is None and now > row.created + first * _HOUR,
            "is_sla_resolution_breached": resolved is None and now > row.created + last * _HOUR,
            **dict.fromkeys(("is_sla_first_response_at_risk", "is_sla_resolution_at_risk", "is_problem"), False),
            **dict.fromkeys(("last_escalation_fired_at", "sla_paused_at", "parent", "parent_summary")),
            **dict.fromkeys(("escalation_count", "child_count"), 0),
            "time_summary": _NO_TIME,
        }


def _money(deals: Sequence[tuple[Row, str]]) -> Json:
    """What deals add up to by currency; sums of several currencies are not added."""
    sums: dict[str, dict[str, Decimal]] = {}
    for deal, kind in deals:
        if deal.fields.get("amount"):
            money = sums.setdefault(str(deal.fields.get("currency") or "USD"), {})
            money[kind] = money.get(kind, Decimal(0)) + Decimal(deal.fields["amount"])
    shown = [{"currency": one, **_amounts(money)} for one, money in sorted(sums.items())]
    alone = _amounts(next(iter(sums.values()), {}))
    return {**(alone if len(sums) <= 1 else dict.fromkeys(alone)), "by_currency": shown}


def _amounts(money: Mapping[str, Decimal]) -> Json:
    """What one currency's deals add up to; no invoice of the invented company is ever overdue."""
    return {"won_amount": str(money.get("won", 0)), "open_pipeline": str(money.get("open", 0)), "overdue_amount": "0"}
