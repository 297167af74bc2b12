"""Beginning a connector: what is written is whole and says what to fill in; what is there is never overwritten."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.__main__ import hub as commands
from hub.cli import quality, scaffold
from hub.cli.quality import consistent, recorded
from hub.cli.scaffold import Begun
from hub.errors import BadInput

ROOT = quality.ROOT
GIVEN = {"id": "made_by_a_test", "label": "A System", "category": "CRM", "docs": "https://docs.acme.example/api"}
BEGUN = Begun(**GIVEN, address="https://api.acme.example/v1/")
ASKING = Begun(**{**GIVEN, "id": "asked_where"}, address="https://{subdomain}.acme.example/{area}/v1")
LONGEST = Begun(
    id="a" * 30,
    label="Acme's " + "y" * 33,
    category="c" * 40,
    docs="https://docs.example/" + "d" * 79,
    address="https://api.example/" + "a" * 80,
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of this one as tells whether something that is added is right."""
    for folder in ("connectors", "mappings", "tests/connectors"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "hub").symlink_to(ROOT / "hub")
    return tmp_path


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file() and ".pyc" not in path.name
    }


def loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"begun_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ran(checkout: Path, *arguments: str) -> str:
    """A tool in the checkout; what it writes where it finds fault, else nothing."""
    command = [sys.executable, "-m", *arguments]
    found = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - ours
    return found.stdout + found.stderr if found.returncode else ""


@pytest.mark.parametrize("begun", [BEGUN, ASKING, LONGEST])
def test_what_is_begun_contradicts_itself_nowhere_and_reads_its_example(checkout: Path, begun: Begun) -> None:
    scaffold.write(begun, checkout)
    connector = loaded(checkout / "connectors" / begun.id / "__init__.py").CONNECTOR
    mappings = loaded(checkout / "mappings" / f"{begun.id}.py").MAPPINGS
    folder = checkout / "tests" / "connectors" / begun.id
    assert (connector.id, connector.label) == (begun.id, begun.label)
    assert consistent.contradictions(connector, mappings, checkout) == []
    (found,) = recorded.recordings(folder, connector, mappings, {})
    assert (found.streams, found.read, found.problems, found.unread) == (("contacts",), 1, [], set())
    assert recorded.origin((folder / "README.md").read_text()) == "invented"
    assert connector.judges == ()


