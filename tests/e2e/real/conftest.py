"""Real systems and their stand-ins side by side. The tests that use them are marked `real`."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from connectors.bottlecrm.sandbox import STANDIN as BOTTLECRM_STAND_IN
from connectors.bottlecrm.sandbox import TOKEN as BOTTLECRM_TOKEN
from connectors.pretix.sandbox import STANDIN as PRETIX_STAND_IN
from connectors.pretix.sandbox import TEAM_TOKEN
from connectors.rt.sandbox import STANDIN as RT_STAND_IN
from connectors.rt.sandbox import TOKEN as RT_TOKEN
from hub.sandbox.serve import serving
from hub.sandbox.world import World
from tests.e2e.browser.test_pages import CHROMIUM
from tests.e2e.real import counted
from tests.e2e.real.bottlecrm.seed import seed as seed_bottlecrm
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.pretix.seed import seed as seed_pretix
from tests.e2e.real.rt.seed import seed as seed_rt
from tests.e2e.real.systems import BOTTLECRM, PRETIX, RT


def filled(client: Client, counts: Callable[[Client], dict[str, int]], seed: Callable[[Client, int], None]) -> Client:
    """Write what is missing. Some of what is written is deleted again, so it is counted until it is enough."""
    while (missing := counted.ENOUGH - min(counts(client).values())) > 0:
        seed(client, missing)
    return client


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[dict[str, str]]:
    with serving([BOTTLECRM_STAND_IN, RT_STAND_IN, PRETIX_STAND_IN], World(400), now=time.time) as origins:
        yield origins


def _client(origin: str, authorization: str) -> Client:
    return Client(origin=origin, headers={"Authorization": authorization})


@pytest.fixture(scope="session")
def bottlecrm(stand_ins: dict[str, str]) -> Pair:
    real = filled(BOTTLECRM.started(), counted.bottlecrm, seed_bottlecrm)
    return Pair(real=real, stand_in=_client(stand_ins["bottlecrm"], f"Bearer {BOTTLECRM_TOKEN}"))


@pytest.fixture(scope="session")
def rt(stand_ins: dict[str, str]) -> Pair:
    real = filled(RT.started(), counted.rt, seed_rt)
    return Pair(real=real, stand_in=_client(stand_ins["rt"], f"token {RT_TOKEN}"))


@pytest.fixture(scope="session")
def pretix(stand_ins: dict[str, str]) -> Pair:
    real = filled(PRETIX.started(), counted.pretix, lambda _client, number: seed_pretix(number))
    return Pair(real=real, stand_in=_client(stand_ins["pretix"], f"Token {TEAM_TOKEN}"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()
