"""What is stored of a connection as streams, and how each is read, whether a system lists them or a file brought them."""

from hub import registry
from hub.spec import Stream
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import sheets
from hub.sync.terms import Reader
from hub.sync.terms import reader as usual


def streams(connection: Connection) -> tuple[Stream, ...]:
    """The streams of a connection, references first; a push connection has none that is read."""
    if connection.connector == sheets.SYSTEM:
        return (sheets.stream_of(connection),)
    found = registry.connector(connection.connector)
    return (*found.references, *found.streams)


def reader(tx: Transaction, connection: Connection, stream: str) -> Reader:
    """How a stream is to be read at this moment."""
    return sheets.reader_of(connection) if connection.connector == sheets.SYSTEM else usual(tx, connection, stream)
