"""Importing from the command line: the same as on the page, and a status that a program can rely on."""

from pathlib import Path

from hub.sheets.plan import from_text
from hub.store import connections
from hub.sync.hub import Hub
from tests.cli.running import audited, ran

PEOPLE = "id,name,email,signed up\n1,Ana,ana@x.com,2026-03-31\n2,Zé,ze@x.com,\n"


def file(folder: Path, said: str, name: str = "people.csv") -> str:
    (folder / name).write_text(said)
    return str(folder / name)


def counts(hub: Hub) -> dict[tuple[str, str], int]:
    with hub.database.reading() as tx:
        return connections.counts(tx)


def test_a_file_is_imported_and_what_was_matched_is_told_and_saved(hub: Hub, tmp_path: Path) -> None:
    result = ran(hub, "import", file(tmp_path, PEOPLE), "--type", "contact")
    assert (result.exit_code, result.stdout) == (0, "spreadsheet-1\n"), result.stderr
    assert "email: emails\nsigned up: signed_up_at\nrows are told apart by id\n" in result.stderr
    assert "2 rows: 2 new or changed, 0 as before, 0 gone" in result.stderr
    assert counts(hub) == {("spreadsheet-1", "contact"): 2}
    with hub.database.reading() as tx:
        made = connections.get(tx, "spreadsheet-1")
    assert (made.label, made.answers["type"], from_text(made.answers) is not None) == ("people", "contact", True)
    assert [(entry.action, entry.object) for entry in audited(hub)] == [("sheets.meaning", "spreadsheet-1")]


def test_the_next_file_of_a_connection_takes_what_was_saved_and_may_be_complete(hub: Hub, tmp_path: Path) -> None:
    first = ("--type", "contact", "--map", "name=family_name", "--map", "email=", "--id", "id", "--label", "Shop")
    assert ran(hub, "import", file(tmp_path, PEOPLE), *first).exit_code == 0
    shorter = file(tmp_path, "id,name,email,signed up\n1,Ana,ana@x.com,2026-03-31\n")
    result = ran(hub, "import", shorter, "--connection", "spreadsheet-1", "--complete")
    assert (result.exit_code, "name: family_name\nemail: not read\n" in result.stderr) == (0, True)
    assert "1 rows: 0 new or changed, 1 as before, 1 gone" in result.stderr
    assert counts(hub) == {("spreadsheet-1", "contact"): 1}


def test_rows_that_fail_are_told_by_the_status(hub: Hub, tmp_path: Path) -> None:
    wrong = file(tmp_path, PEOPLE + "3,X,nowhere,\n")
    dry = ran(hub, "import", wrong, "--type", "contact", "--dry-run")
    assert (dry.exit_code, "row 4: column 'email' is no e-mail address" in dry.stderr, counts(hub)) == (1, True, {})
    assert "3 rows, of which 1 cannot be read; 0 values are not decided" in dry.stderr
    result = ran(hub, "import", wrong, "--type", "contact")
    assert (result.exit_code, "1 rows could not be read" in result.stderr) == (1, True)
    assert counts(hub) == {("spreadsheet-1", "contact"): 2}


def test_a_dry_run_of_a_good_file_stores_nothing(hub: Hub, tmp_path: Path) -> None:
    assert ran(hub, "import", file(tmp_path, PEOPLE), "--type", "contact", "--dry-run").exit_code == 0
    with hub.database.reading() as tx:
        assert connections.everyone(tx) == []


def test_what_does_not_fit_is_said_before_anything_is_made(hub: Hub, tmp_path: Path) -> None:
    good = file(tmp_path, PEOPLE)
    for arguments, said in (
        ((good,), "say --type for a new connection"),
        ((good, "--connection", "spreadsheet-9"), "there is no connection 'spreadsheet-9'"),
        ((good, "--type", "contact", "--map", "phone=phones"), "the file has no column 'phone'; it has 'id', 'name'"),
        ((good, "--type", "contact", "--map", "name=nonsense"), "'name' cannot be read as 'nonsense'"),
        ((file(tmp_path, "a,b\n1,2\n", "odd.csv"), "--type", "contact"), "choose the column that holds the record's id"),
    ):
        result = ran(hub, "import", *arguments)
        assert (result.exit_code != 0, said in " ".join(result.stderr.split())) == (True, True), result.stderr
    with hub.database.reading() as tx:
        assert connections.everyone(tx) == []


def test_a_column_that_is_gone_is_not_silently_emptied(hub: Hub, tmp_path: Path) -> None:
    assert ran(hub, "import", file(tmp_path, PEOPLE), "--type", "contact").exit_code == 0
    shorter = file(tmp_path, "id,name,signed up\n1,Ana,2026-03-31\n")
    refused = ran(hub, "import", shorter, "--connection", "spreadsheet-1")
    assert (refused.exit_code, "has no column 'email' any more" in refused.stderr) == (1, True)
    assert ran(hub, "import", shorter, "--connection", "spreadsheet-1", "--map", "email=").exit_code == 0
