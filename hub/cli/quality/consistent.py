"""Where a connector's declarations contradict themselves or each other; a sentence for each."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hub.errors import BadInput, StopStream
from hub.remote.endpoint import Endpoint
from hub.spec import ApiKey, Connector, Mapping, OAuth2, Stream
from hub.sync import connect

_PLACE = re.compile(r"\{(\w+)\}")
_TOLD = re.compile(r"\{token\.(\w+)\}")
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def examples(connector: Connector) -> dict[str, str]:
    """What an admin might answer."""
    return {ask.name: ask.example or next(iter(ask.options), "example") for ask in connector.asks}


def contradictions(connector: Connector, mappings: Sequence[Mapping], checkout: Path | None) -> list[str]:
    """All of them; none for a connector that says one thing."""
    found = [*_words(connector), *_asks(connector), *_streams(connector, mappings), *_webhook(connector)]
    found += _judges(connector, checkout)
    return found if any("{" in each for each in found) else [*found, *_addresses(connector)]  # Unasked places cannot be filled.


def _words(connector: Connector) -> Iterator[str]:
    if not connector.docs.startswith("https://"):
        yield "docs: must be an https address"
    if not connector.limits:
        yield "limits: say at least one thing that it does not bring; no system is read whole"
    for sentence in (connector.summary, *connector.limits):
        if not sentence.endswith("."):
            yield f"{sentence[:60]!r} is no sentence: it has no full stop"


def _asks(connector: Connector) -> Iterator[str]:
    asked = {ask.name for ask in connector.asks}
    for said, what in _texts(connector):
        for name in sorted(set(_PLACE.findall(said)) - asked):
            yield f"{what}: nobody is asked for {{{name}}}"
    for ask in connector.asks:
        if ask.example:
            try:
                connect.answered(connector, {**examples(connector), ask.name: ask.example})
            except BadInput as error:
                if error.where == ask.name:
                    yield f"asks: the example of {ask.name} is not of the form that it asks for"


def _texts(connector: Connector) -> Iterator[tuple[str, str]]:
    yield connector.base_url, "base_url"
    yield connector.account.request.path, "account"
    yield from ((host, "hosts") for host in connector.hosts)
    yield from ((stream.start(None).path, f"stream {stream.name}") for stream in _all(connector))
    for auth in connector.auth:
        if isinstance(auth, OAuth2):
            yield from ((url, "auth") for url in (auth.authorize_url, auth.token_url, auth.revoke_url) if url)
        elif not isinstance(auth, ApiKey):
            yield auth.token_url, "auth"


def _addresses(connector: Connector) -> Iterator[str]:
    """Every address must lie on a host of the connection, because no other is ever called."""
    if connector.told_by_token and not connector.token_domains:
        yield "base_url: the token tells it; say in token_domains below which domains it may lie"
        return
    told = dict.fromkeys(
        _TOLD.findall(connector.base_url), "".join(f"https://api.{each}" for each in connector.token_domains[:1])
    )
    endpoint = Endpoint(connector=connector, connection_id=connector.id, answers=examples(connector), told=told)
    for said, what in _texts(connector):
        if what not in ("base_url", "hosts"):
            try:
                endpoint.url(filled if "://" in (filled := endpoint.filled(said)) else said)
            except StopStream:
                yield f"{what}: leads to a host that is neither base_url's nor in hosts"


def _streams(connector: Connector, mappings: Sequence[Mapping]) -> Iterator[str]:
    names = Counter(stream.name for stream in _all(connector))
    yield from (f"stream {name}: there are {count} of that name" for name, count in names.items() if count > 1)
    mapped = {mapping.stream for mapping in mappings}
    for stream in _all(connector):
        if stream.tombstones_of is None and stream.name not in mapped:
            yield f"stream {stream.name}: no mapping reads it"
        if stream.tombstones_of is not None and stream.tombstones_of not in names:
            yield f"stream {stream.name}: lists what was deleted from {stream.tombstones_of!r}, which is no stream"
        yield from _asking(stream)


def _asking(stream: Stream) -> Iterator[str]:
    """Whether a stream asks for what changed is what it says of itself."""
    asks = stream.start(None) != stream.start(_SINCE)
    if stream.incremental and not asks:
        yield f"stream {stream.name}: asks for everything each time; then it is not incremental"
    if asks and not stream.incremental:
        yield f"stream {stream.name}: asks for what changed, yet says that it is not incremental"


def _webhook(connector: Connector) -> Iterator[str]:
    webhook = connector.webhook
    if webhook is None:
        return
    if webhook.per not in ("connection", "app"):
        yield f"webhook: its door belongs to a connection or to an app, not to {webhook.per!r}"
    if webhook.signed and webhook.subscribe and webhook.per == "connection" and webhook.secret is None:
        yield "webhook: the hub registers it, but is not told the secret that signs it"
    if webhook.subscribe is None and not webhook.preparation:
        yield "webhook: the admin registers it, but is not told how (preparation)"


def _judges(connector: Connector, checkout: Path | None) -> Iterator[str]:
    claims = Counter(claim for judge in connector.judges for claim in judge.claims)
    yield from (f"judges: {claim} has {count} judges; name the weightier one" for claim, count in claims.items() if count > 1)
    for judge in connector.judges if checkout else ():
        yield from (f"judges: there is no {path}" for path in judge.tests if checkout and not (checkout / path).exists())


def _all(connector: Connector) -> tuple[Stream, ...]:
    return (*connector.references, *connector.streams)
