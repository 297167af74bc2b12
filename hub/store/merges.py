"""Records that their source merged into others: said by the winner or by the loser, before or after either arrives.

What is said holds for as long as whoever said it still says it, so that the order of arrival makes no difference.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import case, delete, func, select, update

from hub.store import tables as t
from hub.store.database import Transaction, chunks, inserting

Said = Mapping[str, Collection[tuple[str, str]]]
"""The (loser, winner) record ids by the record that says so; an empty collection takes back what it said."""


def say(tx: Transaction, said: Said) -> set[str]:
    """Replace what these records say of mergers; the records that are, or no longer are, merged because of it."""
    speakers = sorted(said)
    query = select(t.merger.c.loser_id)
    concerned = {found for some in chunks(speakers) for found in tx.execute(query.where(t.merger.c.said_by.in_(some))).scalars()}
    for some in chunks(speakers):
        tx.execute(delete(t.merger).where(t.merger.c.said_by.in_(some)))
    rows = [
        {"loser_id": loser, "said_by": speaker, "winner_id": winner}
        for speaker, pairs in said.items()
        for loser, winner in pairs
        if loser != winner
    ]
    if rows:
        tx.execute(inserting(tx, t.merger).on_conflict_do_nothing(), rows)
    return concerned | {row["loser_id"] for row in rows}


def settle(tx: Transaction, record_ids: Iterable[str]) -> None:
    """Set the state of records: merged where anybody says so, else deleted where their source has none, else live."""
    winner = select(func.min(t.merger.c.winner_id)).where(t.merger.c.loser_id == t.record.c.id).scalar_subquery()
    state = case((winner.is_not(None), "merged"), (t.record.c.gone, "deleted"), else_="live")
    for some in chunks(sorted(record_ids)):
        tx.execute(update(t.record).where(t.record.c.id.in_(some)).values(state=state, merged_into=winner))
