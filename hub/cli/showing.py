"""The hub shown on stand-ins, and the stand-ins alone."""

import sys
from pathlib import Path

import click

from hub.cli import keyfile


@click.command()
@click.argument("connectors", nargs=-1)
@click.option("--scale", default=2000, show_default=True, help="People in the invented company.")
@click.option("--port", default=18200, show_default=True, help="Of the first stand-in; the others follow.")
def sandbox(connectors: tuple[str, ...], scale: int, port: int) -> None:
    """Serve stand-ins of CONNECTORS (all, where none is named) on this machine."""
    from hub.sandbox import standins

    standins.serve(connectors or standins.available(), scale, port)


@click.command(name="demo")
@click.option("--once", is_flag=True, help="End after printing; the status is 0 only when every count equals the truth.")
@click.option("--all", "everything", is_flag=True, help="Every system that has a stand-in, not only those of the house.")
@click.option("--scale", default=2000, show_default=True, help="People in the invented company.")
@click.option("--data", default="data/demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--port", default=8000, show_default=True, help="Of the pages; the stand-ins use the ports from 200 above it.")
def demo_(*, once: bool, everything: bool, scale: int, data: Path, port: int) -> None:
    """Show the whole hub on stand-ins: connect, sync, unite, serve."""
    from hub import demo
    from hub.sandbox import standins

    systems = standins.available() if everything else standins.HOUSE
    keyfile.ensure(data.absolute())
    sys.exit(demo.run(data.absolute(), systems, scale=scale, port=port, once=once, everything=everything))


COMMANDS = (demo_, sandbox)
