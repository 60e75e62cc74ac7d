"""Limits stop new risk and never the way out; score and signals stay inside their bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greeks.limits import DELTA, THETA, UNKNOWN, VEGA, LimitParameters, breaches, check_addition, limit_states
from greeks.score import Level, ScoreParameters, contracts_for_score, level, risk_score
from greeks.signals import (
    Severity,
    SignalParameters,
    portfolio_signals,
    position_signals,
    relaxed_parameters,
    settled,
    signals_of_tested_side,
    strangle_signals,
)
from greeks.units import GreekArrays
from vocabulary.decisions import Action
from vocabulary.errors import BadInput
from vocabulary.positions import Greeks

NUMBER = st.floats(-1e4, 1e4)
GREEKS = st.builds(Greeks, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER)
ANY = st.floats(allow_nan=True, allow_infinity=True)
CALM = Greeks(0.0, 0.0, 0.0, 0.0, 0.0)
NAN = float("nan")


@given(GREEKS, GREEKS, st.integers(1, 12), st.integers(0, 4))
def test_allowed_units_keep_every_limit_or_do_not_enlarge_the_exposure(total: Greeks, each: Greeks, units: int, phase: int) -> None:
    verdict = check_addition(total, each, units, phase)
    assert 0 <= verdict.allowed_units <= units
    assert verdict.allowed == (verdict.allowed_units == units)
    for _, name, limit in LimitParameters().of_phase(phase):
        now, after = getattr(total, name), getattr(total, name) + verdict.allowed_units * getattr(each, name)
        if name == "theta":
            assert after >= limit or after >= now
        else:
            assert abs(after) <= abs(limit) or abs(after) <= abs(now)


def test_breach_is_denied_with_the_code_of_its_limit() -> None:
    assert check_addition(Greeks(40.0, 0, 0, 0, 0), Greeks(20.0, 0, 0, 0, 0), 2, 1).code == DELTA
    assert check_addition(CALM, Greeks(0, 0, -300.0, 0, 0), 1, 1).code == THETA
    denied = check_addition(CALM, Greeks(0, 0, 0, -200.0, 0), 4, 1)
    assert (denied.code, denied.allowed_units, denied.allowed) == (VEGA, 2, False)
    assert check_addition(CALM, Greeks(0, 0, 900.0, 0, 0), 3, 1).allowed


def test_reducing_a_breached_exposure_is_always_allowed() -> None:
    beyond = Greeks(400.0, 0, 0, 0, 0)
    assert check_addition(beyond, Greeks(-50.0, 0, 0, 0, 0), 3, 1).allowed
    assert not check_addition(beyond, Greeks(1.0, 0, 0, 0, 0), 1, 1).allowed


def test_unknown_greeks_allow_nothing_new_and_count_as_breach() -> None:
    verdict = check_addition(Greeks(NAN, 0, 0, 0, 0), CALM, 1, 2)
    assert (verdict.code, verdict.allowed_units) == (UNKNOWN, 0)
    assert breaches(Greeks(0, 0, 0, NAN, 0), 2)[0].code == VEGA


def test_phases_have_their_own_limits_and_warn_at_eighty_percent() -> None:
    assert [limit_states(Greeks(60.0, 0, 0, 0, 0), phase)[0].breached for phase in range(5)] == [True, True, False, False, False]
    state = limit_states(Greeks(60.0, 0, 0, 0, 0), 2)[0]
    assert (state.warning, state.breached, state.used) == (True, False, 0.8)
    with pytest.raises(BadInput, match="phase 5"):
        limit_states(CALM, 5)
    with pytest.raises(BadInput, match="needs 4 values"):
        LimitParameters(delta=(1.0, 2.0))


@given(ANY, ANY, ANY, ANY)
def test_score_lies_between_0_and_100_or_is_absent(delta: float, gamma: float, theta: float, vega: float) -> None:
    score = risk_score(Greeks(delta, gamma, theta, vega, 0.0))
    if any(np.isnan(one) for one in (delta, gamma, theta, vega)):
        assert score.value is None
        assert contracts_for_score(10, score) == 0
    else:
        assert score.value is not None
        assert 0.0 <= score.value <= 100.0
        assert 0 <= contracts_for_score(10, score) <= 10


def test_score_follows_the_formula_of_the_seed() -> None:
    assert risk_score(CALM).value == 100.0
    assert risk_score(Greeks(100.0, 0, 5000.0, 0, 0)).value == 100.0
    assert risk_score(Greeks(-200.0, 350.0, -10.0, 1600.0, 0)).value == 100 - 20 - 20 - 15
    assert risk_score(Greeks(9000.0, 600.0, 450.0, -3500.0, 0)).value == pytest.approx(100 - 25 - 40 - 30 + 4.5)
    assert level(299.0, ScoreParameters().gamma_bands) is Level.MEDIUM
    assert contracts_for_score(10, risk_score(Greeks(-200.0, 350.0, -10.0, 1600.0, 0))) == 4


def one_row(delta: float = 0.0, gamma: float = 0.0, theta: float = 0.0, vega: float = 0.0) -> GreekArrays:
    return GreekArrays(*(np.array([value]) for value in (delta, gamma, theta, vega, 0.0)))


def test_ten_units_signal_no_sooner_than_one() -> None:
    for units in (1.0, 10.0):
        quiet = position_signals(["p"], one_row(19.0 * units, 9.0 * units, -49.0 * units, 99.0 * units), np.array([100.0 * units]), np.array([units]))
        assert quiet == []
        loud = position_signals(["p"], one_row(21.0 * units, -16.0 * units, -51.0 * units, 101.0 * units), np.array([100.0 * units]), np.array([units]))
        assert [one.rule for one in loud] == [
            "GREEKS_DELTA_ADJUST",
            "GREEKS_GAMMA_WARNING",
            "GREEKS_GAMMA_CUT",
            "GREEKS_THETA_COST",
            "GREEKS_VEGA_ADJUST",
        ]


def test_unknown_greeks_of_a_position_are_signalled() -> None:
    assert [one.rule for one in position_signals(["p"], one_row(NAN), np.array([100.0]), np.array([1.0]))] == ["GREEKS_UNKNOWN"]
    with pytest.raises(BadInput, match="as many rows"):
        position_signals(["p", "q"], one_row(), np.array([100.0]), np.array([1.0]))


def test_strangle_delta_climbs_the_bands_of_s001() -> None:
    delta = np.array([7.9, -8.0, 10.0, -16.0])
    found = strangle_signals(["a", "b", "c", "d"], delta, np.full(4, 100.0))
    assert [(one.subject, one.severity, one.action) for one in found] == [
        ("b", Severity.WARNING, Action.ALERT),
        ("c", Severity.ACTION, Action.ROLL),
        ("d", Severity.EMERGENCY, Action.CLOSE),
    ]


def test_tested_side_of_a_strangle_climbs_its_ladder() -> None:
    found = signals_of_tested_side(["a", "b", "c"], np.array([0.1, 0.21, 0.05]), np.array([-0.16, -0.02, -0.31]))
    assert [(one.subject, one.action) for one in found] == [("b", Action.ROLL), ("c", Action.CLOSE)]


def test_portfolio_signals_name_their_rule() -> None:
    rules = [one.rule for one in portfolio_signals(Greeks(30.0, 0, 2.0, -1500.0, 0), 12.0)]
    assert rules == ["GREEKS_NOT_NEUTRAL", "GREEKS_DELTA_BADLY_PAID", "GREEKS_SHORT_VEGA_IN_QUIET"]
    assert portfolio_signals(Greeks(5.0, 0, 2.0, -1500.0, 0), 25.0) == []
    assert [one.rule for one in portfolio_signals(Greeks(0, 0, 0, -1500.0, 0), None)] == ["GREEKS_SHORT_VEGA_IN_QUIET"]


def test_a_standing_signal_is_released_only_below_its_relaxed_threshold() -> None:
    parameters = SignalParameters()
    relaxed = relaxed_parameters(parameters)
    standing: list = []
    seen = []
    for delta in (19.0, 21.0, 19.5, 18.5, 17.5, 19.0):
        size, units = np.array([100.0]), np.array([1.0])
        now, loose = (position_signals(["p"], one_row(delta), size, units, p) for p in (parameters, relaxed))
        standing = settled(standing, now, loose)
        seen.append(bool(standing))
    assert seen == [False, True, True, True, False, False]
