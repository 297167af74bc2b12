"""Keys that open a stand-in without a sign-in: personal tokens, team tokens and the like."""

from collections.abc import Mapping
from typing import Any

from hub.sandbox.standin import Controls


class Keys:
    """The keys with the scopes of each; the control door gains `token` {scopes}, for another one, and `revoke` {token}."""

    def __init__(self, controls: Controls, first: str) -> None:
        """`first` is good from the start, and has no scopes."""
        self._first, self._scopes = first, {first: tuple[str, ...]()}
        controls.acts.update(token=self._give, revoke=self._revoke)

    def _give(self, said: Mapping[str, Any]) -> dict[str, str]:
        given = f"{self._first}-{len(self._scopes)}"
        self._scopes[given] = tuple(said.get("scopes", ()))
        return {"token": given}

    def _revoke(self, said: Mapping[str, Any]) -> dict[str, int]:
        self._scopes.pop(str(said.get("token", self._first)), None)
        return {"tokens": len(self._scopes)}

    def scopes(self, key: str | None) -> tuple[str, ...] | None:
        """What a key may do; None when there is no such key."""
        return self._scopes.get(key or "")
