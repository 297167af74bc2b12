"""What the repository promises of itself: pins that agree, a README that is true, nothing of any machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from hub import registry
from hub.__main__ import hub

ROOT = Path(__file__).parent.parent
TEXT = {".py", ".md", ".toml", ".sh", ".json", ".html", ".lock", ".css", ".js"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lines: list[str]) -> set[str]:
    return {re.sub(r"\[.*\]", "", line).lower().replace(" ", "") for line in lines}


def test_every_pin_is_the_one_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    locked = [line.removesuffix("\\").strip() for line in lock.splitlines() if line[:1].isalnum()]
    groups = [each for group in PROJECT["dependency-groups"].values() for each in group]
    declared = [*PROJECT["project"]["dependencies"], *groups, *PROJECT["tool"]["uv"]["constraint-dependencies"]]
    assert pins(declared) == pins(locked)


def test_the_lock_names_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()


@pytest.mark.parametrize("connector", registry.connector_ids())
def test_the_readme_names_every_connector(connector: str) -> None:
    assert f"| {registry.connector(connector).label} |" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("command", sorted(hub.commands))
def test_the_readme_names_every_command(command: str) -> None:
    assert f"`hub {command}" in (ROOT / "README.md").read_text()


def test_nothing_names_this_machine_or_a_package_index() -> None:
    tracked = subprocess.run(
        ["/usr/bin/env", "git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    forbidden = re.compile(r"/(?:root|work|tmp/hub)/|pypi\.org|pythonhosted|registry\.npmjs", re.IGNORECASE)
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in TEXT and path.exists() and path != Path(__file__):
            assert not forbidden.search(path.read_text()), name
