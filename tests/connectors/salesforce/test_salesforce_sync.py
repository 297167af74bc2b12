"""Salesforce read into a hub: what is too much for queries, and leads that become contacts."""

import json
from pathlib import Path

from flask import Response

from hub.sandbox.standins import standin
from tests import rigs


def crowded(response: Response) -> Response:
    """The answer of a `COUNT()`, were there sixty thousand rows."""
    body = response.get_json(silent=True)
    if isinstance(body, dict) and body.get("records") == [] and body.get("totalSize"):
        response.set_data(json.dumps({**body, "totalSize": 60_000}))
    return response


def test_a_first_load_of_many_rows_is_read_by_jobs_that_nobody_waits_for(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "salesforce") as rig:
        rig.watch.spoilt = crowded
        rig.persisted()
        assert rig.counts() == standin("salesforce").truth(rig.world)
        made = [call for call in rig.watch.calls if call.method == "POST" and call.path.endswith("/jobs/query")]
        assert len(made) == 5
        assert rig.watch.asked("/results") >= 5
        assert rig.clock.waits == []
        assert rig.rows("SELECT DISTINCT state FROM run") == [("complete",)]


def test_a_lead_that_is_converted_becomes_part_of_its_contact_and_stays_the_lead_that_it_was(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "salesforce") as rig:
        rig.drained()
        before = rig.counts()
        (lead, *_), *_ = rig.rows("SELECT source_id FROM record WHERE type = 'lead' AND body LIKE '%\"status\":\"new\"%'")
        became = rig.act("convert", id=lead)["ConvertedContactId"]
        rig.synced(hours=1)
        where = "SELECT state, merged_into = (SELECT id FROM record WHERE type = 'contact' AND source_id = :became) FROM record"
        query = f"{where} WHERE type = 'contact' AND source_id = :lead"
        assert rig.rows(query, became=became, lead=lead) == [("merged", 1)]
        found = json.loads(rig.one("SELECT body FROM record WHERE type = 'lead' AND source_id = :lead", lead=lead))
        assert (found["status"], found["contact_id"], found["level"]) == ("converted", became, "sales")
        assert rig.counts() == {**before, "company": before["company"] + 1, "deal": before["deal"] + 1}
