"""A scenario puts the index and the VIX where it says, on the day it says, and nothing before it changes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketdata.port import Instrument, Kind, Step, Tick, TradeColumns
from marketdata.synthetic import NAMED, MarketParameters, Scenario, SyntheticMarket, named_scenario, scenario_from_toml
from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.scenarios import imposed, of_shape
from vocabulary.errors import BadInput

AT = date(2023, 5, 10)
FIRST, LAST = date(2023, 5, 1), date(2023, 6, 30)
SPX = Instrument(Kind.INDEX, "usa", "spx")
VIX = Instrument(Kind.INDEX, "usa", "vix")
ES = Instrument(Kind.FUTURE, "cme", "es", contract_month="202306")
SLOW = 'name = "slow slide"\nat = 2023-05-10\nspot = -0.08\nvol = 20\ndays = 3\nrecovery = 0.5\nrecovery_days = 10\n'


def market(*scenarios: Scenario) -> SyntheticMarket:
    return SyntheticMarket(MarketParameters(seed=4, first=FIRST, last=LAST, scenarios=scenarios))


def closes(provider: SyntheticMarket, instrument: Instrument) -> dict[date, float]:
    daily = provider.bars(instrument, Step.DAILY, Tick.TRADE, None)
    assert isinstance(daily, TradeColumns)
    days = daily.start.astype("datetime64[us]").astype("datetime64[D]").astype(object).tolist()
    return dict(zip(days, daily.close.tolist(), strict=True))


@pytest.fixture(scope="module")
def plain() -> SyntheticMarket:
    return market()


def test_the_crash_of_august_2024_happens_on_the_chosen_day(plain: SyntheticMarket) -> None:
    crashed = market(named_scenario("crash-2024", AT))
    index, vix = closes(crashed, SPX), closes(crashed, VIX)
    assert index[AT] / index[date(2023, 5, 9)] - 1 == pytest.approx(5186.33 / 5346.56 - 1, abs=1e-4)
    assert vix[AT] == pytest.approx(38.57, rel=0.01)
    assert vix[date(2023, 5, 9)] == pytest.approx(23.39, rel=0.01)
    minutes = crashed.bars(VIX, Step.MINUTE, Tick.TRADE, AT)
    assert isinstance(minutes, TradeColumns)
    assert minutes.high.max() == pytest.approx(65.73, rel=0.03)


def test_nothing_changes_before_the_scenario_begins(plain: SyntheticMarket) -> None:
    crashed = market(named_scenario("crash-2024", AT))
    day = date(2023, 5, 5)
    for instrument in (SPX, VIX, Instrument(Kind.EQUITY, "usa", "gld")):
        one, other = (provider.bars(instrument, Step.MINUTE, Tick.TRADE, day) for provider in (plain, crashed))
        assert isinstance(one, TradeColumns) and isinstance(other, TradeColumns)
        assert (one.close == other.close).all()


def test_futures_and_funds_follow(plain: SyntheticMarket) -> None:
    crashed = market(named_scenario("crash-2024", AT))
    spy = Instrument(Kind.EQUITY, "usa", "spy")
    index, fund = closes(crashed, SPX), closes(crashed, spy)
    assert fund[AT] / fund[date(2023, 5, 9)] == pytest.approx(index[AT] / index[date(2023, 5, 9)], abs=0.001)
    assert closes(crashed, Instrument(Kind.EQUITY, "usa", "qqq"))[AT] < closes(plain, Instrument(Kind.EQUITY, "usa", "qqq"))[AT]


def test_a_shape_from_text_moves_price_and_volatility_and_recovers(plain: SyntheticMarket) -> None:
    base_index, base_vix = closes(plain, SPX), closes(plain, VIX)
    slid = market(scenario_from_toml(SLOW))
    index, vix = closes(slid, SPX), closes(slid, VIX)
    last = date(2023, 5, 12)
    assert index[last] / index[date(2023, 5, 9)] == pytest.approx(0.92, abs=1e-4)
    assert vix[last] == pytest.approx(base_vix[last] + 20.0, rel=0.02)
    later = date(2023, 6, 20)
    shift = (index[last] / base_index[last]) ** 0.5
    assert index[later] / base_index[later] == pytest.approx(shift, abs=1e-4)
    assert vix[later] < vix[last]


def test_the_day_on_the_command_line_wins() -> None:
    assert scenario_from_toml(SLOW, date(2023, 5, 15)).at == date(2023, 5, 15)


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_named_scenario_can_be_placed(name: str) -> None:
    scenario = named_scenario(name, AT)
    n = sessions().simulated
    frame = np.zeros(n + 1) + np.log(4000.0), np.zeros(n + 1) + np.log(0.16), np.zeros(n) + np.log(0.16)
    price, vol = imposed([scenario])(*frame)
    assert np.isfinite(price).all() and np.isfinite(vol).all()
    first = scenario.first_session()
    total = np.prod([1 + move.change for move in scenario.moves])
    assert np.exp(price[first + len(scenario.moves)] - price[first]) == pytest.approx(total)


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.25, 0.25), st.floats(0.0, 40.0), st.integers(1, 20), st.floats(0.0, 1.0), st.integers(1, 60))
def test_what_is_not_given_back_stays(spot: float, vol: float, days: int, recovery: float, recovery_days: int) -> None:
    scenario = of_shape("any", AT, spot, vol, days, recovery, recovery_days)
    n = sessions().simulated
    flat = np.full(n + 1, np.log(4000.0))
    price, _ = imposed([scenario])(flat, np.full(n + 1, np.log(0.16)), np.full(n, np.log(0.16)))
    assert price[: scenario.first_session() + 1] == pytest.approx(flat[0])
    assert price[-1] - flat[0] == pytest.approx(np.log1p(spot) * (1 - recovery), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spot = -0.1\nvol = 5\ndays = 2\n", "`at` must be a date"),
        ("at = 2023-05-10\nvol = 5\ndays = 2\n", "spot missing"),
        ("at = 2023-05-10\nspot = 'down'\nvol = 5\ndays = 2\n", "must be a number"),
        ("at = 2023-05-10\nspot = -0.1\nvol = 5\ndays = 2\ncolour = 'red'\n", "unknown colour"),
        ("at = 2023-05-13\nspot = -0.1\nvol = 5\ndays = 2\n", "not a trading day"),
        ("at = 2023-05-10\nspot = -0.95\nvol = 5\ndays = 2\n", "spot above -0.9"),
        ("at = 2023-05-10\nspot = -0.3\nvol = 5\ndays = 1\n", "beyond 25%"),
        ("at = 2023-05-10\nspot = -0.1\nvol = 5\ndays = 2\nrecovery = 3\n", "recovery must be from 0 to 2"),
        ("at = ", "not TOML"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_named(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        scenario_from_toml(text)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadInput, match="crash-2024"):
        named_scenario("crash-1987", AT)
