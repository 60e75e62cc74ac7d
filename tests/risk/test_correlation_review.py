"""The weekly review estimates correlations from returns and remembers what belongs together."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from risk.correlation_review import estimate_correlations, observe_correlation
from risk.exposure import exposures
from risk.parameters import CrashParameters
from risk.state import RiskState
from tests.priced_world import PlainBook, PricedWorld, position_of
from tests.risk.cases import rich_world, strangle
from vocabulary.decisions import Strategy

CRASH = CrashParameters()


def world_with(rho: float, seed: int = 7) -> PricedWorld:
    """GLD and TLT with returns of a given correlation, CL on its own."""
    draws = np.random.default_rng(seed).standard_normal((3, 400)) * 0.01
    returns = {"GLD": draws[0], "TLT": rho * draws[0] + np.sqrt(1 - rho**2) * draws[1], "CL": draws[2]}
    world = rich_world()
    for symbol, path in returns.items():
        world.closes[symbol] = list(100.0 * np.exp(np.cumsum(path)))
    return world


def review(state: RiskState, world: PricedWorld) -> tuple[RiskState, list[str]]:
    book = PlainBook([position_of(world, Strategy.STRANGLE, strangle(symbol), number=n) for n, symbol in enumerate(("GLD", "TLT"))])
    state, events = observe_correlation(state, world, exposures(book, ()), ("CL", "GLD", "TLT"), CRASH)
    return state, [event.code for event in events]


@pytest.mark.parametrize("rho", [-0.8, 0.0, 0.5, 0.95])
def test_the_estimate_finds_the_correlation_it_was_given(rho: float) -> None:
    world = world_with(rho)
    found = estimate_correlations({symbol: world.daily(symbol, 400) for symbol in ("GLD", "TLT")})
    assert found["GLD", "TLT"] == pytest.approx(rho, abs=0.12)


def test_pairs_above_the_line_are_linked_and_the_mean_of_what_is_held_is_kept() -> None:
    state, codes = review(RiskState(), world_with(0.95))
    assert [(pair.first, pair.second) for pair in state.links] == [("GLD", "TLT")]
    assert codes == ["CORRELATION_HIGH"] and state.mean_correlation is not None and state.mean_correlation > 0.9
    state, codes = review(RiskState(), world_with(0.1))
    assert state.links == () and codes == ["CORRELATION_REVIEW"]


def test_the_review_comes_once_a_week() -> None:
    world = world_with(0.5).at(date(2024, 6, 10))
    state, codes = review(RiskState(), world)
    assert len(codes) == 1
    assert review(state, world.at(date(2024, 6, 14)))[1] == []
    assert len(review(state, world.at(date(2024, 6, 17)))[1]) == 1


def test_the_breaker_has_hysteresis() -> None:
    state, _ = review(RiskState(), world_with(0.97).at(date(2024, 6, 10)))
    assert state.together
    state, _ = review(state, world_with(0.82).at(date(2024, 6, 17)))
    assert state.together
    state, _ = review(state, world_with(0.2).at(date(2024, 6, 24)))
    assert not state.together
    state, _ = review(state, world_with(0.82).at(date(2024, 7, 1)))
    assert not state.together


def test_too_short_or_constant_histories_give_no_correlation() -> None:
    world = world_with(0.5)
    world.closes["GLD"] = world.closes["GLD"][:15]
    world.closes["CL"] = [80.0] * 400
    assert estimate_correlations({symbol: world.daily(symbol, 61) for symbol in ("CL", "GLD", "TLT")}) == {}
