"""What Gainsight gives by the id of a picklist's item is read by what that item is called; the expected values are by hand."""

import pytest

from hub import model
from hub.spec import Terms, Unknown
from tests.connectors.gainsight.test_gainsight_mapping import listed, mapping, read


def test_picklists_are_read_as_pipelines_whose_stages_are_named_as_their_items() -> None:
    stage, status = (read(model.Pipeline, "picklists", each) for each in listed("picklists"))
    assert stage == model.Pipeline(
        id="company.Stage",
        name="Stage",
        stages=(
            model.PipelineStage(id="1I0054U9FAKXZ0H26HO92M3F1G5SPWVQDNF3", name="Kicked Off", category="Kicked Off"),
            model.PipelineStage(id="1I0054U9FAKXZ0H26HO92M3F1G5SPWVQDNF4", name="Launched", category="Launched"),
        ),
    )
    assert isinstance(status, model.Pipeline)
    assert (status.name, [each.id for each in status.stages]) == ("Status", ["1I00ACTIVE", "1I00PAUSED"])


NAMED = Terms(pipelines={"company.Stage": {"1I00S": "Kicked Off"}, "company.Status": {"1I00A": "Active", "1I00P": "Paused"}})


def test_a_stage_is_asserted_by_what_it_is_called() -> None:
    found = mapping(model.Company, "companies").read({"Gsid": "C", "Stage": "1I00S"}, NAMED).entity
    assert isinstance(found, model.Company)
    assert found.asserted_stage == "Kicked Off"
    unstaged = mapping(model.Company, "companies").read({"Gsid": "C", "Stage": None, "Status": "1I00P"}, NAMED).entity
    assert isinstance(unstaged, model.Company)
    assert unstaged.asserted_stage == "Paused"


@pytest.mark.parametrize("stream", ["companies", "relationships"])
def test_a_status_is_read_by_what_it_is_called_and_asked_about_by_its_name(stream: str) -> None:
    contract = mapping(model.Subscription, stream)
    known, unknown = (contract.read({"Gsid": "C", "Status": said}, NAMED) for said in ("1I00A", "1I00P"))
    assert isinstance(known.entity, model.Subscription)
    assert (known.entity.status, known.unknown) == (model.SubscriptionStatus.ACTIVE, ())
    assert isinstance(unknown.entity, model.Subscription)
    assert unknown.entity.status is model.SubscriptionStatus.UNKNOWN
    assert unknown.unknown == (Unknown(path="Status", raw="Paused"),)


def test_what_a_person_decided_of_a_status_holds_under_its_name() -> None:
    decided = Terms(pipelines=NAMED.pipelines, choices={"Status": {"Paused": "paused"}})
    found = mapping(model.Subscription, "companies").read({"Gsid": "C", "Status": "1I00P"}, decided)
    assert isinstance(found.entity, model.Subscription)
    assert (found.entity.status.value if found.entity.status else None, found.unknown) == ("paused", ())
