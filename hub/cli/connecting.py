"""Connecting an account from the command line: what the page asks, asked here. A secret is never an argument."""

import json
from typing import TYPE_CHECKING, Any

import click

from hub.cli import Line, asking, noted, opened

if TYPE_CHECKING:
    from hub.spec import Auth, Connector, OAuth2
    from hub.store.connections import Connection
    from hub.sync.hub import Hub

FILE = click.File("r")


def _pairs(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    if wrong := next((each for each in said if "=" not in each), None):
        raise click.BadParameter(f"{wrong!r} is not of the form NAME=VALUE")
    return dict(each.split("=", 1) for each in said)


@click.command()
@click.argument("connector")
@click.argument("name", type=Line(), required=False)
@click.option(
    "--answer", "answers", multiple=True, callback=_pairs, metavar="NAME=VALUE", help="An answer, instead of being asked."
)
@click.option("--key-file", type=FILE, envvar="HUB_KEY_FILE", show_envvar=True, help="Where the key is; - is standard input.")
@click.option("--user", help="The user name that goes with the key, where the system wants one.")
@click.option("--sign-in", is_flag=True, help="Sign in instead of using a key, where the system has both.")
@click.option("--client-id", help="Of the app or client that was registered at the system.")
@click.option("--client-secret-file", type=FILE, envvar="HUB_CLIENT_SECRET_FILE", show_envvar=True, help="Where its secret is.")
@click.option("--label", type=Line(), default="", help="How the connection is called here; else as the account is.")
@click.option("--environment", help="production or self-hosted, as the system is; sandbox where a stand-in runs.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def connect(connector: str, name: str | None, *, sign_in: bool, as_json: bool, **options: Any) -> None:
    """Connect an account of CONNECTOR; what the options leave open is asked, secrets without showing them.

    A key, or a client's ID and secret, is tried first, and kept only if the system accepts it. Where people sign in there, the
    app's credentials are kept, and the address of the page is printed on which an admin signs in. `hub connect push NAME` makes a
    connection to which programs of your own push.
    """
    from hub import registry
    from hub.spec import OAuth2

    given = asking.Given(**options)
    if connector == registry.PUSH.id:
        _told(_push(name or given.label), "make a key with `hub key new --label LABEL --scope push`", as_json=as_json)
        return
    if name:
        raise click.UsageError(f"only a push connection is named this way; use --label {name!r}")
    if connector not in registry.connector_ids():
        raise click.BadParameter(f"there is no connector {connector!r}; there are {', '.join(registry.connector_ids())}, push")
    found = registry.connector(connector)
    ways = [] if sign_in else [auth for auth in found.auth if auth.entered]
    signs_in = [auth for auth in found.auth if isinstance(auth, OAuth2)]
    if ways:
        made = _entered(found, asking.chosen(ways, given), given)
        _told(made, "`hub sync --wait` shows how it is read, `hub status` how it stands", as_json=as_json)
    elif signs_in:
        _app_kept(found, signs_in[0], given, as_json=as_json)
    else:
        raise click.UsageError(f"{found.label} has no sign-in; leave --sign-in out")


def _push(name: str) -> "Connection":
    from hub.sync import push

    hub = opened()
    made = push.create(hub, name)
    with hub.database.writing() as tx:
        noted(tx, hub, "catalogue.new_push", connection=made.id)
    return made


def _entered(connector: "Connector", auth: "Auth", given: asking.Given) -> "Connection":
    from hub.store import connections
    from hub.sync import entered

    hub = opened()
    environment = _environment(hub, connector, given.environment)
    answers = asking.answers(connector, given)
    if given.key_file is None and given.client_secret_file is None and auth.preparation:
        click.echo(auth.preparation, err=True)
    said = asking.entered(auth, given)
    with hub.database.reading() as tx:
        known = {each.id for each in connections.everyone(tx)}
    about = {"label": given.label, "environment": environment}
    made = entered.with_credentials(hub, connector.id, auth.kind, said, answers=answers, **about)
    if made.id in known:
        click.echo(f"{made.label} was disconnected; it keeps its id and its data", err=True)
    with hub.database.writing() as tx:
        noted(tx, hub, "catalogue.with_key", connector.id, connection=made.id)
    return made


def _app_kept(connector: "Connector", auth: "OAuth2", given: asking.Given, *, as_json: bool) -> None:
    """Keep the app's credentials. Signing in needs a browser in which an admin is signed in here: it is bound to both."""
    from hub.store import connections
    from hub.sync.hub import authorization_origin

    hub = opened()
    environment, answers = _environment(hub, connector, given.environment), asking.answers(connector, given)
    origin = authorization_origin(hub.endpoint(connector, answers, environment), auth)
    with hub.database.reading() as tx:
        known = connections.app(tx, connector.id, origin, hub.seal) is not None
    if given.client_id or not known:
        click.echo(f"{auth.preparation}\nCallback address: {hub.redirect_uri(connector.id)}", err=True)
        client_id = asking.line(given.client_id, "Client ID", "--client-id", given)
        secret = asking.secret(given.client_secret_file, "Client secret", "--client-secret-file -", given)
        with hub.database.writing() as tx:
            connections.put_app(tx, hub.seal, connector.id, origin, client_id=client_id, secret=secret)
            noted(tx, hub, "catalogue.sign_in", connector.id, app=origin)
    page = f"{hub.settings.public_url}/settings/connections/new/{connector.id}"
    if as_json:
        click.echo(json.dumps({"app": origin, "callback": hub.redirect_uri(connector.id), "page": page}, indent=1))
        return
    click.echo(f"The app's credentials for {origin} are sealed and kept. Now open this page as an admin and sign in:", err=True)
    click.echo(page)


def _environment(hub: "Hub", connector: "Connector", said: str | None) -> str:
    from hub.sync import connect as connecting

    known = connecting.environments(hub, connector)
    if said not in (None, *known):
        raise click.BadParameter(f"{connector.label} can be connected here as {' or '.join(known)}", param_hint="--environment")
    return said or known[0]


def _told(made: "Connection", following: str, *, as_json: bool) -> None:
    if as_json:
        said = {"id": made.id, "label": made.label, "account": made.account_name, "environment": made.environment}
        click.echo(json.dumps(said, indent=1))
        return
    click.echo(made.id)
    click.echo(f"{made.label} is connected; {following}", err=True)


COMMANDS = (connect,)
