"""Factories of option strategies refuse what LEAN refuses, in its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from leanlocal.enums import SecurityType
from leanlocal.option_strategies import OptionStrategies
from leanlocal.symbol_book import ArgumentException, canonical_option
from leanlocal.symbols import Symbol

SHARE = Symbol.create("ABC", SecurityType.EQUITY, "usa")
CHAIN = canonical_option(SHARE)
NEAR, FAR = datetime(2024, 7, 19), datetime(2024, 8, 16)


@pytest.mark.parametrize(
    ("factory", "arguments", "says"),
    [
        ("bull_put_spread", (95, 100, NEAR), "BullPutSpread: leg1Strike must be greater than leg2Strike (Parameter 'leg1Strike, leg2Strike')"),
        ("bear_call_spread", (100, 100, NEAR), "BearCallSpread: leg1Strike must be less than leg2Strike (Parameter 'leg1Strike, leg2Strike')"),
        ("strangle", (95, 100, NEAR), "Strangle: callLegStrike must be greater than putLegStrike (Parameter 'callLegStrike, putLegStrike')"),
        ("short_strangle", (95, 100, NEAR), "Strangle: callLegStrike must be greater than putLegStrike (Parameter 'callLegStrike, putLegStrike')"),
        (
            "butterfly_put",
            (110, 100, 95, NEAR),
            "ButterflyPut: upper and lower strikes must both be equidistant from the middle strike (Parameter 'higherStrike, middleStrike, lowerStrike')",
        ),
        (
            "call_calendar_spread",
            (100, FAR, NEAR),
            "CallCalendarSpread: near expiration must be less than far expiration (Parameter 'nearExpiration, farExpiration')",
        ),
        (
            "iron_condor",
            (90, 95, 95, 110, NEAR),
            "IronCondor: strike prices must be in ascending order (Parameter 'longPutStrike, shortPutStrike, shortCallStrike, longCallStrike')",
        ),
    ],
)
def test_strikes_or_dates_in_the_wrong_order_are_refused(factory: str, arguments: tuple[Any, ...], says: str) -> None:
    with pytest.raises(ArgumentException) as refused:
        getattr(OptionStrategies, factory)(CHAIN, *arguments)
    assert str(refused.value) == says


def test_a_symbol_that_is_no_chain_is_refused_before_the_strikes_are_looked_at() -> None:
    with pytest.raises(ArgumentException, match="BullPutSpread: canonicalOption must contain canonical option symbol"):
        OptionStrategies.bull_put_spread(SHARE, 95, 100, NEAR)


def test_legs_keep_the_helpers_order() -> None:
    condor = OptionStrategies.short_iron_condor(CHAIN, 90, 95, 105, 110, NEAR)
    assert [(leg.right.name, leg.strike, leg.quantity) for leg in condor.option_legs] == [
        ("PUT", 90, -1),
        ("PUT", 95, 1),
        ("CALL", 105, 1),
        ("CALL", 110, -1),
    ]
