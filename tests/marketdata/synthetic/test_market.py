"""The synthetic market answers through the port, the same whatever was asked before, and reaches the named days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from marketdata.port import Instrument, Kind, MarketData, QuoteColumns, Step, Tick, TradeColumns
from marketdata.synthetic import MarketParameters, SyntheticMarket
from vocabulary.errors import BadInput

DAY = date(2024, 3, 6)
SPY = Instrument(Kind.EQUITY, "usa", "spy")
SPX = Instrument(Kind.INDEX, "usa", "spx")
VIX = Instrument(Kind.INDEX, "usa", "vix")
CHAINS = [
    *(Instrument(Kind.OPTION, "usa", ticker) for ticker in ("spy", "qqq", "iwm", "gld", "tlt")),
    *(Instrument(Kind.INDEX_OPTION, "usa", ticker) for ticker in ("spx", "spxw", "xsp")),
    Instrument(Kind.FUTURE_OPTION, "cme", "es", contract_month="202406"),
    Instrument(Kind.FUTURE_OPTION, "nymex", "lo", contract_month="202406"),
    Instrument(Kind.FUTURE_OPTION, "comex", "og", contract_month="202406"),
    Instrument(Kind.FUTURE, "cme", "es"),
    Instrument(Kind.FUTURE, "nymex", "cl"),
    Instrument(Kind.FUTURE, "comex", "gc"),
]


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    return SyntheticMarket(MarketParameters(seed=1, first=date(2024, 1, 2), last=date(2024, 9, 30)))


def put(ticker: str, expiry: date, strike: str, style: str = "american", kind: Kind = Kind.OPTION) -> Instrument:
    return Instrument(kind, "usa", ticker, expiry, Decimal(strike), "put", style)


def test_it_is_a_market_data_provider(market: SyntheticMarket) -> None:
    provider: MarketData = market
    assert provider.market_hours()["entries"]
    assert provider.symbol_properties()["cme", "ES", "future"].contract_multiplier == 50


@pytest.mark.parametrize("canonical", CHAINS, ids=lambda one: f"{one.kind.value}-{one.ticker}")
def test_every_root_has_a_chain_whose_contracts_are_quoted(market: SyntheticMarket, canonical: Instrument) -> None:
    rows = market.universe(canonical, DAY)
    assert rows is not None
    assert DAY in market.universe_days(canonical)
    at = len(rows.expiry) // 2
    if canonical.kind is Kind.FUTURE:
        contract = Instrument(canonical.kind, canonical.market, canonical.ticker, contract_month=f"{rows.expiry[at]:%Y%m}")
    else:
        right = {"C": "call", "P": "put"}[rows.right[at]]
        style = "european" if canonical.kind is Kind.INDEX_OPTION else "american"
        contract = Instrument(canonical.kind, canonical.market, canonical.ticker, rows.expiry[at], rows.strike[at], right, style, canonical.contract_month)
    quotes = market.bars(contract, Step.MINUTE, Tick.QUOTE, DAY)
    assert isinstance(quotes, QuoteColumns)
    assert (quotes.ask[:, 3] >= quotes.bid[:, 3]).all()
    assert (quotes.ask > 0).all()


def test_quotes_do_not_depend_on_what_was_asked_before(market: SyntheticMarket) -> None:
    contract = put("spy", date(2024, 6, 21), "440")
    fresh = SyntheticMarket(MarketParameters(seed=1)).bars(contract, Step.MINUTE, Tick.QUOTE, date(2024, 4, 2))
    market.bars(SPY, Step.DAILY, Tick.TRADE, None)
    again = market.bars(contract, Step.MINUTE, Tick.QUOTE, date(2024, 4, 2))
    assert isinstance(fresh, QuoteColumns) and isinstance(again, QuoteColumns)
    assert (fresh.bid == again.bid).all() and (fresh.ask == again.ask).all() and (fresh.bid_size == again.bid_size).all()


def test_another_seed_is_another_market(market: SyntheticMarket) -> None:
    other = SyntheticMarket(MarketParameters(seed=2)).bars(SPY, Step.MINUTE, Tick.TRADE, DAY)
    one = market.bars(SPY, Step.MINUTE, Tick.TRADE, DAY)
    assert isinstance(one, TradeColumns) and isinstance(other, TradeColumns)
    assert (one.close != other.close).any()


def test_daily_bars_are_the_minutes_summed_up(market: SyntheticMarket) -> None:
    daily = market.bars(SPY, Step.DAILY, Tick.TRADE, None)
    minutes = market.bars(SPY, Step.MINUTE, Tick.TRADE, DAY)
    assert isinstance(daily, TradeColumns) and isinstance(minutes, TradeColumns)
    row = int(np.flatnonzero(daily.start == np.datetime64(DAY, "us").astype(np.int64))[0])
    assert daily.open[row] == minutes.open[0]
    assert daily.high[row] == minutes.high.max()
    assert daily.low[row] == minutes.low.min()
    assert daily.close[row] == minutes.close[-1]
    assert daily.volume[row] == minutes.volume.sum()


def test_a_half_day_ends_at_one(market: SyntheticMarket) -> None:
    bars = market.bars(SPY, Step.MINUTE, Tick.TRADE, date(2024, 7, 3))
    assert isinstance(bars, TradeColumns)
    assert len(bars.start) == 210


def test_there_is_nothing_on_a_holiday(market: SyntheticMarket) -> None:
    assert market.bars(SPY, Step.MINUTE, Tick.TRADE, date(2024, 7, 4)) is None
    assert market.universe(Instrument(Kind.OPTION, "usa", "spy"), date(2024, 7, 4)) is None


def test_an_option_is_quoted_until_it_expires_and_not_after(market: SyntheticMarket) -> None:
    contract = put("spxw", DAY, "4700", "european", Kind.INDEX_OPTION)
    last = market.bars(contract, Step.MINUTE, Tick.QUOTE, DAY)
    assert isinstance(last, QuoteColumns)
    assert len(last.start) == 390
    assert market.bars(contract, Step.MINUTE, Tick.QUOTE, date(2024, 3, 7)) is None


def test_an_option_settled_at_the_open_is_last_quoted_the_day_before(market: SyntheticMarket) -> None:
    contract = put("spx", date(2024, 3, 15), "4700", "european", Kind.INDEX_OPTION)
    assert market.bars(contract, Step.MINUTE, Tick.QUOTE, date(2024, 3, 14)) is not None
    assert market.bars(contract, Step.MINUTE, Tick.QUOTE, date(2024, 3, 15)) is None


def test_an_unlisted_contract_has_no_rows(market: SyntheticMarket) -> None:
    assert market.bars(put("spy", date(2024, 6, 22), "440"), Step.MINUTE, Tick.QUOTE, DAY) is None
    assert market.bars(put("spy", date(2024, 6, 21), "440.25"), Step.MINUTE, Tick.QUOTE, DAY) is None
    assert market.bars(Instrument(Kind.EQUITY, "usa", "aapl"), Step.MINUTE, Tick.TRADE, DAY) is None


def test_a_fund_drops_by_its_dividend_on_the_ex_day(market: SyntheticMarket) -> None:
    before = market.bars(SPY, Step.MINUTE, Tick.TRADE, date(2024, 3, 14))
    after = market.bars(SPY, Step.MINUTE, Tick.TRADE, date(2024, 3, 15))
    index = [market.bars(SPX, Step.MINUTE, Tick.TRADE, day) for day in (date(2024, 3, 14), date(2024, 3, 15))]
    assert isinstance(before, TradeColumns) and isinstance(after, TradeColumns)
    assert isinstance(index[0], TradeColumns) and isinstance(index[1], TradeColumns)
    drop = (after.open[0] - before.close[-1]) / 10_000 - (index[1].open[0] - index[0].close[-1]) / 10
    row = next(row for row in market.factor_rows("spy", "usa") if row.day == date(2024, 3, 14))
    following = next(row for row in market.factor_rows("spy", "usa") if row.day > date(2024, 3, 14))
    paid = float(row.reference_price * (1 - row.price_factor / following.price_factor))
    assert drop == pytest.approx(-paid, abs=0.05)
    assert paid == pytest.approx(1.77, abs=0.01)


@pytest.mark.parametrize(
    ("first", "last", "message"), [(date(2017, 1, 3), date(2018, 3, 1), "2018-01-02"), (date(2024, 3, 1), date(2024, 2, 1), "first day first")]
)
def test_a_window_outside_the_calendar_is_refused(first: date, last: date, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        MarketParameters(first=first, last=last)
