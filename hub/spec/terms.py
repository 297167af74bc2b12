"""What one account means by its own words, as a frozen value: the mapping reads records in these terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from hub.model import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The record said something at `path` that no table lists; a person is asked what it means.

    `raw` is None where the value could not be read at all: such values are counted, never shown. `why` is what the source
    calls it where people are asked what a record is.
    """

    path: str
    raw: str | None
    why: str = "in no table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`pipelines`: stage id -> category, by pipeline id. `choices`: what people decided, by path and raw value.

    `answers`: what the admin answered when connecting. `fields`: what people had read in addition, our field by the path of
    the source's own, by type.
    """

    pipelines: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def digest(self) -> str:
        """The same for equal terms; it is part of a record's hash, so that a changed choice reads it again."""
        return digest(msgspec.json.encode([self.pipelines, self.choices, self.answers, self.fields], order="sorted"))
