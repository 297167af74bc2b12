"""The command line; the commands are in `hub.cli`, grouped by who needs them."""

from typing import IO, Any

import click

from hub.cli import authors, connecting, importing, keys, people, processes, programs, reading, showing
from hub.errors import HubError


class Problem(click.ClickException):
    """An error of ours: one plain line, and the status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """On standard error."""
        click.echo(f"hub: {self.message}", file=file, err=True)


class Commands(click.Group):
    """The commands; what goes wrong in one is told in its own words, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except HubError as error:
            raise Problem(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def hub() -> None:
    """Ciclo Hub: one lifecycle of every customer, from the tools a company already uses."""


for _group in (showing, processes, connecting, importing, reading, people, programs, keys, authors):
    for _command in _group.COMMANDS:
        hub.add_command(_command)


def main() -> None:
    """Run the command line."""
    hub()


if __name__ == "__main__":
    main()
