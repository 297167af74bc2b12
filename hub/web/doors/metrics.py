"""The hub's figures as Prometheus gauges, read from the database when they are asked for."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.store import connections, figures
from hub.sync.hub import Hub

_STREAM = ("connection", "stream")


class Figures(Collector):
    """One reading of the ledger, the streams and the feed, in one transaction."""

    def __init__(self, hub: Hub) -> None:
        """Of this hub, now."""
        self._hub = hub

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing beforehand: registering must not read the database."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge."""
        now = self._hub.time.now()
        with self._hub.database.reading() as tx:
            work, due = figures.work(tx), figures.oldest_due(tx, now)
            connected, streams, position = figures.connections(tx), figures.standings(tx), figures.feed_position(tx)
        yield _gauge("work_rows", "Pieces of work in the ledger.", ("kind", "state"), work)
        yield _gauge(
            "work_oldest_due_seconds", "How long the longest waiting piece of work has been due.", (), [(_age(due, now),)]
        )
        yield _gauge("connections", "Connections by system and state.", ("system", "state"), connected)
        states = Counter(_state(row) for row in streams)
        yield _gauge("streams", "Streams by how they stand.", ("state",), states.items())
        failures = [(row.connection_id, row.name, row.failures) for row in streams]
        yield _gauge("stream_failures", "Failures of a stream in a row.", _STREAM, failures)
        ages = [(row.connection_id, row.name, _age(row.done_at, now)) for row in streams if row.done_at]
        yield _gauge("stream_success_age_seconds", "Time since a stream was last read completely.", _STREAM, ages)
        yield _gauge("feed_position", "Position of the newest row of the feed.", (), [(position,)])


def _gauge(name: str, said: str, labels: tuple[str, ...], rows: Iterable[Any]) -> GaugeMetricFamily:
    found = GaugeMetricFamily(f"ciclo_{name}", said, labels=labels)
    for *values, amount in rows:
        found.add_metric([str(value) for value in values], amount)
    return found


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())


def _state(row: Any) -> str:
    if row.state != connections.CONNECTED:
        return str(row.state)
    if row.failures:
        return "failing"
    return "waiting" if row.done_at is None else "current"
