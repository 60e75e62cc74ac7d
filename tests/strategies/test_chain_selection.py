"""Choosing from chains: expiries, strikes, deltas, one settlement per structure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.chain_selection import first_quoted, nearest_deltas, nearest_expiry, nearest_strikes, side
from strategies.deltas import chain_deltas, live_delta
from tests.priced_world import PricedWorld
from vocabulary.contracts import Contract, Right, Settlement
from vocabulary.market import Chain

MONTHLY = date(2024, 6, 21)


@cache
def gold_chain() -> Chain:
    """The whole GLD chain of the default world."""
    chain = PricedWorld().chain("GLD")
    assert chain is not None
    return chain


def spx_with_both_series() -> Chain:
    """SPX chain in which every other contract of the third Friday is the morning-settled one."""
    chain = PricedWorld().chain("SPX")
    assert chain is not None
    changed = tuple(
        replace(contract, series="SPX", settlement=Settlement.CASH_AM) if contract.expiry == MONTHLY and number % 2 else contract
        for number, contract in enumerate(chain.contracts)
    )
    return replace(chain, contracts=changed)


def settlements(rows: Chain) -> set[Settlement | None]:
    return {contract.settlement for contract in rows.contracts}


def test_one_side_never_mixes_settlements() -> None:
    chain = spx_with_both_series()
    assert settlements(side(chain, MONTHLY, Right.CALL)) == {Settlement.CASH_PM}
    only = chain.rows(np.array([contract.settlement is Settlement.CASH_AM for contract in chain.contracts]))
    assert settlements(side(only, MONTHLY, Right.CALL)) == {Settlement.CASH_AM}


@given(st.integers(1, 400), st.integers(0, 60))
def test_the_chosen_expiry_is_inside_the_window_and_none_is_nearer(target: int, tolerance: int) -> None:
    chain, today = gold_chain(), PricedWorld().now.date()
    found = nearest_expiry(chain, today, target, target - tolerance, target + tolerance)
    distances = {abs((day - today).days - target) for day in chain.expiries()}
    if found is None:
        assert min(distances) > tolerance
    else:
        assert abs((found - today).days - target) == min(distances) <= tolerance


@settings(deadline=None)
@given(st.floats(120, 260))
def test_the_nearest_strike_is_nearest(level: float) -> None:
    rows = side(gold_chain(), MONTHLY, Right.PUT)
    (found,) = nearest_strikes(rows, level, 1)
    assert abs((found.strike or 0) - level) == pytest.approx(float(np.min(np.abs(rows.strike - level))))


def test_a_chain_without_greeks_gets_its_deltas_from_prices() -> None:
    world = PricedWorld()
    world.prices["ES"] = 5400.0
    chain = world.chain("ES")
    assert chain is not None
    rows = side(chain, date(2024, 9, 20), Right.PUT)
    bare = replace(rows, delta=np.zeros(len(rows)), iv=np.zeros(len(rows)))
    found = chain_deltas(bare, world)
    near = (rows.strike > 4600) & (rows.strike < 6000)
    assert np.allclose(found[near], rows.delta[near], atol=0.005)


def test_a_wrong_delta_beside_a_price_is_not_believed() -> None:
    world = PricedWorld()
    chain = world.chain("GLD")
    assert chain is not None
    rows = side(chain, MONTHLY, Right.CALL)
    found = chain_deltas(replace(rows, delta=np.full(len(rows), 0.5)), world)
    near = (rows.strike > 185) & (rows.strike < 215)
    assert np.allclose(found[near], rows.delta[near], atol=0.005)


def test_unknown_deltas_are_left_out_and_unquoted_contracts_passed_over() -> None:
    world = PricedWorld()
    chain = world.chain("GLD")
    assert chain is not None
    rows = side(chain, MONTHLY, Right.CALL)
    best = nearest_deltas(rows, rows.delta.tolist(), 0.30, 3)
    without = [float("nan") if contract == best[0] else float(delta) for contract, delta in zip(rows.contracts, rows.delta, strict=True)]
    assert nearest_deltas(rows, without, 0.30, 3)[0] == best[1]
    world.hidden = {best[0]}
    assert first_quoted(world, best) == best[1]
    assert first_quoted(world, ()) is None


@settings(max_examples=30, deadline=None)
@given(st.floats(150, 250), st.sampled_from([Right.CALL, Right.PUT]))
def test_a_live_delta_has_the_sign_of_its_right_and_lies_inside_one(strike: float, right: Right) -> None:
    world = PricedWorld()
    contract: Contract = nearest_strikes(side(gold_chain(), MONTHLY, right), strike, 1)[0]
    found = live_delta(world, contract)
    assert found is None or (0 <= found <= 1 if right is Right.CALL else -1 <= found <= 0)
