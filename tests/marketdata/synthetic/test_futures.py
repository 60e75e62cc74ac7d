"""Futures: contracts carry LEAN's identifiers, last days are the exchanges', and prices of months hang together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from marketdata.leanfolder.references import map_rows
from marketdata.port import Instrument, Kind, Step, Tick, TradeColumns
from marketdata.synthetic import MarketParameters, SyntheticMarket
from marketdata.synthetic.expiries import crude_last_trade, crude_option_expiry, gold_last_trade, gold_option_expiry
from marketdata.synthetic.futures_map import CYCLES, future_map_rows, identifier

DAY = date(2024, 3, 6)


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    return SyntheticMarket(MarketParameters(first=date(2024, 1, 2), last=date(2024, 6, 28)))


def test_contracts_are_named_as_in_leans_map_file(shared: Path) -> None:
    recorded = map_rows(shared / "parity" / "market" / "data" / "future" / "cme" / "map_files" / "es.csv")
    ours = {(row.day, row.ticker) for row in future_map_rows("es") if row.mode == 0}
    assert {(row.day, row.ticker) for row in recorded if row.mode == 0} <= ours


def test_an_identifier_holds_type_market_and_date() -> None:
    assert identifier("cme", date(2024, 9, 20)) == "ylz9z50bje2p"


@pytest.mark.parametrize("ticker", sorted(CYCLES))
@pytest.mark.parametrize("mode", range(4))
def test_every_day_is_mapped_to_a_later_contract_in_order(ticker: str, mode: int) -> None:
    days = [row.day for row in future_map_rows(ticker) if row.mode == mode]
    assert days == sorted(days)
    assert len(set(days)) == len(days)


def test_last_trading_days_are_the_exchanges() -> None:
    assert crude_last_trade(2024, 9) == date(2024, 8, 20)
    assert crude_option_expiry(2024, 9) == date(2024, 8, 15)
    assert gold_last_trade(2024, 8) == date(2024, 8, 28)
    assert gold_option_expiry(2024, 8) == date(2024, 7, 25)


def test_index_future_trades_around_the_clock_in_utc(market: SyntheticMarket) -> None:
    bars = market.bars(Instrument(Kind.FUTURE, "cme", "es", contract_month="202406"), Step.MINUTE, Tick.TRADE, DAY)
    assert isinstance(bars, TradeColumns)
    minute = bars.start // 60_000_000 % 1440
    assert len(bars.start) == 1380
    assert not np.isin(minute, np.arange(22 * 60, 23 * 60)).any()


def test_sunday_evening_belongs_to_monday(market: SyntheticMarket) -> None:
    es = Instrument(Kind.FUTURE, "cme", "es", contract_month="202406")
    sunday = market.bars(es, Step.MINUTE, Tick.TRADE, date(2024, 3, 3))
    assert isinstance(sunday, TradeColumns)
    assert len(sunday.start) == 60
    assert market.bars(es, Step.MINUTE, Tick.TRADE, date(2024, 3, 2)) is None


def test_the_index_future_carries_over_the_index(market: SyntheticMarket) -> None:
    near, far = (market.bars(Instrument(Kind.FUTURE, "cme", "es", contract_month=month), Step.MINUTE, Tick.TRADE, DAY) for month in ("202403", "202412"))
    index = market.bars(Instrument(Kind.INDEX, "usa", "spx"), Step.MINUTE, Tick.TRADE, DAY)
    assert isinstance(near, TradeColumns) and isinstance(far, TradeColumns) and isinstance(index, TradeColumns)
    spot = index.close[60]
    at = int(np.searchsorted(near.start, index.start[60] + 6 * 3_600_000_000))
    assert near.close[at] == pytest.approx(spot, rel=0.002)
    assert far.close[at] / spot - 1 == pytest.approx((0.0533 - 0.0135) * 0.79, abs=0.004)
