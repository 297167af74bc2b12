"""What a customer allows, by channel and purpose: the most restrictive of what the sources say.

An opt-out beats an earlier opt-in and any later one that lacks proof; only a proven opt-in that is later takes it back.
One that names no channel or no purpose holds for all of them. That nobody knows never beats that somebody said something.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.model import Consent, ConsentState
from hub.model.values import moment
from hub.unify.golden_statements import FOREVER, LONG_AGO, Statement, provenance, said
from hub.unify.names import name_key

_About = tuple[str, str]
_Said = tuple[Consent, Mapping[str, str]]


def consent(given: Sequence[_Said]) -> list[dict[str, Any]]:
    """The standing of each channel and purpose, in their order, with the record that says so."""
    spoken = [(each, origin) for each, origin in given if each.state is not None]
    return [_standing(about, [it for it in spoken if _holds(it[0], about)]) for about in sorted({_about(it[0]) for it in spoken})]


def _standing(about: _About, spoken: Sequence[_Said]) -> dict[str, Any]:
    proven = [each for each, _ in spoken if each.state is ConsentState.OPT_IN and said(each.proof)]
    ranked = sorted(spoken, key=lambda it: (_place(it[0], proven), FOREVER - (it[0].at or LONG_AGO), *_who(it[1])))
    (first, origin), *rest = ranked
    losers = [(_statement(each, whose), _why(first, each, proven)) for each, whose in rest]
    channel, purpose = about
    return {
        "channel": channel or None,
        "purpose": purpose or None,
        **provenance(_statement(first, origin), "most_restrictive", losers),
    }


def _about(it: Consent) -> _About:
    return (name_key(it.channel or ""), name_key(it.purpose or ""))


def _holds(it: Consent, about: _About) -> bool:
    own = _about(it)
    if it.state is not ConsentState.OPT_OUT:
        return own == about
    return all(mine in ("", other) for mine, other in zip(own, about, strict=True))


def _place(it: Consent, proven: Sequence[Consent]) -> int:
    """What weighs more comes first: an opt-out that stands, a proven opt-in, another, an opt-out taken back, the unknown."""
    if it.state is ConsentState.OPT_OUT:
        return 3 if _overruled(it, proven) else 0
    if it.state is ConsentState.OPT_IN:
        return 1 if said(it.proof) else 2
    return 4


def _overruled(it: Consent, proven: Sequence[Consent]) -> bool:
    return it.at is not None and any(each.at is not None and each.at > it.at for each in proven)


def _why(winner: Consent, loser: Consent, proven: Sequence[Consent]) -> str:
    if loser.state is ConsentState.OPT_OUT and _overruled(loser, proven):
        return "overruled_with_proof"
    if loser.state is not winner.state:
        return "unknown" if loser.state is ConsentState.UNKNOWN else "less_restrictive"
    if said(winner.proof) and not said(loser.proof) and winner.state is ConsentState.OPT_IN:
        return "without_proof"
    return "tie" if loser.at == winner.at else "older"


def _who(origin: Mapping[str, str]) -> tuple[str, str]:
    return (origin["connection_id"], origin["id"])


def _statement(it: Consent, origin: Mapping[str, str]) -> Statement:
    return Statement(
        value=None if it.state is None else it.state.value,
        origin=origin,
        name="state",
        changed_at=it.changed_at,
        at=it.at,
        also={"at": moment(it.at), "legal_basis": it.legal_basis, "proof": it.proof},
    )
