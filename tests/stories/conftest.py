"""A hub for each story, on each kind of database."""

import pytest

from hub.sync.hub import Hub
from tests.stories import telling
from tests.stories.telling import Story


@pytest.fixture
def story(hub: Hub) -> Story:
    """Nothing has been told yet."""
    return telling.begun(hub)
