"""Who may import whom, as the plan of the house has it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    {"hub.errors", "hub.logs", "hub.model", "hub.settings"},
    {"hub.spec"},
    {"connectors", "mappings"},
    {"hub.unify", "hub.lifecycle", "hub.sheets"},
    {"hub.registry", "hub.remote", "hub.store"},
    {"hub.sync", "hub.events", "hub.privacy"},
    {"hub.jobs"},
    {"hub.web"},
    {
        "hub.__main__",
        "hub.cli",
        "hub.sandbox",
        "connectors.sandbox",
        "hub.demo",
        "hub.processes",
        "hub.progress",
        "hub.dryrun",
        "hub.truth",
    },
)
"""Each line may import from the lines above it and, within one package, from itself."""

ONLY_IMPORTERS = {
    "sqlalchemy": {"hub.store"},
    "alembic": {"hub.store"},
    "requests": {"hub.remote"},
    "authlib": {"hub.remote"},
    "ssrfguard": {"hub.remote"},
    "limits": {"hub.remote"},
    "rq": {"hub.jobs"},
    "redis": {"hub.jobs", "hub.remote"},
    "marshmallow": {"hub.web"},
    "flask_smorest": {"hub.web"},
    "flask": {"hub.web", "hub.sandbox", "connectors.sandbox"},
    "werkzeug": {"hub.web", "hub.sandbox", "connectors.sandbox"},
    "cryptography": {"hub.store", "hub.web"},
    "openpyxl": {"hub.sheets"},
    "charset_normalizer": {"hub.sheets"},
}
PURE = {"hub.unify", "hub.lifecycle", "hub.sheets", "hub.model", "hub.spec", "connectors", "mappings"}
IMPURE = {"time", "socket", "random", "os", "threading", "subprocess", "urllib.request", "http.client"}
SAME_LINE = {("hub.store", "hub.remote"), ("hub.remote", "hub.store"), ("connectors", "mappings"), ("mappings", "connectors")}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("hub", "connectors", "mappings"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(module: str) -> str | None:
    """The room of the house that a module of ours is in; None for others' modules and for hub itself."""
    parts = module.split(".")
    if parts[0] == "connectors":
        return "connectors.sandbox" if len(parts) > 2 and parts[2].startswith("sandbox") else "connectors"
    if parts[0] == "mappings":
        return "mappings"
    return f"hub.{parts[1]}" if parts[0] == "hub" and len(parts) > 1 else None


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


ALL = list(modules())


@pytest.mark.parametrize(("module", "path"), ALL, ids=[module for module, _ in ALL])
def test_imports_come_only_from_above(module: str, path: Path) -> None:
    mine = room(module)
    if mine is None or "migrations" in path.parts:
        return
    for other in {room(found) for found in imports(path)} - {None, mine}:
        assert (mine, other) not in SAME_LINE, f"{module} imports {other}"
        assert layer(str(other)) < layer(mine) or (
            layer(str(other)) == layer(mine) and {mine, str(other)} <= LAYERS[0] | LAYERS[4] | LAYERS[8]
        ), f"{module} imports {other}, which is not above it"


@pytest.mark.parametrize(("module", "path"), ALL, ids=[module for module, _ in ALL])
def test_each_framework_is_imported_in_its_own_room_only(module: str, path: Path) -> None:
    for found in imports(path):
        allowed = ONLY_IMPORTERS.get(found.split(".")[0])
        assert allowed is None or room(module) in allowed, f"{module} imports {found}"


@pytest.mark.parametrize(("module", "path"), ALL, ids=[module for module, _ in ALL])
def test_the_core_has_no_clock_no_socket_and_no_environment(module: str, path: Path) -> None:
    if room(module) in PURE:
        assert not imports(path) & IMPURE
        assert "datetime.now(" not in path.read_text()


def test_only_settings_reads_the_environment() -> None:
    readers = {module for module, path in ALL if "os.environ" in path.read_text() and "sandbox" not in module}
    assert readers <= {"hub.settings", "hub.cli.keyfile", "hub.cli.processes", "hub.demo"}


def test_vendor_names_stay_in_connectors_and_mappings() -> None:
    vendors = (
        "hubspot",
        "zendesk",
        "bottlecrm",
        "pretix",
        "salesforce",
        "gainsight",
        "engagebay",
        "churnzero",
        "flowlu",
        "clickup",
    )
    for module, path in ALL:
        if room(module) in (PURE | {"hub.store", "hub.remote", "hub.sync", "hub.jobs"}) - {"connectors", "mappings"}:
            code = ast.unparse(_without_docstrings(ast.parse(path.read_text()))).lower()
            assert not any(vendor in code for vendor in vendors), module


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                each for each in body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ] or [ast.Pass()]
    return tree
