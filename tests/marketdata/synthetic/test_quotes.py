"""Quotes: minute rows, screens and chain files say the same; surfaces and hashes keep their promises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketdata.port import Instrument, InterestColumns, Kind, QuoteColumns, Step, Tick, TradeColumns
from marketdata.synthetic import MarketParameters, SyntheticMarket
from marketdata.synthetic.calendar import OPEN, sessions
from marketdata.synthetic.drivers import DRIVERS, Skew
from marketdata.synthetic.liquidity import on_tick
from marketdata.synthetic.noise import mixed, word_of
from marketdata.synthetic.pricing import black
from marketdata.synthetic.roots import ROOTS, OptionRoot
from marketdata.synthetic.snapshots import snapshot
from marketdata.synthetic.surface import Surface, VolState, atm_variance
from vocabulary.errors import BadInput

DAY = date(2024, 5, 15)


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    return SyntheticMarket(MarketParameters(seed=6))


def instrument(root: OptionRoot, expiry: date, strike: Decimal, right: str, month: str | None) -> Instrument:
    return Instrument(root.kind, root.market, root.ticker, expiry, strike, "call" if right == "C" else "put", root.style, month)


@pytest.mark.parametrize(("ticker", "month"), [("spy", None), ("spxw", None), ("tlt", None), ("es", "202406"), ("lo", "202408"), ("og", "202408")])
@pytest.mark.parametrize("minute", [0, 111, 330])
def test_a_screen_shows_what_the_minute_rows_hold(market: SyntheticMarket, ticker: str, month: str | None, minute: int) -> None:
    root, index = ROOTS[ticker], sessions().on_or_before(DAY)
    shot = snapshot(market.paths, root, index, OPEN + minute, month)
    assert shot is not None
    found = shot.chain.found
    scale = 1 if root.kind is Kind.FUTURE_OPTION else 10_000
    for row in range(3, len(found.strike), max(1, len(found.strike) // 25)):
        columns = market.bars(instrument(root, found.expiry_dates[row], found.strikes[row], found.rights[row], month), Step.MINUTE, Tick.QUOTE, DAY)
        assert isinstance(columns, QuoteColumns)
        assert columns.ask[minute, 0] / scale == pytest.approx(shot.ask[row], abs=1e-9)
        assert columns.bid[minute, 0] in (0.0, pytest.approx(shot.bid[row] * scale, abs=1e-6))


def test_a_chain_files_close_lies_between_the_last_bid_and_ask(market: SyntheticMarket) -> None:
    root = ROOTS["spy"]
    rows = market.universe(Instrument(Kind.OPTION, "usa", "spy"), DAY)
    assert rows is not None
    for row in range(0, len(rows.expiry), len(rows.expiry) // 40):
        columns = market.bars(instrument(root, rows.expiry[row], rows.strike[row], rows.right[row], None), Step.MINUTE, Tick.QUOTE, DAY)
        assert isinstance(columns, QuoteColumns)
        bid, ask = columns.bid[-1, 3] / 10_000, columns.ask[-1, 3] / 10_000
        assert bid - 0.01 <= rows.close[row] <= ask + 0.01


def test_open_interest_and_volume_of_the_chain_are_the_contracts_own(market: SyntheticMarket) -> None:
    root = ROOTS["spxw"]
    rows = market.universe(Instrument(Kind.INDEX_OPTION, "usa", "spxw"), DAY)
    assert rows is not None
    for row in [int(one) for one in np.argsort(-rows.volume)[:10]]:
        contract = instrument(root, rows.expiry[row], rows.strike[row], rows.right[row], None)
        interest = market.bars(contract, Step.MINUTE, Tick.OPEN_INTEREST, DAY)
        trades = market.bars(contract, Step.MINUTE, Tick.TRADE, DAY)
        assert isinstance(interest, InterestColumns) and isinstance(trades, TradeColumns)
        assert interest.value.tolist() == [rows.open_interest[row]]
        assert trades.volume.sum() == rows.volume[row]


def test_trades_happen_at_the_bid_or_the_ask(market: SyntheticMarket) -> None:
    contract = Instrument(Kind.OPTION, "usa", "spy", date(2024, 6, 21), Decimal(530), "put", "american")
    trades, quotes = (market.bars(contract, Step.MINUTE, tick, DAY) for tick in (Tick.TRADE, Tick.QUOTE))
    assert isinstance(trades, TradeColumns) and isinstance(quotes, QuoteColumns)
    at = np.searchsorted(quotes.start, trades.start)
    assert ((trades.close == quotes.bid[at, 3]) | (trades.close == quotes.ask[at, 3])).all()
    assert (trades.volume >= 1).all()


def test_spreads_are_wider_in_stress_and_at_the_open(market: SyntheticMarket) -> None:
    root = ROOTS["spxw"]
    calm, crash = (sessions().on_or_before(day) for day in (date(2019, 4, 17), date(2020, 3, 16)))
    widths = []
    for index in (calm, crash):
        shot = snapshot(market.paths, root, index, OPEN + 120)
        assert shot is not None
        near = (np.abs(np.log(shot.chain.found.strike / shot.spot)) < 0.01) & (shot.years > 0.05) & (shot.years < 0.12)
        widths.append(float(np.mean((shot.ask - shot.bid)[near] / shot.spot)))
    assert widths[1] > 3 * widths[0]


def test_spreads_are_a_larger_share_of_the_price_on_the_last_day(market: SyntheticMarket) -> None:
    shot = snapshot(market.paths, ROOTS["spxw"], sessions().on_or_before(date(2024, 3, 6)), OPEN + 60)
    assert shot is not None
    share = (shot.ask - shot.bid) / np.maximum(shot.mid, 1e-9)
    near = (np.abs(np.log(shot.chain.found.strike / shot.spot)) < 0.004) & (shot.mid > 5.0)
    last, following = near & (shot.years < 1 / 365), near & (shot.years > 3 / 365) & (shot.years < 14 / 365)
    assert last.sum() > 3 and following.sum() > 10
    assert np.median(share[last]) > 2 * np.median(share[following])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(DRIVERS)), st.floats(-3.0, 0.3), st.floats(-2.8, -1.0), st.floats(0.0005, 2.5))
def test_every_slice_of_every_surface_is_free_of_butterflies_and_calendars(name: str, log_vol: float, slow: float, time: float) -> None:
    driver, state = DRIVERS[name], VolState(np.array([log_vol]), slow)
    sigma = float(np.sqrt(atm_variance(state, np.array([time])))[0])
    k = np.linspace(-6.0, 6.0, 241) * max(sigma, 1e-3)
    prices = black(np.array([1.0]), np.exp(k), Surface.of(driver, state).smile(np.array([time])).total_volatility(k), np.array([1.0]))
    slope = np.diff(prices) / np.diff(np.exp(k))
    assert (np.diff(slope) >= -1e-7).all()
    assert (slope <= 1e-9).all() and (slope >= -1 - 1e-9).all()
    later = black(np.array([1.0]), np.exp(k), Surface.of(driver, state).smile(np.array([time * 1.3])).total_volatility(k), np.array([1.0]))
    assert (later >= prices - 1e-12).all()


def test_a_skew_that_would_allow_butterflies_is_refused() -> None:
    with pytest.raises(BadInput, match="butterfly"):
        Skew(-0.8, 2.4)


@given(st.floats(0.0, 500.0), st.sampled_from(sorted(ROOTS)))
def test_rounding_encloses_the_price_on_ticks(price: float, ticker: str) -> None:
    root = ROOTS[ticker]
    low, high = (float(on_tick(root, np.array([price]), up)[0]) for up in (False, True))
    assert low <= price + 1e-6 and high >= price - 1e-6
    assert high - low <= root.ticks[1] + 1e-9
    for value in (low, high):
        tick = root.ticks[0] if value < root.tick_from else root.ticks[1]
        assert abs(value / tick - round(value / tick)) < 1e-6


@given(st.integers(0, 2**63), st.integers(0, 2**62), st.integers(-5, 5))
def test_a_plain_number_and_a_row_of_it_give_the_same_draw(seed: int, number: int, sign: int) -> None:
    rows = mixed(seed, np.array([number]), np.array([sign]))
    assert mixed(seed, number, sign) == rows[0]
    assert 0.0 <= rows[0] < 1.0


def test_draws_are_even_and_unrelated() -> None:
    draws = mixed(1, np.arange(20_000))
    assert draws.mean() == pytest.approx(0.5, abs=0.01)
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.03
    assert len(np.unique(word_of(1, np.arange(20_000)))) == 20_000
