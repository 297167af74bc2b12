"""How BottleCRM 1.35.0 writes its records as JSON, in lists and alone, recorded in tests/connectors/bottlecrm.

Some values differ at every reading without any change, as in the real one: ages, rollups, whether a deadline passed.
A single record stands in an envelope that each object has of its own. Where records are added up, money is left empty
(null, as the real one has it where several currencies meet): nobody reads these sums.
"""

from collections.abc import Callable, Sequence

from connectors.bottlecrm.sandbox_records import KINDS, PIPELINES, TEXTS, TOOL, author, profile, stage, uid
from hub.sandbox.answers import Json, filled, picked, stamp
from hub.sandbox.collection import Collection
from hub.sandbox.relations import Relations
from hub.sandbox.rows import Row
from hub.sandbox.world import World

ORG: Json = {name: TEXTS["settings"][name] for name in ("id", "name")}
STAGE_CHOICES = [[code, label] for code, label, _, _ in PIPELINES["Sales"]]
OPEN = ("New", "Assigned", "Pending")
"""The statuses of cases that are not done."""
_ADDRESS = ("address_line", "city", "state", "postcode", "country")
_HOUR, _DAY = 3_600_000, 86_400_000
_SLA_HOURS = {"Low": (24, 72), "Normal": (8, 48), "High": (4, 24), "Urgent": (1, 4)}


