"""Beginning a connector: its files in a checkout, small and whole, so that everything is green before anything is known."""

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from hub.errors import BadInput

_HERE = Path(__file__).parent
_ID = re.compile(r"[a-z][a-z0-9_]{1,29}")
_LABEL = re.compile(r"[^\W_][\w .&+'-]{0,39}")
_ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?(/[\w.~%/-]*)?")
_LONGEST = 100
"""Characters of an address: it stands in a line of code."""
_TABLE = "| system | category | brings | signs in by | pushes |\n"
_RESERVED = ("push", "spreadsheet", "world")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A connector to be: what it is called, and where its API and the documentation of it are."""

    id: str
    label: str
    category: str
    docs: str
    address: str

    def __post_init__(self) -> None:
        """BadInput names what cannot be."""
        if not _ID.fullmatch(self.id) or keyword.iskeyword(self.id) or self.id in _RESERVED:
            raise BadInput(f"{self.id!r} cannot be the id of a connector; take small letters, digits and _, for example acme_crm")
        for name, said in (("label", self.label), ("category", self.category)):
            if not _LABEL.fullmatch(said):
                raise BadInput(
                    f"the {name} {said!r} must be a name of at most 40 letters, digits and blanks, for example Acme CRM"
                )
        for name, said in (("docs", self.docs), ("address", self.address)):
            if not _ADDRESS.fullmatch(said) or len(said) > _LONGEST:
                raise BadInput(f"the {name} must be an https address of at most {_LONGEST} characters, not {said!r}")


def write(begun: Begun, root: Path) -> list[Path]:
    """Write all files, and the line of the README's table; BadInput, and nothing is written, where one is there already."""
    readme = root / "README.md"
    tests = root / "tests" / "connectors"
    if not tests.is_dir() or not readme.exists():
        raise BadInput(f"{root} is no checkout of the hub's sources; clone them, and run this there")
    files = {
        root / "connectors" / begun.id / "__init__.py": "connector",
        root / "mappings" / f"{begun.id}.py": "mapping",
        tests / begun.id / "README.md": "readme",
        tests / begun.id / "contacts.json": "contacts",
        tests / begun.id / f"test_{begun.id}.py": "test",
    }
    for path in files:
        if path.exists() or (path.name == "__init__.py" and path.parent.exists()):
            raise BadInput(f"{path.relative_to(root)} is there already; nothing was written")
    table = _with_line(readme.read_text(), begun)
    for path, template in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = Template((_HERE / f"{template}.txt").read_text())
        path.write_text(text.substitute(_values(begun)))
    readme.write_text(table)
    return [*files, readme]


def _values(begun: Begun) -> dict[str, str]:
    return {name: getattr(begun, name) for name in Begun.__slots__} | {"address": begun.address.rstrip("/")}


def _with_line(readme: str, begun: Begun) -> str:
    """The README with the connector's line in the table of connectors, by its label."""
    before, found, after = readme.partition(_TABLE)
    if not found:
        raise BadInput("README.md has no table of connectors to enter this one in; nothing was written")
    rule, *rest = after.split("\n")
    end = rest.index("")
    rows = [*rest[:end], f"| {begun.label} | {begun.category} | contacts | key | none |"]
    ordered = sorted(rows, key=lambda row: row.split("|")[1].strip().casefold())
    return before + found + "\n".join([rule, *ordered, *rest[end:]])
