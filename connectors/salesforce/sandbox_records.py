"""The invented company as a Salesforce org would hold it; fields, and how they come of the world, stand in `sandbox.json`.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_list.htm
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from werkzeug.exceptions import NotFound

from hub.sandbox.answers import Failure, Json, beside, iso
from hub.sandbox.base import Base, Model
from hub.sandbox.fixed import fixed
from hub.sandbox.ids import Ids
from hub.sandbox.rows import Change, Row
from hub.sandbox.sales import converted, shelf, tables
from hub.sandbox.select import Dialect
from hub.sandbox.standin import Controls
from hub.sandbox.tabled import tabled
from hub.sandbox.world import World

TOOL, TEXTS = "salesforce", beside(__file__)
SHAPES: dict[str, dict[str, str]] = TEXTS["objects"]
"""The fields of each object with their types; a reference's also names the object it leads to."""
IDS = Ids(marks=TEXTS["ids"], digits=12)
"""Three signs for the object, twelve (here digits alone) for the record, three that say which are capitals."""
DIALECT = Dialect(shapes=SHAPES, bare=TEXTS["bare"], moment="datetime", changed="SystemModstamp", link="{}Id")
"""https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm"""
# What may wait in a queue; and a draw by which tables always choose the first of what may be noted.
_QUEUED, _FIRST = ("Lead", "Case"), bytes(9)


def refused(about: str, told: Mapping[str, str] | None = None, /, **headers: str) -> Failure:
    """An error as the REST API tells it: in a list."""
    status, code, message = TEXTS["refusals"][about]
    return Failure(status, [{"message": message.format(**told or {}), "errorCode": code}], **headers)


def when(at: int) -> str:
    """A time as the REST API writes it, to the second: 2026-05-01T07:25:37.000+0000."""
    return f"{iso(at)[:19]}.000+0000"


def _own(name: str, row: Row) -> Json:
    """What Salesforce keeps or works out itself; a lead or a case that nobody owns waits in a queue."""
    kept, parts = row.fields, ("Street", "City", "State", "Country")
    return {
        **{field: {part.lower(): kept.get(start + part) for part in parts} for field, start in TEXTS["address"].items()},
        **TEXTS["implied"].get(kept.get("StageName") or kept.get("Status"), {}),
        **dict.fromkeys(("LastModifiedDate", "SystemModstamp"), row.updated),
        **dict.fromkeys(("CreatedById", "LastModifiedById"), 1),
        "Id": row.id,
        "CreatedDate": row.created,
        "IsDeleted": row.state != "live",
        "MasterRecordId": row.merged_into,
        "OwnerId": kept.get("OwnerId") or (IDS.of("Group", 1) if name in _QUEUED else 1),
        "CaseNumber": f"{row.id % 10**8:08}",
        "Name": kept.get("Name") or " ".join(filter(None, map(kept.get, ("FirstName", "LastName")))),
    }


MODEL = Model(
    dialect=DIALECT,
    ids=IDS,
    own=_own,
    written={"datetime": when, "date": lambda at: when(at)[:10]},
    head=lambda name: {"attributes": {"type": name}},
    master="MasterRecordId",
)


class Org(Base):
    """The records of one org, in which opportunities have a history and leads are converted."""

    def __init__(self, world: World, controls: Controls) -> None:
        clock, staff = controls.clock, [tabled(TEXTS["user"], {}, asdict(one), _FIRST) for one in world.staff]
        constant = {name: fixed(name, said, clock) for name, said in {**TEXTS["fixed"], "User": staff}.items()}
        super().__init__(MODEL, tables(world, TOOL, TEXTS["made"], TEXTS["words"], clock=clock) | constant)
        controls.collections, controls.merge, controls.identity = self.tables, self.merge, IDS.number
        controls.acts["convert"] = partial(self._convert, controls)
        controls.listen(self._note)

    def _convert(self, controls: Controls, said: Mapping[str, Any]) -> Json:
        """Convert a lead `id` into a new account, a contact and an opportunity."""
        found = self.find(str(said["id"]))
        if found is None or found[0] != "Lead" or found[1].fields.get("IsConverted"):
            raise NotFound("no such lead to convert")
        lead: Json = {**found[1].fields, "Sale": f"{found[1].fields['Company']}-"}
        into: Json = {"ConvertedDate": controls.clock.now()}
        for name in ("Account", "Contact", "Opportunity"):
            fields = tabled(TEXTS["conversion"][name], {}, lead | into, _FIRST)
            into[f"Converted{name}Id"] = self.tables[name].create(fields).id
        closed = tabled(TEXTS["conversion"]["Lead"], {}, {}, _FIRST)
        return self.shown("Lead", self.tables["Lead"].change(found[1].id, into | closed))

    def _note(self, change: Change) -> None:
        """Write a row of history where an opportunity is new or its stage, amount or day changed."""
        if change.object == "Opportunity" and {"StageName", "Amount", "CloseDate"} & set(change.fields):
            self.tables["OpportunityHistory"].create({**change.row.fields, "OpportunityId": change.row.id})


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type; a converted lead stays a lead, and whose it was is the contact that it became."""
    counted = {kind: world.count(TOOL, kind) for kind in ("contact", "company", "deal", "ticket")}
    leads = shelf(world, TOOL, "lead")
    counted["contact"] += sum(not converted(world, TOOL, index) for index in leads)
    return {**counted, "lead": len(leads), "owner": len(world.staff), "pipeline": 1}
