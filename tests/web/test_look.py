"""The one stylesheet: what is written can be read, in light and in dark."""

import re
from pathlib import Path

import pytest

import hub.web

SHEET = (Path(hub.web.__file__).parent / "static" / "hub.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{([^}]+)\}", SHEET))
PAIRS = [
    ("text", "ground"),
    ("text", "surface"),
    ("text", "sunken"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("accent", "accent-soft"),
    ("accent-text", "accent"),
    ("good", "good-soft"),
    ("busy", "busy-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("bad", "surface"),
    ("good", "surface"),
    ("warn", "surface"),
    ("text", "warn-soft"),
]
STAGES = ["reach", "acquisition", "conversion", "retention", "loyalty", "churned"]


def luminance(colour: str) -> float:
    """WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance ."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_text_stands_out_from_what_it_is_written_on(colours: dict[str, str], ink: str, paper: str) -> None:
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(colours: dict[str, str]) -> None:
    assert contrast(colours["line-strong"], colours["surface"]) >= 3


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_can_be_seen_on_the_line_of_a_life(colours: dict[str, str], stage: str) -> None:
    assert contrast(colours[stage], colours["surface"]) >= 3
    assert contrast(colours[stage], colours["sunken"]) >= 3
    assert len({colours[each] for each in STAGES}) == 6


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert not re.search(r"url\(|@import", SHEET)
