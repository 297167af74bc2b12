"""What a stand-in is: a system's API over the invented company, served from this process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Flask

from hub.sandbox.chance import ENDS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.faults import Faults
from hub.sandbox.oauth import AuthorizationServer
from hub.sandbox.push import Sender
from hub.sandbox.rows import Change, Clock, Row
from hub.sandbox.world import World

Act = Callable[[Mapping[str, Any]], object]
"""An act of the control door that one stand-in alone has; the answer is JSON."""


@dataclass(kw_only=True, slots=True)
class Controls:
    """What can be done to a running stand-in. Its app registers its collections, server and hooks here."""

    clock: Clock
    faults: Faults = field(default_factory=Faults)
    sender: Sender = field(default_factory=Sender)
    collections: dict[str, Collection] = field(default_factory=dict)
    server: AuthorizationServer | None = None
    merge: Callable[[Collection, int, int], Row] | None = None
    delete: Callable[[Collection, int], Row] = Collection.archive
    erase: Callable[[Collection, int], Row] = Collection.erase
    identity: Callable[[str, str], int] = lambda _object, text: int(text)
    push: dict[str, str] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)

    def seconds(self) -> float:
        """The stand-in's time, in seconds since 1970."""
        return self.clock.now() / 1000

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Tell of every change to any collection."""
        for collection in self.collections.values():
            collection.listeners.append(listener)

    def until(self, own_lag: float = 0) -> int | None:
        """The time up to which searches and exports show what happened, given the system's own lag; None shows all."""
        lag = own_lag if self.faults.lag_seconds is None else self.faults.lag_seconds
        return self.clock.now() - int(lag * 1000) if lag else None


def controls(now: Callable[[], float]) -> Controls:
    """Fresh controls; `now` gives seconds since 1970."""
    return Controls(clock=Clock(now, milliseconds(ENDS)))


class Decision(NamedTuple):
    """What an admin says after connecting: what a value at a path of a stream's records means."""

    stream: str
    path: str
    raw: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """`hosts` are the vendor's that it stands for, with {placeholders}; `truth` counts live records by canonical type.

    `contact_id` and `company_id` give the id that a person or company of the world has in this system, provided that
    the system knows them at all.
    """

    id: str
    hosts: tuple[str, ...]
    app: Callable[[World, Controls], Flask]
    truth: Callable[[World], dict[str, int]]
    contact_id: Callable[[int], str]
    company_id: Callable[[int], str] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """What an admin answers when connecting to it."""
    decisions: tuple[Decision, ...] = ()
    """What the admin decides before anything is read, so that the counts are the truth."""
    key: str | None = None
    """A key that it accepts from the start, where the system has keys; `user:key` where a user name goes with it."""
