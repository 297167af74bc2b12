"""What HubSpot's pipelines mean, and which of their stages end something; every expected value was written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.model import Entity, Pipeline, PipelineKind, PipelineStage
from hub.spec import Terms
from mappings.hubspot import MAPPINGS


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())["results"]


def mapped(stream: str, record: dict[str, Any]) -> Entity:
    (found,) = (mapping for mapping in MAPPINGS if mapping.stream == stream)
    return found.read(record, Terms()).entity


def test_the_stages_of_deals_are_in_order_and_won_only_where_closed_with_certainty() -> None:
    assert mapped("deal_pipelines", recorded("deal_pipelines")[0]) == Pipeline(
        id="default",
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
        changed_at=datetime(2024, 5, 1, tzinfo=UTC),
        name="Vendas",
        kind=PipelineKind.SALES,
        stages=(
            PipelineStage(id="presentationscheduled", name="Apresentação", category="open", probability=Decimal("0.6")),
            PipelineStage(id="1300551", name="Contrato", category="open", probability=Decimal("0.9")),
            PipelineStage(id="closedwon", name="Ganho", category="won", probability=Decimal("1.0")),
            PipelineStage(id="closedlost", name="Perdido", category="lost", probability=Decimal("0.0")),
            PipelineStage(id="1300552", name="Arquivado", category="unknown", probability=Decimal("0.5")),
        ),
    )


@pytest.mark.parametrize(
    ("metadata", "category"),
    [
        ({"isClosed": "false", "probability": "1.0"}, "open"),
        ({"isClosed": "true", "probability": "1.0"}, "won"),
        ({"isClosed": "true", "probability": "0.0"}, "lost"),
        ({"isClosed": "true", "probability": None}, "unknown"),
        ({"isClosed": None, "probability": "0.2"}, "unknown"),
        (None, "unknown"),
    ],
)
def test_a_stage_is_what_its_metadata_say_and_nothing_is_guessed(metadata: Any, category: str) -> None:
    pipeline = mapped("deal_pipelines", {"id": "p", "stages": [{"id": "s", "metadata": metadata}, {"metadata": metadata}]})
    assert isinstance(pipeline, Pipeline)
    assert [(stage.id, stage.category) for stage in pipeline.stages] == [("s", category)]


def test_the_stages_of_tickets_follow_the_state_that_hubspot_gives_them() -> None:
    pipeline = mapped("ticket_pipelines", recorded("ticket_pipelines")[0])
    assert isinstance(pipeline, Pipeline)
    assert pipeline.kind is PipelineKind.SUPPORT
    assert [(stage.id, stage.category) for stage in pipeline.stages] == [
        ("1", "new"),
        ("2", "pending"),
        ("3", "open"),
        ("77", "open"),
        ("4", "closed"),
        ("78", "unknown"),
    ]
