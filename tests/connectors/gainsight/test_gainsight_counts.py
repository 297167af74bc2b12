"""How many of Gainsight's records the hub holds after one read: exactly those that its stand-in has."""

from pathlib import Path

from hub.sandbox.standins import standin
from tests import rigs


def test_four_hundred_people_bring_every_company_membership_and_contract(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "gainsight", people=400) as rig:
        rig.drained()
        truth, counts = standin("gainsight").truth(rig.world), rig.counts()
        assert {kind: counts.get(kind, 0) for kind in truth} == truth
        assert min(truth[kind] for kind in ("company", "membership", "subscription")) > 0
        own, hidden, priced = (
            rig.one("SELECT count(*) FROM record WHERE type = :type AND body LIKE :held", type=kind, held=f"%{held}%")
            for kind, held in (("company", "Website__gc"), ("company", "Margin__gc"), ("subscription", "BRL"))
        )
        assert (own, hidden) == (truth["company"], 0)
        assert priced > 0
        by_id, by_name = (
            rig.one("SELECT count(*) FROM record WHERE type = 'company' AND body LIKE :held", held=f'%"asserted_stage":"{said}%')
            for said in ("1I00", "Will Churn")
        )
        assert (by_id, rig.one("SELECT count(*) FROM question WHERE path = 'Status'")) == (0, 0)
        assert by_name > 0
