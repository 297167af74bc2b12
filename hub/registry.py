"""Which systems there are: a folder of `connectors` and a file of `mappings` of the same name; a mismatch stops the start."""

import importlib
import pkgutil
from functools import cache
from typing import Final

import connectors
import mappings
from hub.errors import Misdeclared
from hub.spec import Account, Connector, Mapping, Request

PUSH: Final = Connector(
    id="push",
    label="Push API",
    category="Other",
    docs="",
    summary="Records that your own programs send, for systems without a connector.",
    base_url="",
    auth=(),
    account=Account(request=Request(path=""), id=str, name=str),
    streams=(),
)
"""What takes pushed records: it reads nothing, signs in nowhere, and is no folder."""

SHEET: Final = Connector(
    id="spreadsheet",
    label="Spreadsheet",
    category="Files",
    docs="",
    summary="Records that people keep in a table: each file that is sent brings new and changed rows.",
    base_url="",
    auth=(),
    account=Account(request=Request(path=""), id=str, name=str),
    streams=(),
)
"""What takes files: nothing is asked of it, and what its columns mean an admin saves."""
BUILT_IN: Final = {each.id: each for each in (PUSH, SHEET)}


@cache
def connector_ids() -> tuple[str, ...]:
    """The ids of all connectors, in alphabetical order; Misdeclared where one has no mapping or the other way round."""
    folders = {found.name for found in pkgutil.iter_modules(connectors.__path__)}
    files = {found.name for found in pkgutil.iter_modules(mappings.__path__)}
    if folders != files:
        raise Misdeclared(f"connectors and mappings must come in pairs; without a partner: {sorted(folders ^ files)}")
    return tuple(sorted(folders))


@cache
def connector(id: str) -> Connector:  # noqa: A002 - the word of the contract
    """The connector of that id; Misdeclared where its folder says another id; KeyError where there is none."""
    if id in BUILT_IN:
        return BUILT_IN[id]
    if id not in connector_ids():
        raise KeyError(id)
    found = importlib.import_module(f"connectors.{id}").CONNECTOR
    if not isinstance(found, Connector) or found.id != id:
        raise Misdeclared(f"connectors/{id}: CONNECTOR must be a Connector with id {id!r}")
    return found


@cache
def mappings_of(id: str) -> tuple[Mapping, ...]:  # noqa: A002 - as above
    """The mappings of a connector; Misdeclared where one names a stream that the connector has not."""
    if id in BUILT_IN:
        return ()
    names = {stream.name for stream in (*connector(id).references, *connector(id).streams)}
    found = tuple(importlib.import_module(f"mappings.{id}").MAPPINGS)
    for mapping in found:
        if not isinstance(mapping, Mapping) or mapping.stream not in names:
            raise Misdeclared(f"mappings/{id}: {mapping.stream!r} is no stream of the connector")
        if foreign := set(mapping.rules) - set(mapping.type.__struct_fields__):
            raise Misdeclared(f"mappings/{id}: {mapping.type.__name__} has no field {sorted(foreign)}")
    return found
