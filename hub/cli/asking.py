"""Asking for what the options of a command leave open: answers until they fit, secrets without showing them."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

import click

from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.spec import Auth, Connector


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say; what they leave open is asked, unless standard input is where a secret is read from."""

    answers: Mapping[str, str]
    user: str | None
    key_file: IO[str] | None
    client_id: str | None
    client_secret_file: IO[str] | None
    label: str
    environment: str | None

    @property
    def asking(self) -> bool:
        """Whether somebody can be asked."""
        return not any(file and file.name == "<stdin>" for file in (self.key_file, self.client_secret_file))


def answers(connector: "Connector", given: Given) -> dict[str, str]:
    """What the connector asks, from the options or asked now, one by one until it fits."""
    from hub.sync import connect as connecting

    names = [ask.name for ask in connector.asks]
    if foreign := set(given.answers) - set(names):
        raise click.BadParameter(f"{connector.label} asks for {', '.join(names) or 'nothing'}, not {min(foreign)!r}")
    found: dict[str, str] = {}
    for ask in connector.asks:
        alone = replace(connector, asks=(ask,))
        if ask.name in given.answers:
            found |= connecting.answered(alone, given.answers)
        elif given.asking:
            found |= _asked(alone)
        elif ask.required:
            raise click.UsageError(f"{ask.label} is missing; give it as --answer {ask.name}={ask.example or 'VALUE'}")
    return found


def _asked(alone: "Connector") -> dict[str, str]:
    """The answer to the one ask of this connector, asked until it fits; none where it is optional and nobody answers."""
    from hub.sync import connect as connecting

    (ask,) = alone.asks
    said_before = []

    def checked(said: str) -> dict[str, str]:
        said_before.append(said)
        try:
            return connecting.answered(alone, {ask.name: said})
        except BadInput as error:
            raise click.BadParameter(str(error)) from error

    if ask.help:
        click.echo(ask.help, err=True)
    label = ask.label if ask.required else f"{ask.label} (optional)"
    option = f"--answer {ask.name}={ask.example or 'VALUE'}"
    found: dict[str, str]
    try:
        found = _prompted(label, option, default=None if ask.required else "", show_default=False, value_proc=checked)
    except click.UsageError:
        if ask.required or said_before:
            raise
        return {}
    return found


def _prompted(label: str, option: str, **options: Any) -> Any:
    """What somebody enters; where nobody is there, what to do instead."""
    try:
        return click.prompt(label, err=True, **options)
    except click.Abort as error:
        if sys.stdin.isatty():
            raise
        raise click.UsageError(f"{label} is missing, and nobody is there to be asked; give it as {option}") from error


def chosen(ways: Sequence["Auth"], given: Given) -> "Auth":
    """The way for which something was given; else the first."""
    wanted = "client" if given.client_id or given.client_secret_file else "key" if given.user or given.key_file else ""
    return next((way for way in ways if way.kind == wanted), ways[0])


def entered(auth: "Auth", given: Given) -> dict[str, str]:
    """What lets us in, from the options or asked."""
    files = {"key": given.key_file, "client_secret": given.client_secret_file}
    lines = {"user": given.user, "client_id": given.client_id}
    found = {}
    for each in auth.entered:
        option = f"--{each.name.replace('_', '-')}"
        if each.secret:
            found[each.name] = secret(files[each.name], each.label, f"{option}-file -", given)
        else:
            found[each.name] = line(lines[each.name], each.label, option, given)
    return found


def line(said: str | None, label: str, option: str, given: Given) -> str:
    """A text that is no secret, from its option or asked."""
    if said is None and not given.asking:
        raise click.UsageError(f"{label} is missing; give it as {option}")
    return str(_prompted(label, option)).strip() if said is None else said.strip()


def secret(file: IO[str] | None, label: str, option: str, given: Given) -> str:
    """A secret from its file, or asked without showing it."""
    if file is None and not given.asking:
        raise click.UsageError(f"{label} is missing; standard input is taken already, so give a file as {option[:-2]}")
    said = str(_prompted(label, option, hide_input=True)) if file is None else file.read()
    if not said.strip() or not said.strip().isprintable():
        raise BadInput(f"{label}: this is not one line of text; copy it as the system shows it ({option})")
    return said.strip()
