"""How many of EngageBay's records the hub holds after one read: exactly those that its stand-in has."""

from pathlib import Path

from hub.sandbox.standins import standin
from tests import rigs


def test_four_hundred_people_bring_everything_with_the_first_read(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "engagebay", people=400) as rig:
        rig.drained()
        truth, counts = standin("engagebay").truth(rig.world), rig.counts()
        assert {kind: counts.get(kind, 0) for kind in truth} == truth
        assert min(truth.values()) > 0
