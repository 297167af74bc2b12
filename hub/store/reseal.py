"""Sealing everything again with the key that seals now, while the hub goes on: in batches, row by row, as often as wanted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, and_, func, select, tuple_, update

from hub.errors import Misdeclared
from hub.store import tables as t
from hub.store.database import Database, Transaction
from hub.store.seal import Seal, key_of

SEALED: tuple[tuple[Column[Any], tuple[Column[Any], ...]], ...] = (
    (t.app.c.secret, (t.app.c.connector, t.app.c.origin)),
    (t.app.c.webhook_secret, (t.app.c.connector, t.app.c.origin)),
    (t.connection.c.webhook_secret, (t.connection.c.id,)),
    (t.credential.c.sealed, (t.credential.c.connection_id,)),
)
"""Every column that holds sealed texts, with what tells its rows apart; table:row:column is what a text is bound to."""
BATCH = 100
"""Values of one transaction."""


@dataclass(kw_only=True, slots=True)
class Tally:
    """What was found so far: `keys` counts the values by the key that seals them now, `unopened` names those none opens."""

    resealed: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    unopened: list[str] = field(default_factory=list)

    @property
    def looked_at(self) -> int:
        """How many values were opened, or could not be."""
        return self.keys.total()

    def unused(self, names: tuple[str, ...]) -> list[str]:
        """Of these keys, those under which nothing is left."""
        return [name for name in names if not self.keys[name]]


def values(database: Database) -> int:
    """How many sealed values there are."""
    with database.reading() as tx:
        return sum(tx.execute(select(func.count()).where(column.is_not(None))).scalar_one() for column, _ in SEALED)


def resealed(database: Database, seal: Seal) -> Iterator[Tally]:
    """The tally after each batch. Values are opened too where the current key sealed them, so that the tally can be believed."""
    tally = Tally()
    for column, key in SEALED:
        after: tuple[Any, ...] | None = None
        while batch := _batch(database, column, key, after):
            after = tuple(batch[-1][1:])
            _through(database, seal, column, batch, tally)
            yield tally


def _batch(database: Database, column: Column[Any], key: tuple[Column[Any], ...], after: tuple[Any, ...] | None) -> list[Any]:
    query = select(column, *key).where(column.is_not(None)).order_by(*key).limit(BATCH)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    with database.reading() as tx:
        return list(tx.execute(query))


def _through(database: Database, seal: Seal, column: Column[Any], batch: list[Any], tally: Tally) -> None:
    """Seal one batch again. A value that somebody sets meanwhile is not overwritten: it is read and looked at once more."""
    key = next(names for each, names in SEALED if each is column)
    waiting = [(tuple(row[1:]), row[0]) for row in batch]
    while waiting:
        fresh = [(row, old, new) for row, old in waiting if (new := _fresh(seal, old, _place(column, row), tally))]
        with database.writing() as tx:
            lost = [row for row, old, new in fresh if not _swapped(tx, column, _is(key, row), old, new)]
            now = [(row, tx.execute(select(column).where(_is(key, row))).scalar_one_or_none()) for row in lost]
        done = len(fresh) - len(lost)
        tally.resealed += done
        tally.keys[seal.first] += done
        waiting = [(row, said) for row, said in now if said is not None]


def _fresh(seal: Seal, old: str, where: str, tally: Tally) -> str | None:
    """The same secret sealed with the current key; None, and counted, where it is so already or where no key opens it."""
    try:
        secret = seal.open(old, where)
    except Misdeclared as error:
        tally.unopened.append(str(error))
        tally.keys[key_of(old)] += 1
        return None
    if seal.current(old):
        tally.keys[seal.first] += 1
        return None
    return seal.shut(secret, where)


def _swapped(tx: Transaction, column: Column[Any], row: Any, old: str, new: str) -> bool:
    return bool(tx.execute(update(column.table).where(row, column == old).values({column.name: new})).rowcount)


def _is(key: tuple[Column[Any], ...], row: tuple[Any, ...]) -> Any:
    return and_(*(each == said for each, said in zip(key, row, strict=True)))


def _place(column: Column[Any], row: tuple[Any, ...]) -> str:
    return ":".join((column.table.name, *map(str, row), column.name))
