"""What a tenant of Gainsight added to its objects, as it is kept; the expected values are written by hand."""

from decimal import Decimal

import pytest

from hub import model
from hub.spec import accounted
from mappings.gainsight import MAPPINGS
from tests.connectors.gainsight.test_gainsight_mapping import listed, read


def test_what_a_tenant_added_is_kept_under_its_own_name_and_counts_as_read() -> None:
    own = {"Website__gc": "https://norte.example", "Region__gc": None}
    record = {**listed("companies")[0], "custom": own}
    entity = read(model.Company, "companies", record)
    assert entity.custom == {"Website__gc": "https://norte.example", "Status": "Active", "Arr": 12000.5}
    assert accounted([found for found in MAPPINGS if found.stream == "companies"]).unread(record) == set()


@pytest.mark.parametrize(("stream", "amount"), [("companies", "1000.04"), ("relationships", "1999.9")])
def test_revenue_is_in_the_currency_that_is_told_before_the_one_that_was_answered(stream: str, amount: str) -> None:
    entity = read(model.Subscription, stream, {**listed(stream)[0], "CurrencyIsoCode": "USD"})
    assert isinstance(entity, model.Subscription)
    assert entity.mrr == model.Money(amount=Decimal(amount), currency="USD")
