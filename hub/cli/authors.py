"""For those who write connectors: what a connector is worth, and how to begin one."""

import json
import sys
from typing import Any

import click

from hub.cli import ConnectorName, opened
from hub.errors import HubError


@click.command()
@click.argument("connector", type=ConnectorName())
@click.option("--connection", metavar="ID", help="Also ask the system whether it still accepts what this connection signs with.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def check(connector: str, connection: str | None, *, as_json: bool) -> None:
    """Show CONNECTOR's quality card: what it brings and how, who judged that, and what is wrong (then the status is 1)."""
    from hub.cli import quality
    from hub.cli.quality import shown

    card = quality.card(connector)
    if connection:
        _asked(card, connection)
    click.echo(json.dumps(card, indent=1, default=str) if as_json else shown.as_text(card))
    sys.exit(1 if card["wrong"] else 0)


def _asked(card: dict[str, Any], connection_id: str) -> None:
    """Make the call that proves whose account it is, and compare."""
    from hub import registry
    from hub.store import connections

    hub = opened()
    with hub.database.reading() as tx:
        found = next((each for each in connections.everyone(tx) if each.id == connection_id), None)
    if found is None or found.connector != card["id"]:
        raise click.BadParameter(f"there is no connection {connection_id!r} of {card['label']}; see `hub status`")
    account = registry.connector(found.connector).account
    said = "accepted"
    try:
        answered = account.id(hub.remote(found).send(account.request).body)
        if answered != found.account:
            said = "answers for another account than the one that was connected"
    except HubError as error:
        said = str(error)
    except (KeyError, TypeError, IndexError, ValueError):
        said = "answers without saying whose account it is"
    card["connection"] = {"id": connection_id, "said": said}
    if said != "accepted":
        card["wrong"].append(f"connection {connection_id}: {said}")


@click.command()
@click.argument("connector")
@click.option("--label", prompt="Name of the system", help="How the system is called, for example Acme CRM.")
@click.option("--category", prompt="Category (CRM, Helpdesk, Shop)", help="Where the catalogue shows it: CRM, Helpdesk, Shop.")
@click.option("--docs", prompt="Address of its API's documentation", help="An https address.")
@click.option("--address", prompt="Address of its API", help="What all its paths are joined to: an https address.")
def new(connector: str, label: str, category: str, docs: str, address: str) -> None:
    """Begin the connector CONNECTOR in this checkout: its files, whole and tested, to be changed into what the system is."""
    from hub.cli import scaffold
    from hub.cli.quality import ROOT

    begun = scaffold.Begun(
        id=connector, label=label.strip(), category=category.strip(), docs=docs.strip(), address=address.strip()
    )
    for path in scaffold.write(begun, ROOT):
        click.echo(path.relative_to(ROOT))
    click.echo(_NEXT.format(id=connector, label=begun.label), err=True)


_NEXT = """
What the files say of {label} is invented; nobody has judged it. Next:
 1. Replace tests/connectors/{id}/contacts.json by recorded answers, or by ones written from the documentation. Let README.md
    there say which: "recorded on" and the date, or "Written by us from {label}'s documentation on" and the date.
 2. Change connectors/{id}/__init__.py into what the system is: sign-in, account, streams, how they page, pace, limits.
 3. Change mappings/{id}.py into what its records mean, and the test beside the recordings.
 4. `hub check {id}` shows what is there, what nobody has judged, and what is wrong.
 5. Write connectors/{id}/sandbox.py, a stand-in; tests/test_contract.py then runs on the connector by itself.
 6. Correct its line in README.md.
"""

COMMANDS = (check, new)