class Shapes:
    """Rows written out, with what they refer to."""

    def __init__(self, world: World, collections: dict[str, Collection]) -> None:
        self._staff, self._collections = world.staff, collections
        self._relations = Relations(world, TOOL, {KINDS[name]: found for name, found in collections.items()})
        self._own: dict[str, Callable[[Row], Json]] = {
            "contacts": self._contact,
            "accounts": self._account,
            "opportunities": self._opportunity,
            "cases": self._case,
        }
        self._around: dict[str, Callable[[Row, Json], Json]] = {
            "contacts": self._around_contact,
            "accounts": self._around_account,
            "opportunities": self._around_opportunity,
            "cases": lambda _row, case: {"cases_obj": case, "contacts": case["contacts"]},
        }

    def row(self, name: str, row: Row) -> Json:
        """A record as in lists."""
        people = [profile(self._staff[one % len(self._staff)]) for one in row.fields.get("assigned_to", ())]
        common = {"id": uid(name, row.id), "org": ORG, "assigned_to": people, "created_at": stamp(row.created)}
        own = {"created_by": author(self._staff[0]), **self._own[name](row)}
        return filled(TEXTS["rows"][name], row.fields, **common, **own)

    def single(self, name: str, row: Row) -> Json:
        """A record alone. A case that was merged into another says only where to go instead."""
        winner = row.fields.get("merged_into")
        if winner is not None:
            to = dict.fromkeys(("redirect_to", "merged_into"), uid(name, winner))
            return {**to, "source_case_id": uid(name, row.id), "source_case_name": row.fields.get("name")}
        everybody = [profile(one) for one in self._staff]
        mentions = [{"user__email": one.email} for one in self._staff]
        around = {"users": everybody, "stage": STAGE_CHOICES, "stages": STAGE_CHOICES, "users_mention": mentions}
        return filled(TEXTS["singles"][name], {}, **around | self._around[name](row, self.row(name, row)))

    def _related(self, row: Row, name: str, to: str) -> list[Row]:
        """The live records of an object that belong to a record."""
        found = map(self._collections[to].row, self._relations.of(KINDS[name], row.id, KINDS[to]))
        return [other for other in found if other is not None]

    def _named(self, name: str, ids: Sequence[int | None], *fields: str) -> list[Json]:
        """Records as others name them; those that are gone are left out."""
        collection = self._collections[name]
        found = (collection.row(collection.survivor(one)) for one in ids if one is not None)
        return [{"id": uid(name, row.id), **picked(row.fields, *fields)} for row in found if row]

    def _belonging(self, row: Row) -> Json:
        """The account and the contacts of a deal or a case."""
        accounts = self._named("accounts", [row.fields.get("account")], "name")
        people = self._named("contacts", row.fields.get("contacts", ()), "first_name", "last_name", "email")
        return {"account": accounts[0] if accounts else None, "contacts": people}

    def _contact(self, row: Row) -> Json:
        """The only record that tells when it was changed."""
        accounts = self._named("accounts", [row.fields.get("account")], "name")
        account = accounts[0] if accounts else None
        named = {"account": account and account["id"], "account_detail": account, "linked_accounts": accounts}
        made = {"created_by": uid("user", 0), "updated_at": stamp(row.updated)}
        return {**named, **made, "phone_e164": row.fields.get("phone") or ""}

    def _account(self, row: Row) -> Json:
        country = {"BR": "Brazil", "US": "United States"}.get(str(row.fields.get("country")))
        return {"country_display": country, "rollups": self._rollups(row)}

    def _rollups(self, row: Row) -> Json:
        """What the account's deals and cases add up to at this moment, but for their money."""
        deals = [(stage(deal)[1], str(deal.fields.get("closed_on"))) for deal in self._related(row, "accounts", "opportunities")]
        won = [closed for kind, closed in deals if kind == "won"]
        statuses = [case.fields.get("status") for case in self._related(row, "accounts", "cases")]
        return {
            **dict.fromkeys(("won_amount", "open_pipeline", "overdue_amount")),
            "won_count": len(won),
            "open_deal_count": sum(kind == "open" for kind, _ in deals),
            "open_tickets": sum(status in OPEN for status in statuses),
            "first_won_on": min(won, default=None),
            "by_currency": [],
        }

    def _opportunity(self, row: Row) -> Json:
        kept, now, (label, kind) = row.fields, self._collections["opportunities"].clock.now(), stage(row)
        days, changed, closer = (now - row.created) // _DAY, kept.get("stage_changed_at") or row.created, kept.get("closed_by")
        return {
            **self._belonging(row),
            "pipeline": uid("pipeline", kept.get("pipeline", 0)),
            "stage_label": label,
            "stage_kind": kind,
            "closed_by": None if closer is None else profile(self._staff[closer % len(self._staff)]),
            "created_on_arrow": f"{days}\N{NO-BREAK SPACE}days ago",
            "stage_changed_at": stamp(changed),
            "days_in_stage": (now - changed) // _DAY,
            "aging_status": "green" if kind != "open" or now - changed < 14 * _DAY else "red",
        }

    def _case(self, row: Row) -> Json:
        now, hours = self._collections["cases"].clock.now(), _SLA_HOURS.get(str(row.fields.get("priority")), _SLA_HOURS["Normal"])
        deadlines = zip(("first_response", "resolution"), ("first_response_at", "resolved_at"), hours, strict=True)
        shown = self._belonging(row)
        for name, done, within in deadlines:
            due, at = row.created + within * _HOUR, row.fields.get(done)
            shown |= {done: stamp(at), f"sla_{name}_hours": within, f"{name}_sla_deadline": stamp(due)}
            shown[f"is_sla_{name}_breached"] = at is None and now > due
        return shown

    def _around_contact(self, row: Row, contact: Json) -> Json:
        """A contact stands with its deals and cases; here a deal's amount is a number."""
        deals, cases = (self._related(row, "contacts", to) for to in ("opportunities", "cases"))
        opened = sum(stage(deal)[1] == "open" and bool(deal.fields.get("amount")) for deal in deals)
        shown = [self.row("opportunities", deal) for deal in deals]
        brief = ("id", "name", "stage", "currency", "closed_on", "stage_label", "stage_kind")
        return {
            "contact_obj": contact,
            "address_obj": picked(contact, *_ADDRESS),
            "assigned_data": [
                {"id": one["user_details"]["id"], "name": one["user_details"]["email"]} for one in contact["assigned_to"]
            ],
            "opportunities": [
                {**picked(deal, *brief), "amount": None if deal["amount"] is None else float(deal["amount"])} for deal in shown
            ],
            "open_deals": {"amount": None, "count": opened, "by_currency": []},
            "opportunity_count": len(deals),
            "cases": [picked(self.row("cases", case), "id", "name", "status", "priority", "created_at") for case in cases],
        }

    def _around_account(self, row: Row, account: Json) -> Json:
        """An account stands with its contacts, deals and cases, some of which it also has inside."""
        whole = {to: [self.row(to, one) for one in self._related(row, "accounts", to)] for to in KINDS if to != "accounts"}
        deals = [picked(deal, "id", "name", "stage", "stage_label", "amount") for deal in whole["opportunities"]]
        cases = [picked(case, "id", "name") for case in whole["cases"]]
        inside = {"contacts": whole["contacts"], "cases": cases, "tasks": [], "opportunities": deals}
        around = {"contacts": whole["contacts"], "opportunity_list": whole["opportunities"], "cases": whole["cases"]}
        return {"account_obj": {**account, **inside}, **around}

    def _around_opportunity(self, row: Row, deal: Json) -> Json:
        names = ("first_name", "last_name", "title", "department")
        return {"opportunity_obj": deal, "contacts": self._named("contacts", row.fields.get("contacts", ()), *names)}
