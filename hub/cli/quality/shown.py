"""The quality card for a person to read."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

_WIDTH = 118
_ORIGINS = {
    "system": "recorded from the real system",
    "documentation": "written from the documentation",
    "invented": "invented by `hub new`: replace them",
    None: "of unknown origin",
}


def as_text(card: dict[str, Any]) -> str:
    """One page."""
    blocks = (_head(card), _streams(card), _claims(card), _recordings(card), _limits(card), _verdict(card))
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block)))


def _head(card: dict[str, Any]) -> Iterator[str]:
    yield f"{card['label']} ({card['category']}{', self-hosted' if card['self_hosted'] else ''})"
    yield card["summary"]
    yield f"  documentation   {card['docs']}"
    for way in card["sign_in"]:
        yield f"  sign-in         {_way(way)}"
    if card["asks"]:
        yield f"  asks for        {', '.join(card['asks'])}"
    for pace in card["pace"]:
        paths = [path for path in pace["paths"] if path]
        yield f"  pace            {pace['calls']} calls in {pace['seconds']} s{' of ' + ', '.join(paths) if paths else ''}"
    yield f"  pushes          {_pushes(card['pushes'])}"
    yield f"  stand-in        {'yes' if card['stand_in'] else 'none: what it does is not tested against an API'}"


def _way(way: dict[str, Any]) -> str:
    if way["kind"] == "key":
        key = "key with a user name" if "user" in way else "key"
        return f"{key}, in the {'header ' + way['header'] if 'header' in way else 'query parameter ' + way['query']}"
    name = "OAuth2 client credentials" if way["kind"] == "client" else f"OAuth2{' with PKCE' if way['pkce'] else ''}"
    return f"{name}, scopes {' '.join(way['scopes'])}" if way["scopes"] else f"{name}, without scopes"


def _pushes(pushes: dict[str, Any] | None) -> str:
    if pushes is None:
        return "none"
    signed = "signed" if pushes["signed"] else "not signed: the address is the secret"
    return f"{signed}; one door for each {pushes['door_per']}, registered by the {pushes['registered_by']}"


def _streams(card: dict[str, Any]) -> Iterator[str]:
    for row in card["streams"]:
        again = f"; {row['again']} at once are read again by id" if row["again"] else ""
        yield f"{row['name']}: reads {row['reads']} every {row['minutes']:g} min; pages: {row['paging']}{again}"
        if row["tombstones_of"]:
            yield f"  lists what was deleted from {row['tombstones_of']}"
        else:
            yield f"  deletions       {'; '.join(row['deletions']) or 'never known: what is deleted stays'}"
        for each in row["brings"]:
            yield from _brought(each)
        if "recordings" in row:
            yield from _listed("recorded in", row["recordings"] or ["nothing"])
            yield from _listed("unmapped", row["unmapped"])
    if card["merges"]:
        yield "merges"
        yield from (f"  {kind:<15} {said}" for kind, said in card["merges"].items())


def _brought(each: dict[str, Any]) -> Iterator[str]:
    yield from _listed(each["type"], [f"{len(each['fields'])} fields filled:", ", ".join(each["fields"])], by=" ")
    yield from _listed("  not filled", each["empty"])
    yield from _listed("  ignored", each["ignored"])


def _claims(card: dict[str, Any]) -> Iterator[str]:
    invented = card["recordings"] is not None and card["recordings"]["origin"] == "invented"
    basis = "invented" if invented else "from documentation only"
    yield "judged by"
    for claim, judge in card["claims"].items():
        if judge is None:
            yield f"  {claim:<15} nobody: unverified, {basis}"
        else:
            who = "the real system" if judge["kind"] == "system" else "the vendor's client, at the stand-in"
            yield f"  {claim:<15} {judge['name']}, {who}"


def _recordings(card: dict[str, Any]) -> Iterator[str]:
    found = card["recordings"]
    if found is None:
        yield "recordings: none here, because this is no checkout"
        return
    yield f"recordings: {found['files']}, {_ORIGINS[found['origin']]}; {found['records_read']} records read"
    yield from _listed("to be decided", found["unknown"])


def _limits(card: dict[str, Any]) -> Iterator[str]:
    yield "limits"
    yield from (fill(limit, _WIDTH, initial_indent="  - ", subsequent_indent="    ") for limit in card["limits"])


def _verdict(card: dict[str, Any]) -> Iterator[str]:
    if card.get("connection"):
        yield f"connection {card['connection']['id']}: {card['connection']['said']}"
    if card["wrong"]:
        yield "WRONG"
        yield from (fill(said, _WIDTH, initial_indent="  - ", subsequent_indent="    ") for said in card["wrong"])
    else:
        yield "nothing is wrong"


def _listed(name: str, said: list[str], by: str = ", ") -> Iterator[str]:
    if said:
        text = fill(by.join(said), _WIDTH - 18, break_long_words=False).replace("\n", "\n" + " " * 18)
        yield f"  {name:<15} {text}"
