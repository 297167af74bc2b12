"""What a connector's and its mapping's declarations say, as plain values; nothing here is written by hand for a connector."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from hub.spec import ApiKey, Auth, ClientCredentials, Connector, Mapping, Stream, Webhook

_PAGING = "hub.spec.paging"
_COMMON = frozenset({"id", "custom", "days"})
"""Fields of every type that no rule has to fill."""


def card(connector: Connector, mappings: Sequence[Mapping]) -> dict[str, Any]:
    """Everything but what lies in the tests."""
    streams = [
        _stream(stream, mappings) | {"deletions": _deletions(connector, stream)}
        for stream in (*connector.references, *connector.streams)
    ]
    return {
        "id": connector.id,
        "label": connector.label,
        "category": connector.category,
        "summary": connector.summary,
        "docs": connector.docs,
        "self_hosted": connector.self_hosted,
        "asks": [ask.name for ask in connector.asks],
        "sign_in": [_sign_in(auth) for auth in connector.auth],
        "pace": [{"calls": pace.calls, "seconds": pace.per, "paths": list(pace.paths)} for pace in connector.pace],
        "pushes": _pushes(connector.webhook),
        "streams": streams,
        "merges": _merges(mappings),
        "limits": list(connector.limits),
        "claims": _claims(connector, streams),
    }


def _stream(stream: Stream, mappings: Iterable[Mapping]) -> dict[str, Any]:
    following = stream.following
    word = following.__qualname__.partition(".")[0]
    return {
        "name": stream.name,
        "reads": "what changed" if stream.incremental else "everything",
        "minutes": _minutes(stream.every),
        "goes_back_minutes": _minutes(stream.lag),
        "paging": word if following.__module__ == _PAGING else f"its own: {word.lstrip('_')}",
        "total": stream.total,
        "again": stream.some.size if stream.some else None,
        "looked_up": [lookup.into for lookup in stream.also],
        "not_compared": list(stream.volatile),
        "tombstones_of": stream.tombstones_of,
        "brings": [_brought(mapping) for mapping in mappings if mapping.stream == stream.name],
    }


def _brought(mapping: Mapping) -> dict[str, Any]:
    """How the fields of a type are filled, which no rule fills, and what is asked for and knowingly not read."""
    fields = mapping.type.__struct_fields__
    filled = {name: list(mapping.rules[name].reads) for name in fields if name in mapping.rules}
    if mapping.custom:
        filled["custom"] = [mapping.custom]
    return {
        "type": mapping.type.TYPE,
        "fields": filled,
        "empty": [name for name in fields if name not in filled and name not in _COMMON],
        "ignored": list(mapping.ignored),
        "unless": {path: list(values) for path, values in mapping.unless.items()},
    }


def _deletions(connector: Connector, stream: Stream) -> list[str]:
    """The ways in which something that is gone becomes known."""
    known = [f"listed apart in {each.name}" for each in connector.streams if each.tombstones_of == stream.name]
    if stream.gone:
        known.append("shown by the record itself")
    if stream.some and connector.webhook:
        known.append("missing when read again after a push")
    if stream.sweep is not None:
        known.append(f"missing in a complete read, every {_span(stream.sweep)}")
    return known


_MERGED = {"merged_ids": "the record that stays names the others", "merged_into": "the others name the record that stays"}


def _merges(mappings: Iterable[Mapping]) -> dict[str, str]:
    """By type, for those that a system may merge."""
    said = {}
    for mapping in mappings:
        if "merged_ids" in mapping.type.__struct_fields__:
            names = [said_so for name, said_so in _MERGED.items() if name in mapping.rules]
            said[mapping.type.TYPE] = ", and ".join(names) or "the others are seen as deleted"
    return said


def _sign_in(auth: Auth) -> dict[str, Any]:
    if isinstance(auth, ApiKey):
        place = {"query": auth.query} if auth.query else {"header": auth.header}
        return {"kind": auth.kind, **place} | ({"user": auth.user} if auth.user else {})
    if isinstance(auth, ClientCredentials):
        return {"kind": auth.kind, "scopes": list(auth.scopes)}
    ends = "address" if auth.revoke_url else "call" if auth.revoke else None
    return {"kind": auth.kind, "scopes": list(auth.scopes), "pkce": auth.pkce, "grant_ended_by": ends}


def _pushes(webhook: Webhook | None) -> dict[str, Any] | None:
    if webhook is None:
        return None
    return {"signed": webhook.signed, "door_per": webhook.per, "registered_by": "hub" if webhook.subscribe else "admin"}


def _claims(connector: Connector, streams: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each thing that the connector claims, with who judged it; None where only documentation says it."""
    made = {
        "reading": True,
        "fields": True,
        "changes": any(row["reads"] == "what changed" for row in streams),
        "deletions": any(row["deletions"] for row in streams),
        "merges": not _MERGED.keys().isdisjoint(
            name for row in streams for each in row["brings"] for name in (*each["fields"], *each["empty"])
        ),
        "sign-in": bool(connector.auth),
        "pushes": connector.webhook is not None,
        "pace": bool(connector.pace),
    }
    judges: dict[str, Any] = {claim: None for claim, is_made in made.items() if is_made}
    for judge in connector.judges:
        said = {"kind": judge.kind, "name": judge.name, "tests": list(judge.tests)}
        judges |= {claim: said for claim in judge.claims if claim in judges}
    return judges


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return word if count == 1 else f"{count} {word}s"
    return f"{minutes} minutes"
