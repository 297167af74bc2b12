"""The keys that seal what is secret at rest: making one, and bringing everything under the first."""

import json
from typing import TYPE_CHECKING

import click

from hub import settings as settings_of
from hub.cli import keyfile, noted, opened
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.store.reseal import Tally
    from hub.sync.hub import Hub


@click.group()
def keys() -> None:
    """The keys that seal what is secret at rest."""


@keys.command()
@click.option("--file", "to_file", is_flag=True, help="Put it first into the key file of the data folder instead of printing it.")
def new(*, to_file: bool) -> None:
    """Print a new key; put it first in HUB_KEYS, keep the others behind it, restart, then `hub keys rotate`."""
    if not to_file:
        click.echo(keyfile.new_key())
        return
    settings = settings_of.read()
    if settings.keys and not keyfile.in_use(settings):
        raise BadInput("HUB_KEYS is set, so the key file is not read; put the key that `hub keys new` prints first in HUB_KEYS")
    name = keyfile.prepend(settings.data)
    click.echo(f"the key {name} is now the first in {keyfile.path(settings.data)}; restart `hub up`, then `hub keys rotate`")


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def rotate(*, as_json: bool) -> None:
    """Seal everything again with the first key of HUB_KEYS, so that the others can be removed.

    Every process of the hub must have been restarted with that key before. The hub goes on meanwhile; what was begun and
    did not end is done by running it again. The status is 1 when there is a value that no key opens.
    """
    from hub import progress
    from hub.store import reseal

    hub = opened()
    tally = reseal.Tally()
    with progress.counting("sealing", reseal.values(hub.database)) as reached:
        for tally in reseal.resealed(hub.database, hub.seal):
            reached(tally.looked_at)
    others = tuple(name for name, _ in hub.settings.keys[1:])
    if tally.resealed:
        with hub.database.writing() as tx:
            noted(tx, hub, "keys.rotate", hub.seal.first, resealed=tally.resealed)
    removable = tally.unused(others)
    if as_json:
        said = {"key": hub.seal.first, "resealed": tally.resealed, "unopened": tally.unopened, "removable": removable}
        click.echo(json.dumps(said, indent=1))
    else:
        _told(hub, tally, removable)
    raise SystemExit(1 if tally.unopened else 0)


def _told(hub: "Hub", tally: "Tally", removable: list[str]) -> None:
    click.echo(f"{tally.resealed:,} of {tally.looked_at:,} values sealed again with the key {hub.seal.first}")
    for problem in tally.unopened:
        click.echo(f"cannot be opened: {problem}", err=True)
    where = keyfile.path(hub.settings.data) if keyfile.in_use(hub.settings) else "HUB_KEYS"
    if removable:
        click.echo(
            f"old key(s) {', '.join(removable)} can be removed from {where}; who signed in before may have to sign in again"
        )


COMMANDS = (keys,)
