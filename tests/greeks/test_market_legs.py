"""From a market view to pricing inputs: settlement instants, dividends, marks, and Greeks of one contract."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from greeks.market_legs import contract_greeks, marks, minutes_left, priced_legs, projected_dividends, value_contracts
from greeks.valuation import Exercise, VolatilitySource, unit_values
from tests.greeks.plain_view import EARLY, NAN, PlainView, spy
from vocabulary.contracts import AssetClass, Contract, Right, Settlement, Style
from vocabulary.market import Dividend, Quote


def test_time_runs_to_the_close_and_early_closes_count() -> None:
    assert minutes_left(spy(600, Right.CALL, EARLY), PlainView({})) == 150.0
    assert minutes_left(spy(600, Right.CALL, date(2024, 12, 2)), PlainView({})) == 3 * 1440 + 330


def test_a_life_that_spans_the_change_to_summer_time_is_an_hour_shorter() -> None:
    assert minutes_left(spy(600, Right.CALL, date(2025, 3, 14)), PlainView({})) == 105 * 1440 + 330 - 60


def test_am_settled_index_options_stop_at_the_open() -> None:
    monthly = Contract(AssetClass.INDEX_OPTION, "SPX", 100.0, "SPX", date(2024, 12, 20), 6000.0, Right.PUT, Style.EUROPEAN, Settlement.CASH_AM)
    assert minutes_left(monthly, PlainView({})) == 21 * 1440 - 60


def test_an_expiry_without_a_session_has_no_time_and_no_greeks() -> None:
    saturday = spy(600, Right.CALL, date(2024, 11, 30))
    view = PlainView({saturday: Quote(3.0, 3.2, 3.1, 1.0)})
    assert np.isnan(minutes_left(saturday, view))
    assert contract_greeks(saturday, view) is None


def test_style_and_asset_decide_the_kernel_and_the_carry() -> None:
    shares, es = Contract(AssetClass.EQUITY, "SPY", 1.0), Contract(AssetClass.FUTURE_OPTION, "ES", 50.0, "ES", date(2025, 3, 21), 6000.0, Right.PUT)
    spx = Contract(AssetClass.INDEX_OPTION, "SPX", 100.0, "SPXW", date(2025, 1, 17), 6000.0, Right.CALL)
    legs = priced_legs([shares, es, spx, spy(600, Right.PUT)], PlainView({}))
    assert legs.exercise.tolist() == [Exercise.LINEAR, Exercise.AMERICAN_ON_FUTURE, Exercise.EUROPEAN, Exercise.AMERICAN]
    assert legs.dividend_yield.tolist() == [0.0, 0.045, 0.0, 0.0]
    assert legs.spot.tolist() == [600.0, 6010.0, 6000.0, 600.0]


def test_next_dividend_repeats_every_quarter_until_the_expiry() -> None:
    schedule = projected_dividends(Dividend(date(2024, 12, 20), 1.9, False), date(2025, 7, 1))
    assert schedule.ex_days.astype(str).tolist() == ["2024-12-20", "2025-03-21", "2025-06-20"]
    assert projected_dividends(Dividend(date(2024, 12, 20), 1.9, False), date(2024, 12, 1)).amounts.size == 0
    legs = priced_legs([spy(600, Right.PUT), spy(600, Right.PUT, date(2025, 6, 20))], PlainView({}, Dividend(date(2024, 12, 20), 1.9, False)))
    assert legs.dividends[0] == pytest.approx(1.9, rel=0.01)
    assert legs.dividends[1] == pytest.approx(5.7, rel=0.03)


def test_mark_is_the_mid_where_a_missing_bid_counts_as_zero_and_a_missing_ask_is_unknown() -> None:
    first, second, third, shares = spy(600, Right.CALL), spy(610, Right.CALL), spy(620, Right.CALL), Contract(AssetClass.EQUITY, "SPY", 1.0)
    view = PlainView({first: Quote(3.0, 3.2, NAN, 1.0), second: Quote(NAN, 0.1, NAN, 1.0), third: Quote(0.1, NAN, NAN, 1.0)})
    np.testing.assert_allclose(marks([first, second, third, shares], view), [3.1, 0.05, NAN, 600.0])


def test_greeks_of_one_contract_reprice_its_mark_and_have_the_signs_of_a_bought_put() -> None:
    put = spy(590, Right.PUT)
    view = PlainView({put: Quote(7.9, 8.1, 8.0, 1.0)}, Dividend(date(2024, 12, 20), 1.9, False))
    greeks = contract_greeks(put, view)
    assert greeks is not None
    assert -60 < greeks.delta < -25
    assert greeks.gamma > 0 > greeks.theta
    assert greeks.vega > 0
    valued = value_contracts([put], [100.0], view)
    assert valued.volatility.source[0] == VolatilitySource.QUOTE
    assert unit_values(valued.legs, valued.volatility.volatility)[0] == pytest.approx(8.0, abs=2e-4)


def test_unknown_quotes_give_no_greeks_and_shares_always_do() -> None:
    assert contract_greeks(spy(590, Right.PUT), PlainView({})) is None
    shares = Contract(AssetClass.EQUITY, "SPY", 1.0)
    greeks = contract_greeks(shares, PlainView({}))
    assert greeks is not None
    assert (greeks.delta, greeks.gamma, greeks.vega) == (1.0, 0.0, 0.0)
