"""The crash days reach the published figures, whatever the seed: index closes to the cent, VIX within the tolerances named here."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from marketdata.port import Instrument, Kind, Step, Tick, TradeColumns
from marketdata.synthetic import MarketParameters, SyntheticMarket
from marketdata.synthetic.calendar import LATE_CLOSE, node_at, sessions
from marketdata.synthetic.roots import ROOTS
from marketdata.synthetic.snapshots import Snapshot, snapshot
from marketdata.synthetic.states import expiry_moment
from marketdata.synthetic.vix import terms

SPX = Instrument(Kind.INDEX, "usa", "spx")
VIX = Instrument(Kind.INDEX, "usa", "vix")
VIX_TOLERANCE = 0.01
"""Of the level."""


@pytest.fixture(scope="module", params=[1, 20240805])
def market(request: pytest.FixtureRequest) -> SyntheticMarket:
    return SyntheticMarket(MarketParameters(seed=request.param))


def bars(market: SyntheticMarket, instrument: Instrument, day: date) -> TradeColumns:
    columns = market.bars(instrument, Step.MINUTE, Tick.TRADE, day)
    assert isinstance(columns, TradeColumns)
    return columns


@pytest.mark.parametrize(
    ("day", "index", "vix"),
    [
        (date(2018, 2, 2), 2762.13, 17.31),
        (date(2018, 2, 5), 2648.94, 37.32),
        (date(2020, 3, 16), 2386.13, 82.69),
        (date(2024, 8, 2), 5346.56, 23.39),
        (date(2024, 8, 5), 5186.33, 38.57),
    ],
    ids=str,
)
def test_published_closes_are_reached(market: SyntheticMarket, day: date, index: float, vix: float) -> None:
    assert bars(market, SPX, day).close[-1] == pytest.approx(index, abs=0.011)
    assert bars(market, VIX, day).close[-1] == pytest.approx(vix, rel=VIX_TOLERANCE)


@pytest.mark.parametrize(("day", "high"), [(date(2018, 2, 6), 50.30), (date(2024, 8, 5), 65.73)], ids=str)
def test_published_highs_of_the_volatility_index_are_reached(market: SyntheticMarket, day: date, high: float) -> None:
    assert bars(market, VIX, day).high.max() == pytest.approx(high, rel=0.01)


def test_the_high_of_august_2024_comes_before_the_open(market: SyntheticMarket) -> None:
    columns = bars(market, VIX, date(2024, 8, 5))
    chicago_open = np.datetime64("2024-08-05T08:30", "us").astype(np.int64)
    assert columns.start[int(np.argmax(columns.high))] < chicago_open


@pytest.mark.parametrize(("day", "move"), [(date(2018, 2, 5), -0.0410), (date(2020, 3, 16), -0.1198), (date(2024, 8, 5), -0.0300)], ids=str)
def test_index_moves_of_the_crash_days(market: SyntheticMarket, day: date, move: float) -> None:
    daily = market.bars(SPX, Step.DAILY, Tick.TRADE, None)
    assert isinstance(daily, TradeColumns)
    row = int(np.flatnonzero(daily.start == np.datetime64(day, "us").astype(np.int64))[0])
    assert daily.close[row] / daily.close[row - 1] - 1 == pytest.approx(move, abs=0.0001)


def strip_from_quotes(market: SyntheticMarket, index: int, node: int) -> float:
    """The published method on the quotes a screen shows, written a second time."""
    calendar = sessions()
    near, following = terms(calendar.date(index))
    left, variance = [], []
    for expiry in (near, following):
        root = ROOTS["spx"] if expiry in ROOTS["spx"].listed(calendar.date(index), None) else ROOTS["spxw"]
        shot = snapshot(market.paths, root, index, node)
        assert shot is not None
        moment = expiry_moment(expiry, root.settle_node(expiry))
        left.append(moment.days - calendar.calendar_days(index, node))
        variance.append(term_variance(shot, np.array([one == expiry for one in shot.chain.found.expiry_dates]), left[-1] / 365.0))
    weight = (left[1] - 30.0) / (left[1] - left[0])
    return 100.0 * float(np.sqrt((weight * variance[0] * left[0] + (1 - weight) * variance[1] * left[1]) / 30.0))


def term_variance(shot: Snapshot, of_term: NDArray[np.bool_], years: float) -> float:
    found = shot.chain.found
    calls, puts = (np.flatnonzero(of_term & (found.sign == sign)) for sign in (1.0, -1.0))
    strike = found.strike[calls]
    call, put = (0.5 * (shot.bid[rows] + shot.ask[rows]) for rows in (calls, puts))
    at = int(np.argmin(np.abs(call - put)))
    growth = 1.0 / float(shot.discount[calls[0]])
    forward = strike[at] + growth * (call[at] - put[at])
    pivot = int(np.searchsorted(strike, forward, side="right")) - 1
    total = 0.0
    width = np.gradient(strike)
    for i in range(len(strike)):
        bid = shot.bid[puts[i]] if i <= pivot else shot.bid[calls[i]]
        price = put[i] if i < pivot else call[i] if i > pivot else 0.5 * (put[i] + call[i])
        total += width[i] / strike[i] ** 2 * growth * price if bid > 0 else 0.0
    return (2.0 * total - (forward / strike[pivot] - 1.0) ** 2) / years


@pytest.mark.parametrize("day", [date(2024, 3, 6), date(2024, 7, 17), date(2024, 8, 5), date(2020, 3, 16), date(2019, 5, 23)], ids=str)
@pytest.mark.parametrize("node", [node_at(10), node_at(12, 37), node_at(15, 59)])
def test_the_index_is_the_strip_of_the_quotes(market: SyntheticMarket, day: date, node: int) -> None:
    index = sessions().on_or_before(day)
    published = market.underlyings.vix_nodes(index)[node]
    assert node < LATE_CLOSE
    assert published == pytest.approx(strip_from_quotes(market, index, node), rel=0.01)
