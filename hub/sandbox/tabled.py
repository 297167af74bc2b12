"""A tool's own fields of a record, made by a table: what is known of it, what was noted there, and what goes for some only."""

from collections.abc import Mapping
from typing import Any

from hub.sandbox.rows import Fields

Table = Mapping[str, Any]
"""`told` has plain names by the tool's; `noted` has by the tool's names values to choose from, of which the only one is always
taken; `also` has further tables by plain names, each for the records that have something true under that name."""


def tabled(table: Table, words: Mapping[str, Any], known: Fields, drawn: bytes) -> dict[str, Any]:
    """The fields of a record of which so much is known; `words` are the tool's for some of the values, `drawn` chooses."""
    values = {theirs: known.get(ours) for theirs, ours in table.get("told", {}).items()}
    made = {theirs: words.get(str(value), value) for theirs, value in values.items()}
    noted = zip(table.get("noted", {}).items(), drawn, strict=False)
    made |= {theirs: choices[byte % len(choices)] for (theirs, choices), byte in noted}
    for name, further in table.get("also", {}).items():
        if known.get(name):
            made |= tabled(further, words, known, drawn[::-1])
    return made
