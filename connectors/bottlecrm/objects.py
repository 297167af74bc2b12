"""How BottleCRM lists its records.  Every fact was recorded from BottleCRM 1.35.0 (tests/connectors/bottlecrm)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from hub.spec import Record, Request, Some, Stream, offset, once
from hub.spec.wire import Scalar

PAGE: Final = 200
"""Any limit is taken and none was refused up to 1000; a page is absorbed in one transaction, so 200."""

_LAST_LOGINS: Final = tuple(f"assigned_to.{place}.user_details.last_login" for place in range(3))
"""Each assigned person is sent along with the time of their last login."""


def _everything(path: str, **params: Scalar) -> Callable[[datetime | None], Request]:
    def start(_since: datetime | None) -> Request:
        return Request(path=path, params={"limit": PAGE, "offset": 0, **params})

    return start


def _one(path: str, found: str) -> Some:
    """One record by its id; a merged case answers 200 with only a pointer to the other one, and so counts as gone."""
    return Some(request=lambda ids: Request(path=f"{path}{quote(ids[0], safe='')}/"), records=found)


def _listed(
    name: str, start: Callable[[datetime | None], Request], *, found: str, total: str, one: str, volatile: tuple[str, ...] = ()
) -> Stream:
    """A list paged by limit and offset; rows that move while it is read are noticed by comparing with its total."""
    return Stream(
        name=name,
        start=start,
        following=offset(found, size=PAGE),
        records=found,
        total=total,
        incremental=False,
        sweep=timedelta(minutes=15),
        every=timedelta(minutes=15),
        some=_one(start(None).path, one),
        volatile=(*volatile, *_LAST_LOGINS),
    )


def _put_away(case: Record) -> bool:
    """Cases hidden from BottleCRM's own lists: deactivated, or marked as the duplicate of another."""
    return case.get("is_active") is False or case.get("status") == "Duplicate"


def _accounts(name: str, *, active: bool, found: str) -> Stream:
    """Open and closed accounts are lists of their own; one read again by its id may have moved to the other."""
    listed = _listed(
        name,
        _everything("/api/accounts/", is_active="true" if active else "false"),
        found=found,
        total=f"{found}_count",
        one="account_obj",
        # A single account brings its contacts, cases and deals along, a listed one does not.
        volatile=("rollups", "contacts", "cases", "tasks", "opportunities"),
    )
    return replace(listed, gone=lambda account: account.get("is_active") is (not active))


REFERENCES: Final = (
    Stream(
        name="pipelines",
        start=lambda _since: Request(path="/api/opportunities/pipelines/"),
        following=once(),
        records="pipelines",
        incremental=False,
        sweep=timedelta(days=1),
    ),
    Stream(
        name="owners",
        start=lambda _since: Request(path="/api/users/get-teams-and-users/"),
        following=once(),
        records="profiles",
        incremental=False,
        sweep=timedelta(days=1),
        volatile=("user_details.last_login",),
    ),
)

STREAMS: Final = (
    _accounts("accounts", active=True, found="active_accounts.open_accounts"),
    _accounts("closed_accounts", active=False, found="closed_accounts.close_accounts"),
    _listed("contacts", _everything("/api/contacts/"), found="results", total="count", one="contact_obj"),
    _listed(
        "deals",
        _everything("/api/opportunities/"),
        found="opportunities",
        total="opportunities_count",
        one="opportunity_obj",
        volatile=(
            *("created_on_arrow", "days_in_stage", "aging_status", "next_activity"),
            "closed_by.user_details.last_login",
        ),
    ),
    replace(
        _listed(
            "tickets",
            # Without `slim` each page repeats every account and contact; the order by creation keeps pages from shifting.
            _everything("/api/cases/", slim="true", ordering="created_at", show_merged="true", include_deleted="true"),
            found="cases",
            total="cases_count",
            one="cases_obj",
            volatile=(
                *("is_sla_first_response_breached", "is_sla_resolution_breached"),
                *("is_sla_first_response_at_risk", "is_sla_resolution_at_risk"),
                *("child_count", "parent_summary", "time_summary"),
            ),
        ),
        gone=_put_away,
    ),
)
