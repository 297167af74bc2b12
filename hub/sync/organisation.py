"""What the organisation has settled about itself and about its customers' lifecycle: dated versions, none ever edited."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hub.errors import BadInput
from hub.lifecycle import Rules
from hub.store import canonical, questions, work
from hub.store.database import Transaction
from hub.sync.hub import Hub

KIND = "settings"
_CODE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Where it is: its time zone (IANA), its currency (ISO 4217), and the country its phone numbers are of (ISO 3166).

    Nothing is assumed of a currency or a country that nobody has said.
    """

    time_zone: str = "UTC"
    currency: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        if self.time_zone not in _zones():
            raise BadInput("time_zone must be the name of a time zone, such as America/Sao_Paulo.", where="time_zone")
        if self.currency is not None and not (
            len(self.currency) == _CODE and self.currency.isalpha() and self.currency.isupper()
        ):
            raise BadInput("currency must be a code of three capitals, such as BRL.", where="currency")
        if self.country is not None and not (
            len(self.country) == _CODE - 1 and self.country.isalpha() and self.country.isupper()
        ):
            raise BadInput("country must be a code of two capitals, such as BR.", where="country")

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Everything that was settled at a moment; `version` counts up with each change, 0 before the first."""

    version: int = 0
    organisation: Organisation = field(default_factory=Organisation)
    rules: Rules = field(default_factory=Rules)


def settled(tx: Transaction, at: datetime | None = None) -> Settled:
    """What holds now, or what was in force at a moment."""
    made = [row for row in questions.decided(tx, KIND) if at is None or row.recorded_at <= at]
    said: dict[str, dict[str, Any]] = {row.key: json.loads(row.value) for row in made}
    return Settled(
        version=made[-1].id if made else 0,
        organisation=Organisation(**said.get("organisation", {})),
        rules=Rules.of(said.get("lifecycle", {})),
    )


def change(hub: Hub, changed: Mapping[str, Mapping[str, Any]], *, by: str) -> tuple[Settled, list[tuple[int, str]]]:
    """Change some of it and have every customer derived anew; BadInput names what does not fit, and then nothing is changed."""
    with hub.database.writing() as tx:
        now = hub.time.now()
        held = settled(tx)
        organisation = _organisation(asdict(held.organisation) | dict(changed.get("organisation", {})))
        rules = Rules.of(asdict(held.rules) | dict(changed.get("lifecycle", {})))
        if organisation != held.organisation:
            questions.decide(tx, KIND, "organisation", asdict(organisation), by=by, now=now)
        if rules != held.rules:
            questions.decide(tx, KIND, "lifecycle", asdict(rules), by=by, now=now)
        if (organisation, rules) == (held.organisation, held.rules):
            return held, []
        canonical.mark_all_dirty(tx)
        return settled(tx), [(work.add(tx, "derive", now), "derive")]


def _organisation(said: Mapping[str, Any]) -> Organisation:
    unknown = set(said) - set(Organisation.__slots__)
    if unknown:
        raise BadInput(f"there is no setting {min(unknown)}; there are {', '.join(Organisation.__slots__)}", where=min(unknown))
    if not all(value is None or isinstance(value, str) for value in said.values()) or said.get("time_zone") is None:
        raise BadInput("settings of the organisation are text", where="organisation")
    return Organisation(**said)


@cache
def _zones() -> frozenset[str]:
    """The names of all time zones; finding them walks hundreds of files, and settings are read with every request."""
    return frozenset(available_timezones())
