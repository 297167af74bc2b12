"""Real systems and their stand-ins side by side. The tests that use them are marked `real`."""

import time
from collections.abc import Iterator

import pytest

from connectors.bottlecrm.sandbox import STANDIN as BOTTLECRM_STAND_IN
from connectors.bottlecrm.sandbox import TOKEN as BOTTLECRM_TOKEN
from connectors.pretix.sandbox import STANDIN as PRETIX_STAND_IN
from connectors.pretix.sandbox import TEAM_TOKEN
from connectors.rt.sandbox import STANDIN as RT_STAND_IN
from connectors.rt.sandbox import TOKEN as RT_TOKEN
from hub.sandbox.serve import serving
from hub.sandbox.world import World
from tests.e2e.real.bottlecrm.seed import seed as seed_bottlecrm
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.pretix.seed import seed as seed_pretix
from tests.e2e.real.rt.seed import seed as seed_rt
from tests.e2e.real.systems import BOTTLECRM, PRETIX, RT

ENOUGH = 12
"""Records of each sort that the comparisons need."""


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[dict[str, str]]:
    with serving([BOTTLECRM_STAND_IN, RT_STAND_IN, PRETIX_STAND_IN], World(400), now=time.time) as origins:
        yield origins


def _client(origin: str, authorization: str) -> Client:
    return Client(origin=origin, headers={"Authorization": authorization})


@pytest.fixture(scope="session")
def bottlecrm(stand_ins: dict[str, str]) -> Pair:
    real = BOTTLECRM.started()
    if real.done("/api/contacts/?limit=1", method="GET")["count"] < ENOUGH:
        seed_bottlecrm(real, ENOUGH)
    return Pair(real=real, stand_in=_client(stand_ins["bottlecrm"], f"Bearer {BOTTLECRM_TOKEN}"))


@pytest.fixture(scope="session")
def rt(stand_ins: dict[str, str]) -> Pair:
    real = RT.started()
    if real.done("/REST/2.0/tickets?query=id%20%3E%200&per_page=1", method="GET")["total"] < ENOUGH:
        seed_rt(real, ENOUGH * 2)
    return Pair(real=real, stand_in=_client(stand_ins["rt"], f"token {RT_TOKEN}"))


@pytest.fixture(scope="session")
def pretix(stand_ins: dict[str, str]) -> Pair:
    real = PRETIX.started()
    if real.done("/api/v1/organizers/acme/orders/?page_size=1", method="GET")["count"] < ENOUGH:
        seed_pretix(ENOUGH)
    return Pair(real=real, stand_in=_client(stand_ins["pretix"], f"Token {TEAM_TOKEN}"))
