"""Where a connection may go, and nowhere else."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from hub import registry
from hub.errors import BadInput, StopStream
from hub.remote.endpoint import Endpoint

STANDIN = "http://127.0.0.1:18201"
PLACED = replace(
    registry.connector("hubspot"),
    base_url="{token.instance_url}/data",
    hosts=("{login}",),
    token_domains=("api.example.com", "old.example.org"),
)
TOLD = Endpoint(
    connector=PLACED,
    connection_id="hubspot-1",
    answers={"login": "login.example.com"},
    told={"instance_url": "https://acme--uat.api.example.com"},
)
HUBSPOT = Endpoint(connector=registry.connector("hubspot"), connection_id="hubspot-1", answers={})
ZENDESK = Endpoint(connector=registry.connector("zendesk"), connection_id="zendesk-1", answers={"subdomain": "acme"})
PRETIX = Endpoint(
    connector=registry.connector("pretix"),
    connection_id="pretix-1",
    answers={"address": "https://tickets.example:8443/shop", "organizer": "acme"},
)


@pytest.mark.parametrize(
    ("endpoint", "path", "url"),
    [
        (HUBSPOT, "/crm/v3/owners", "https://api.hubapi.com/crm/v3/owners"),
        (HUBSPOT, "https://app.hubspot.com/oauth/authorize?a=1", "https://app.hubspot.com/oauth/authorize?a=1"),
        (ZENDESK, "/api/v2/users/me", "https://acme.zendesk.com/api/v2/users/me"),
        (PRETIX, "/api/v1/organizers/{organizer}/", "https://tickets.example:8443/shop/api/v1/organizers/acme/"),
        (PRETIX, "https://tickets.example:8443/x?page=2", "https://tickets.example:8443/x?page=2"),
    ],
)
def test_paths_and_links_of_the_connection_are_followed(endpoint: Endpoint, path: str, url: str) -> None:
    assert endpoint.url(path) == url


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/crm",
        "http://api.hubapi.com/crm",
        "https://api.hubapi.com:8443/crm",
        "https://api.hubapi.com.elsewhere.example/crm",
        "https://elsewhere.example/https://api.hubapi.com/",
        "https://api.hubapi.com@elsewhere.example/crm",
        "https://user:password@api.hubapi.com/crm",
        "https://127.0.0.1/crm",
        "https://[::1]/crm",
        "file:///etc/passwd",
        "ftp://api.hubapi.com/crm",
        "gopher://api.hubapi.com/crm",
        "https:///crm",
        "://",
    ],
)
def test_a_link_to_anywhere_else_stops_the_stream(link: str) -> None:
    with pytest.raises(StopStream, match="hubspot-1"):
        HUBSPOT.url(link)


def test_another_accounts_host_is_not_ours() -> None:
    with pytest.raises(StopStream, match=r"other\.zendesk\.com"):
        ZENDESK.url("https://other.zendesk.com/api/v2/users.json")


def test_a_missing_answer_is_asked_for() -> None:
    with pytest.raises(BadInput, match="subdomain"):
        replace(ZENDESK, answers={}).url("/api/v2/users/me")


@pytest.mark.parametrize(
    ("endpoint", "path", "url"),
    [
        (HUBSPOT, "/crm/v3/owners", f"{STANDIN}/crm/v3/owners"),
        (HUBSPOT, "https://app.hubspot.com/oauth/authorize?a=1&b=%20", f"{STANDIN}/oauth/authorize?a=1&b=%20"),
        (ZENDESK, "https://acme.zendesk.com/api/v2/users?page=2", f"{STANDIN}/api/v2/users?page=2"),
        (ZENDESK, f"{STANDIN}/api/v2/users?page=2", f"{STANDIN}/api/v2/users?page=2"),
        (PRETIX, "/api/v1/organizers/{organizer}/", f"{STANDIN}/shop/api/v1/organizers/acme/"),
    ],
)
def test_in_the_sandbox_every_declared_host_is_the_stand_in(endpoint: Endpoint, path: str, url: str) -> None:
    assert replace(endpoint, sandbox=STANDIN).url(path) == url


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/crm",
        "http://127.0.0.1:18202/crm",
        "http://127.0.0.1:182011/crm",
        "http://127.0.0.1:18201@elsewhere.example/",
    ],
)
def test_the_sandbox_opens_no_other_host(link: str) -> None:
    with pytest.raises(StopStream):
        replace(HUBSPOT, sandbox=STANDIN).url(link)


def test_only_a_self_hosted_system_may_be_in_a_private_network_that_the_settings_name() -> None:
    inside = (ip_network("10.1.0.0/16"),)
    assert replace(PRETIX, networks=inside).policy("https://tickets.example:8443/x").allowed_networks == inside
    assert replace(HUBSPOT, networks=inside).policy("https://api.hubapi.com/x").allowed_networks == ()
    assert PRETIX.policy("https://tickets.example:8443/x").allowed_networks == ()


def test_without_a_private_network_nothing_but_tls_is_spoken() -> None:
    assert PRETIX.policy("http://tickets.example/x").allowed_schemes == {"https"}
    assert replace(PRETIX, networks=(ip_network("10.1.0.0/16"),)).policy("http://tickets.example/x").allowed_schemes == {"http"}


def test_only_the_port_of_the_address_is_open() -> None:
    assert PRETIX.policy("https://tickets.example:8443/x").allowed_ports == {8443}
    assert PRETIX.policy("https://tickets.example/x").allowed_ports == {443}


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("https://acme--uat.api.example.com", "https://acme--uat.api.example.com/data/me"),
        ("https://mc1-2.rest.api.example.com/", "https://mc1-2.rest.api.example.com/data/me"),
        ("https://Acme.Old.Example.org", "https://acme.old.example.org/data/me"),
    ],
)
def test_the_token_tells_where_the_api_is(said: str, url: str) -> None:
    assert replace(TOLD, told={"instance_url": said}).url("/me") == url


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        7,
        {},
        "https://elsewhere.example",
        "https://api.example.com",
        "https://evilapi.example.com",
        "https://acme.api.example.com.elsewhere.example",
        "https://elsewhere.example/acme.api.example.com",
        "https://elsewhere.example#.api.example.com",
        "https://elsewhere.example?.api.example.com",
        "https://acme.api.example.com@elsewhere.example",
        "https://user:word@acme.api.example.com",
        "https://acme.api.example.com:8443",
        "https://acme.api.example.com/elsewhere",
        "https://acme.api.example.com\n",
        "http://acme.api.example.com",
        "https://127.0.0.1",
        "https://{login}.api.example.com",
        "https://elsewhere.example\\.api.example.com",
    ],
)
@pytest.mark.parametrize("sandbox", [None, STANDIN])
def test_a_token_that_names_another_host_is_refused_in_words(said: object, sandbox: str | None) -> None:
    endpoint = replace(TOLD, told={"instance_url": said}, sandbox=sandbox)
    with pytest.raises(StopStream, match="hubspot-1: the sign-in does not name a host of HubSpot"):
        endpoint.url("/me")


def test_a_connector_that_names_no_domain_goes_nowhere() -> None:
    with pytest.raises(StopStream, match="does not name a host"):
        replace(TOLD, connector=replace(PLACED, token_domains=())).url("/me")


def test_links_lead_to_the_host_that_the_token_told_and_to_no_other_account() -> None:
    assert TOLD.url("https://acme--uat.api.example.com/data/page?2") == "https://acme--uat.api.example.com/data/page?2"
    with pytest.raises(StopStream, match="not a host of this connection"):
        TOLD.url("https://other.api.example.com/data/page?2")


def test_before_there_is_a_token_only_the_declared_hosts_are_open() -> None:
    before = replace(TOLD, told={})
    assert before.url("https://login.example.com/token") == "https://login.example.com/token"
    for path in ("/me", "https://acme--uat.api.example.com/data/me"):
        with pytest.raises(StopStream):
            before.url(path)


@pytest.mark.parametrize("said", ["https://acme.api.example.com", STANDIN, f"{STANDIN}/"])
def test_in_the_sandbox_the_host_that_the_token_tells_is_the_stand_in(said: str) -> None:
    assert replace(TOLD, told={"instance_url": said}, sandbox=STANDIN).url("/me") == f"{STANDIN}/data/me"


@pytest.mark.parametrize("answer", ["elsewhere.example/x?", "a@elsewhere.example/", "elsewhere.example#", "a:b@c:1/x"])
def test_an_answer_cannot_lead_a_sign_in_beyond_its_own_host(answer: str) -> None:
    endpoint = replace(TOLD, answers={"login": answer}, told={})
    with pytest.raises(StopStream):
        endpoint.url(endpoint.filled("https://{login}/token"))
