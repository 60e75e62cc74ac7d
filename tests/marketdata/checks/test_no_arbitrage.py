"""No static arbitrage in thousands of chains, and the search finds one that was put there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketdata.checks import NoArbitrageParameters, check_no_arbitrage
from marketdata.checks.static_arbitrage import breaks
from marketdata.synthetic import MarketParameters, SyntheticMarket
from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.roots import ROOTS
from marketdata.synthetic.snapshots import Snapshot, snapshot
from vocabulary.errors import BadInput

DAY = date(2024, 3, 6)


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    return SyntheticMarket(MarketParameters(seed=3))


def shot_of(market: SyntheticMarket, ticker: str, month: str | None = None) -> Snapshot:
    found = snapshot(market.paths, ROOTS[ticker], sessions().on_or_before(DAY), 1100, month)
    assert found is not None
    return found


def row_near(shot: Snapshot, sign: float, moneyness: float, days: int) -> int:
    found = shot.chain.found
    wanted = min(found.expiries, key=lambda one: abs((one - DAY).days - days))
    rows = np.flatnonzero((found.sign == sign) & np.array([one == wanted for one in found.expiry_dates]))
    return int(rows[np.argmin(np.abs(found.strike[rows] / shot.spot - moneyness))])


def with_quote(shot: Snapshot, row: int, bid: float, ask: float) -> Snapshot:
    bids, asks = shot.bid.copy(), shot.ask.copy()
    bids[row], asks[row] = bid, ask
    return replace(shot, bid=bids, ask=asks)


@pytest.mark.slow
def test_two_thousand_chains_with_crash_days_have_no_static_arbitrage() -> None:
    report = check_no_arbitrage(SyntheticMarket(), NoArbitrageParameters(chains=2000))
    assert report.breaks == ()
    assert report.chains == 2000
    assert report.crash_chains >= 400
    assert set(report.by_root) == set(ROOTS)


def test_a_hundred_chains_of_another_seed_have_none(market: SyntheticMarket) -> None:
    report = check_no_arbitrage(market, NoArbitrageParameters(chains=60, draw=7))
    assert report.as_dict()["arbitrages"] == 0


@pytest.mark.parametrize("ticker", ["spy", "spxw"])
@pytest.mark.parametrize(("kind", "bid", "ask"), [("butterfly", 1.12, 1.13), ("calendar", 1.30, 1.31), ("vertical", 1.30, 1.31), ("parity", 2.0, 2.01)])
def test_a_quote_that_is_too_high_is_found(market: SyntheticMarket, ticker: str, kind: str, bid: float, ask: float) -> None:
    shot = shot_of(market, ticker)
    row = row_near(shot, -1.0, 0.99, 30)
    spoiled = with_quote(shot, row, shot.ask[row] * bid, shot.ask[row] * ask)
    assert kind in {one.kind for one in breaks(spoiled, DAY)}


def test_an_american_option_below_its_exercise_value_is_found(market: SyntheticMarket) -> None:
    shot = shot_of(market, "es", "202406")
    row = row_near(shot, -1.0, 1.05, 60)
    worth = shot.chain.found.strike[row] - shot.spot
    assert "intrinsic" in {one.kind for one in breaks(with_quote(shot, row, worth - 3.0, worth - 2.0), DAY)}


def test_the_report_counts_what_was_searched(market: SyntheticMarket) -> None:
    seen: list[tuple[int, int]] = []
    report = check_no_arbitrage(market, NoArbitrageParameters(chains=5), lambda done, wanted: seen.append((done, wanted)))
    assert seen == [(i, 5) for i in range(1, 6)]
    assert report.crash_chains == 5
    assert report.quotes > 1000


def test_no_chain_at_all_is_refused() -> None:
    with pytest.raises(BadInput, match="at least one"):
        NoArbitrageParameters(chains=0)
