"""Sharing out settlements, netted leftovers, and what closed positions earned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.trading.exits.test_rules import position
from tests.trading.plain_market import CALL_560, NEW_YORK, PUT_540, SHARES, PlainMarket
from trading.events import Ending, Settlement
from trading.performance import performance, performance_by
from trading.reconcile import Difference, differences
from trading.settlement import intrinsic, leftovers, shared_out
from vocabulary.orders import Fill

WHEN = datetime(2024, 8, 17, 0, 0, tzinfo=NEW_YORK)


def test_oldest_positions_take_their_part_and_their_shares() -> None:
    old, young = position((PUT_540, -2)), replace(position((PUT_540, -3)), id="P2")
    shares = Fill("", SHARES, 400, Decimal(540), Decimal(0), WHEN, "e-d")
    events, left = shared_out(Settlement(PUT_540, 4, Decimal(0), Ending.ASSIGNED, WHEN, "e", shares), (old, young))
    assert left == 0
    assert [(event.position_id, [fill.quantity for fill in event.fills]) for event in events] == [("P1", [2, 200]), ("P2", [2, 200])]


def test_longs_are_not_given_what_left_the_shorts() -> None:
    events, left = shared_out(Settlement(PUT_540, 1, Decimal(0), Ending.EXPIRED, WHEN, "e"), (position((PUT_540, 1)),))
    assert events == [] and left == 1


def test_netted_pairs_settle_against_each_other_at_the_close_of_the_expiry() -> None:
    market = PlainMarket(WHEN.replace(hour=9, day=19))
    market.closes = {"SPY": {date(2024, 8, 16): 530.0}}
    events = leftovers((position((PUT_540, -1)), replace(position((PUT_540, 1)), id="P2")), market)
    assert [event.fills[0].price for event in events] == [Decimal("10.0"), Decimal("10.0")]
    assert sum(event.fills[0].quantity for event in events) == 0
    market.closes = {}
    assert leftovers((position((PUT_540, -1)),), market) == []


@pytest.mark.parametrize(("contract", "spot", "value"), [(PUT_540, 530.0, 10.0), (PUT_540, 550.0, 0.0), (CALL_560, 565.0, 5.0), (SHARES, 500.0, 0.0)])
def test_intrinsic_value(contract: object, spot: float, value: float) -> None:
    assert intrinsic(contract, spot) == value  # pyright: ignore[reportArgumentType]


def test_performance_counts_wins_after_fees_and_gross_profit_factor() -> None:
    closed = [replace(position(), net_cash=Decimal(cash), fees=Decimal(10)) for cash in (110, 60, -90, 10)]
    figures = performance(closed)
    assert (figures.trades, figures.wins, figures.win_rate) == (4, 2, 0.5)
    assert figures.profit_factor == 150 / 100
    assert figures.expectancy == figures.net_profit / 4 == 12.5
    assert figures.average_loss == 50 and figures.worst == -100
    assert list(performance_by(closed, lambda one: one.strategy.value)) == ["strangle"]


def test_differences_name_each_contract_once() -> None:
    assert differences({PUT_540: -1, CALL_560: 1}, {PUT_540: -1, SHARES: 100}) == (Difference(SHARES, 0, 100), Difference(CALL_560, 1, 0))
