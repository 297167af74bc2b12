"""simple-salesforce judges the Salesforce stand-in, under the host name of an org and in an environment of its own."""

import json
import os
import subprocess
import time
import venv
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from connectors.salesforce.sandbox import STANDIN
from hub.sandbox.serve import serving
from hub.sandbox.world import World
from tests.vendors import conftest

pytestmark = pytest.mark.vendors
PINNED = "simple-salesforce==1.12.10"
conftest.HOSTS.update(dict.fromkeys(STANDIN.hosts, STANDIN.id))
READS = """
import csv, io, json, sys
from simple_salesforce import Salesforce, SalesforceExpiredSession, SalesforceMalformedRequest, SalesforceResourceNotFound
token, host, gone = sys.argv[1:]
org = Salesforce(instance=host, session_id=token, version="60.0")
found = {"usage": None}
soql = "SELECT " + ", ".join(each["name"] for each in org.Contact.describe()["fields"]) + ", Account.Name FROM Contact"
found["pages"] = [len(org.query(soql)["records"]), org.query(soql)["totalSize"]]
found["live"] = [each["Id"] for each in org.query_all(soql)["records"]]
found["all"] = {each["Id"]: each["IsDeleted"] for each in org.query_all(soql, include_deleted=True)["records"]}
found["nested"] = sum(bool(each["Account"] and each["Account"]["Name"]) for each in org.query_all(soql)["records"])
found["fields"] = {each["name"]: each["type"] for each in org.Lead.describe()["fields"]}
found["objects"] = [each["name"] for each in org.describe()["sobjects"]]
found["one"] = org.Contact.get(found["live"][0])["Id"]
found["usage"] = list(org.api_usage["api-usage"])
found["limits"] = org.limits()["DailyApiRequests"]["Max"]
for name, ask in {
    "unknown field": lambda: org.query("SELECT Foo FROM Contact"),
    "malformed": lambda: org.query("SELECT Id FRM Contact"),
    "deleted": lambda: org.Contact.get(gone),
}.items():
    try:
        ask()
    except (SalesforceMalformedRequest, SalesforceResourceNotFound) as refused:
        found[name] = [type(refused).__name__, refused.status, refused.content[0]["errorCode"]]
read = lambda pages: [row for page in pages for row in csv.DictReader(io.StringIO(page))]
columns = "SELECT Id, Email, Account.Name, IsDeleted, CreatedDate FROM Contact"
found["bulk"] = read(org.bulk2.Contact.query(columns, max_records=40))
found["bulk all"] = len(read(org.bulk2.Contact.query_all("SELECT Id FROM Contact")))
try:
    Salesforce(instance=host, session_id="nothing", version="60.0").query("SELECT Id FROM Contact")
except SalesforceExpiredSession as refused:
    found["refused"] = refused.content[0]["errorCode"]
print(json.dumps(found))
"""


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment in which there is nothing but the judge."""
    folder = tmp_path_factory.mktemp("judge")
    venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin/pip", "install", "--quiet", PINNED], check=True)  # noqa: S603  # our own words
    return folder / "bin/python"


@pytest.fixture
def origins(world: World) -> Iterator[dict[str, str]]:
    with serving([STANDIN], world, now=time.time) as served:
        yield served


@pytest.fixture
def token(origins: dict[str, str], allow: Callable[[str, str, dict[str, str]], str]) -> dict[str, str]:
    """What signing in brings."""
    back = {"redirect_uri": "https://hub.example/back", "client_id": "sandbox-client"}
    asked = {**back, "scope": "api refresh_token", "state": "s", "response_type": "code"}
    code = allow(STANDIN.id, "/services/oauth2/authorize", asked)
    form = {**back, "grant_type": "authorization_code", "code": code, "client_secret": "sandbox-secret"}
    line = HTTPConnection(urlsplit(origins[STANDIN.id]).netloc, timeout=10)
    line.request("POST", "/services/oauth2/token", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
    told: dict[str, str] = json.loads(line.getresponse().read())
    line.close()
    return told


@pytest.fixture
def gone(world: World, control: Callable[[str, str, str], Any]) -> str:
    """A contact that was deleted."""
    found = STANDIN.contact_id(next(index for index in range(world.people) if world.knows(STANDIN.id, index)))
    assert control(STANDIN.id, "delete", json.dumps({"object": "Contact", "id": found})).status == 200
    return found


@pytest.fixture
def found(python: Path, proxy: str, authority: tuple[Path, Path], token: dict[str, str], gone: str) -> dict[str, Any]:
    """What the judge read."""
    environment = {**os.environ, "HTTPS_PROXY": proxy, "REQUESTS_CA_BUNDLE": str(authority[0]), "NO_PROXY": ""}
    asked: list[str | Path] = [python, "-c", READS, token["access_token"], urlsplit(token["instance_url"]).netloc, gone]
    ran = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    assert ran.returncode == 0, ran.stderr
    return {**json.loads(ran.stdout), "gone": gone}


def test_it_reads_everything_over_pages_jobs_and_descriptions(found: dict[str, Any], world: World) -> None:
    contacts = world.count(STANDIN.id, "contact")
    assert found["pages"][0] < found["pages"][1] == contacts - 1
    assert len(found["live"]) == len(set(found["live"])) == contacts - 1
    assert (len(found["all"]), found["all"][found["gone"]]) == (contacts, True)
    assert sorted(row["Id"] for row in found["bulk"]) == sorted(found["live"])
    assert found["bulk all"] == contacts
    assert {row["IsDeleted"] for row in found["bulk"]} == {"false"}
    assert all(row["CreatedDate"].endswith(".000Z") for row in found["bulk"])
    assert found["nested"] == sum(bool(row["Account.Name"]) for row in found["bulk"]) > 0
    assert (found["fields"]["IsConverted"], found["fields"]["ConvertedContactId"]) == ("boolean", "reference")
    assert {"Lead", "Contact", "Account", "Opportunity", "OpportunityHistory", "Case", "User"} <= set(found["objects"])
    assert found["one"] == found["live"][0]
    assert found["usage"][1] == found["limits"] == 15_000


def test_it_takes_refusals_for_what_they_are(found: dict[str, Any]) -> None:
    assert found["unknown field"] == ["SalesforceMalformedRequest", 400, "INVALID_FIELD"]
    assert found["malformed"] == ["SalesforceMalformedRequest", 400, "MALFORMED_QUERY"]
    assert found["deleted"] == ["SalesforceResourceNotFound", 404, "NOT_FOUND"]
    assert found["refused"] == "INVALID_SESSION_ID"
