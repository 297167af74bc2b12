"""The invented company's customers as ChurnZero would hold and show them; blank entities stand in `sandbox.json`."""

from collections.abc import Mapping

from hub.sandbox.account import crm_reference, known_company, moment
from hub.sandbox.answers import Json, beside, filled, iso_seconds
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import STAFF
from hub.sandbox.rows import Fields, Row
from hub.sandbox.whole import Part
from hub.sandbox.world import World, record_id

TOOL = "churnzero"
TEXTS = beside(__file__)
_DAY = 86_400_000
_MOMENTS = ("NextRenewalDate", "StartDate", "EndDate", "BeginDate", "EventDate", "ResponseDate")


def _account(world: World, index: int, _number: int) -> Fields:
    found, (made, _), drawn = world.company(index), world.stamps(TOOL, "company", index), world.bytes(TOOL, index)
    days = {"StartDate": made, "NextRenewalDate": (made // _DAY + 30 + drawn[2]) * _DAY}
    sold = {"TotalContractAmount": 1200.0 * (1 + drawn[1]), "LicenseCount": drawn[0] % 50, "IsActive": drawn[3] % 6 > 0}
    about = {
        "PrimaryChurnScoreValue": drawn[4] * 100 // 255 if drawn[5] % 8 else None,
        "OwnerUserAccountId": 1 + drawn[6] % STAFF,
    }
    where = {"BillingAddressCity": found.city, "BillingAddressCountry": found.country}
    return {"Name": found.name, "ExternalId": f"A-{index}", **days, **sold, **about, **where, "Cf": {"Site": found.domain}}


def _contact(world: World, index: int, _number: int) -> Fields:
    seen, reference = world.as_seen(index, TOOL), crm_reference(world, index)
    names = {"FirstName": seen.given_name, "LastName": seen.family_name, "Name": f"{seen.given_name} {seen.family_name}"}
    ids = {"ExternalId": f"U-{index}", "CrmId": reference and reference.partition(":")[2]}
    email = None if seen.email_taken else seen.email
    return {**names, **ids, "FullName": names["Name"], "Email": email, "AccountId": known_company(world, TOOL, seen.company)}


def _progress(world: World, index: int, _number: int) -> Fields:
    (made, last), drawn = world.stamps(TOOL, "company", index), world.bytes("churnzero journey", index)
    done = drawn[0] % 3 > 0
    stands = {"IsCompleted": done, "Status": "Completed" if done else "On Time", "EndDate": (made + last) // 2 if done else None}
    journey = {"AccountId": record_id("company", index), "JourneyId": 1 + drawn[1] % 2}
    return {**journey, **stands, "BeginDate": made, "DaysIn": drawn[2]}


def _event(world: World, index: int, number: int) -> Fields:
    found, kind = world.order(index, TOOL, number), world.bytes("churnzero event", index, number)[0] % 3
    company = known_company(world, TOOL, world.as_seen(index, TOOL).company)
    who = {"ContactId": record_id("contact", index), "ContactExternalId": f"U-{index}", "AccountId": company}
    what = {"EventTypeId": 1 + kind, "EventTypeName": TEXTS["event_types"][kind], "Quantity": found.items}
    return {**who, **what, "EventDate": moment(found.placed_at)}


def _answer(world: World, index: int, number: int) -> Fields:
    answer, drawn = world.ticket(index, TOOL, number).answer, world.bytes("churnzero nps", index)[0]
    score = None if answer is None else 9 + drawn % 2 if answer.good else drawn % 7
    said = {"SurveyName": "NPS", "Score": score, "Comment": answer and answer.comment}
    company = known_company(world, TOOL, world.as_seen(index, TOOL).company)
    who = {"ContactId": record_id("contact", index), "AccountId": company}
    return {**said, **who, "ResponseDate": moment(answer.answered_at if answer else None)}


def _user(world: World, index: int, _number: int) -> Fields:
    one = world.staff[index]
    names = {"FirstName": one.given_name, "LastName": one.family_name, "FullName": f"{one.given_name} {one.family_name}"}
    return {**names, "UserName": one.email, "Email": one.email}


def _journey(_world: World, index: int, _number: int) -> Fields:
    return {"Name": TEXTS["journeys"][index]}


MADE: Mapping[str, tuple[Part, ...]] = {
    "Account": (("company", _account),),
    "Contact": (("contact", _contact),),
    "UserAccount": ((STAFF, _user),),
    "Journey": ((len(TEXTS["journeys"]), _journey),),
    "JourneyProgress": (("company", _progress),),
    "Event": (("order", _event),),
    "SurveyResponse": (("survey_response", _answer),),
}


def shown(name: str, row: Row, others: Mapping[str, Collection]) -> Json:
    """An entity as it is answered; who belonged to an account that is gone belongs to none."""
    told = filled(TEXTS[name], row.fields, Id=row.id)
    times = {"ObjectCreatedDate": row.created, "ObjectLastModifiedDate": row.updated}
    times |= {key: said for key in _MOMENTS if (said := told.get(key)) is not None}
    told |= {key: iso_seconds(at) for key, at in times.items() if key in told}
    if told.get("AccountId") is not None and others["Account"].row(told["AccountId"]) is None:
        told["AccountId"] = None
    return told
