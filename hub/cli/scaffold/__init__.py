"""Beginning a connector: its files in a checkout, small and whole, with tests that fail only where its author has to fill in."""

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
_PLACE = re.compile(r"\{([a-z][a-z_]{0,29})\}")
"""A part of the API's address that only the admin knows."""
_ASK = """
        Ask(
            name="$name",
            label="<what people call this part of the address>",
            pattern=r"[A-Za-z0-9-]{1,63}",
            example="acme",
        ),"""
_LONGEST = 100
"""Characters of an address: it stands in a line of code."""
_TABLE = "| system | category | brings | signs in by | pushes |\n"
_BRINGS = "<what it brings>"
_RESERVED = ("push", "spreadsheet", "world")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A connector to be: what it is called, and where its API and the documentation of it are.

    What only the admin knows of the API's address stands in it as `{subdomain}` or the like.
    """

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
        for name, said in (("docs", self.docs), ("address", _PLACE.sub("x", self.address))):
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
        tests / begun.id / f"test_{begun.id}_begun.py": "begun",
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
    asked = [Template(_ASK).substitute(name=name) for name in dict.fromkeys(_PLACE.findall(begun.address))]
    asks = {"ask": "Ask, " if asked else "", "asks": f"\n    asks=({''.join(asked)}\n    )," if asked else ""}
    return {name: getattr(begun, name) for name in Begun.__slots__} | {"address": begun.address.rstrip("/")} | asks


def _with_line(readme: str, begun: Begun) -> str:
    """The README with the connector's line in the table of connectors, by its label."""
    before, found, after = readme.partition(_TABLE)
    if not found:
        raise BadInput("README.md has no table of connectors to enter this one in; nothing was written")
    rule, *rest = after.split("\n")
    end = rest.index("")
    rows = [*rest[:end], f"| {begun.label} | {begun.category} | {_BRINGS} | key | none |"]
    ordered = sorted(rows, key=lambda row: row.split("|")[1].strip().casefold())
    return before + found + "\n".join([rule, *ordered, *rest[end:]])