def test_what_is_begun_is_styled_and_typed_as_everything_here(checkout: Path) -> None:
    names = [begun.id for begun in (BEGUN, ASKING, LONGEST) if scaffold.write(begun, checkout)]
    written = [path for name in names for path in (f"tests/connectors/{name}", f"connectors/{name}", f"mappings/{name}.py")]
    assert ran(checkout, "ruff", "check", "--no-cache", *written) == ""
    assert ran(checkout, "ruff", "format", "--no-cache", "--check", *written) == ""
    assert ran(checkout, "mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "begun"), *written) == ""


def test_what_only_the_admin_knows_of_the_address_is_asked(checkout: Path) -> None:
    scaffold.write(ASKING, checkout)
    connector = loaded(checkout / "connectors" / ASKING.id / "__init__.py").CONNECTOR
    assert connector.base_url == "https://{subdomain}.acme.example/{area}/v1"
    assert [ask.name for ask in connector.asks] == ["subdomain", "area"]


def test_its_tests_fail_only_where_the_author_has_to_fill_in(checkout: Path) -> None:
    scaffold.write(BEGUN, checkout)
    said = said_by_its_tests(checkout)
    failing = re.findall(r"^(step \d): ", said, re.MULTILINE)
    assert sorted(failing) == ["step 1", "step 1", *(f"step {number}" for number in range(2, 7))]
    assert said.count("\nFAILED ") == len(failing)
    places = (
        "connectors/made_by_a_test/__init__.py:15: <what it brings, in one plain sentence>",
        "connectors/made_by_a_test/__init__.py:30: <how many calls it allows in how many seconds>",
        "mappings/made_by_a_test.py:7: <for each stream its type of hub/model, with a rule for each field that the system has>",
        "tests/connectors/made_by_a_test/test_made_by_a_test.py:21: <what your own recording says, every value by hand>",
    )
    assert [place for place in places if place not in said] == []


def test_its_tests_pass_when_all_is_filled_in(checkout: Path) -> None:
    for path in scaffold.write(BEGUN, checkout):
        if not path.name.endswith("_begun.py"):
            path.write_text(re.sub(r"<([a-z]+ [^<>]+)>", r"\1", path.read_text()).replace("Invented by", "Recorded by"))
    (checkout / "connectors" / BEGUN.id / "sandbox.py").touch()
    assert "FAILED" not in said_by_its_tests(checkout)


def said_by_its_tests(checkout: Path) -> str:
    """What the tests of what is begun say, with a line for each that fails."""
    return ran(checkout, "pytest", "-n", "0", "-p", "no:cacheprovider", "-rf", f"tests/connectors/{BEGUN.id}")


def test_its_line_stands_in_the_readme_by_its_name(checkout: Path) -> None:
    before = (checkout / "README.md").read_text()
    scaffold.write(BEGUN, checkout)
    line = "| A System | CRM | <what it brings> | key | none |\n"
    after = (checkout / "README.md").read_text()
    assert after.replace(line, "") == before
    assert after.index(line) < after.index("| BottleCRM |")


def test_no_other_system_is_named_in_what_is_begun(checkout: Path) -> None:
    before = set(tree(checkout))
    scaffold.write(BEGUN, checkout)
    written = " ".join(body.decode() for name, body in tree(checkout).items() if name not in before).lower()
    assert not any(vendor in written for vendor in ("hubspot", "zendesk", "bottlecrm", "request tracker", "pretix"))


@pytest.mark.parametrize(
    "there",
    [
        "connectors/made_by_a_test/__init__.py",
        "connectors/made_by_a_test/objects.py",
        "mappings/made_by_a_test.py",
        "tests/connectors/made_by_a_test/README.md",
        "tests/connectors/made_by_a_test/contacts.json",
    ],
)
def test_what_is_there_is_not_overwritten_and_nothing_else_is_written(checkout: Path, there: str) -> None:
    (checkout / there).parent.mkdir(exist_ok=True)
    (checkout / there).write_text("mine")
    before = tree(checkout)
    with pytest.raises(BadInput, match="is there already; nothing was written"):
        scaffold.write(BEGUN, checkout)
    assert tree(checkout) == before


def test_without_a_table_to_enter_it_in_nothing_is_written(checkout: Path) -> None:
    (checkout / "README.md").write_text("# Something else\n")
    before = tree(checkout)
    with pytest.raises(BadInput, match="no table of connectors"):
        scaffold.write(BEGUN, checkout)
    assert tree(checkout) == before


def test_outside_a_checkout_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no checkout"):
        scaffold.write(BEGUN, tmp_path)
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": "Acme"}, "cannot be the id"),
        ({"id": "acme-crm"}, "cannot be the id"),
        ({"id": "../acme"}, "cannot be the id"),
        ({"id": "class"}, "cannot be the id"),
        ({"id": "push"}, "cannot be the id"),
        ({"label": 'Acme"'}, "the label"),
        ({"label": "Acme|CRM"}, "the label"),
        ({"label": "x" * 41}, "the label"),
        ({"category": ""}, "the category"),
        ({"docs": "http://docs.example"}, "the docs"),
        ({"address": 'https://api.example/"'}, "the address"),
        ({"address": "https://{Sub domain}.example"}, "the address"),
        ({"address": "https://api.example/" + "x" * 100}, "the address"),
    ],
)
def test_what_would_not_be_a_connector_is_refused_in_words(given: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        Begun(**{**GIVEN, "address": "https://api.acme.example", **given})


def test_the_command_asks_for_what_is_missing_and_says_what_is_next(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "ROOT", checkout)
    said = "A System\nCRM\nhttps://docs.acme.example/api\nhttps://api.acme.example/v1\n"
    result = CliRunner().invoke(commands, ["new", "made_by_a_test"], input=said)
    assert result.exit_code == 0, result.output
    assert "mappings/made_by_a_test.py\n" in result.stdout
    assert "1. Replace tests/connectors/made_by_a_test/contacts.json" in result.stderr
    again = CliRunner().invoke(commands, ["new", "made_by_a_test"], input=said)
    assert (again.exit_code, "is there already" in again.stderr) == (1, True)
