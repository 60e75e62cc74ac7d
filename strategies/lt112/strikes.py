"""Strikes of an LT112: the spread by ATR below the price, the two far puts by delta (A2, H-28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

from strategies.chain_selection import first_quoted, nearest_deltas, nearest_strikes, side
from strategies.deltas import chain_deltas
from strategies.lt112.parameters import AtrScaling, Lt112Parameters, Lt112Structure
from strategies.structures import distinct, structure
from vocabulary.contracts import Contract, Right, Structure, StructureKind
from vocabulary.market import Chain, MarketView

NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Contracts for each leg, best first: the spread's nearer and farther put and (1-1-2 only) the naked one."""

    near: tuple[Contract, ...]
    far: tuple[Contract, ...]
    naked: tuple[Contract, ...]

    def all(self) -> tuple[Contract, ...]:
        """Every candidate once."""
        return distinct(self.near, self.far, self.naked)


def atr_distance(atr: float, sessions: int, parameters: Lt112Parameters) -> float:
    """Distance of the spread from the price, in price units. sessions: trading days to expiry, for the square-root scaling."""
    scale = sqrt(max(1, sessions)) if parameters.atr_scaling is AtrScaling.SQRT_TIME else 1.0
    return parameters.atr_multiple * atr * scale


def candidates(view: MarketView, chain: Chain, expiry: date, price: float, distance: float, parameters: Lt112Parameters) -> Candidates:
    """What may become a leg, from the daily chain: `NEIGHBOURS` strikes around each level, and around the naked delta."""
    puts = side(chain, expiry, Right.PUT)
    is_spread = parameters.structure is Lt112Structure.PUT_SPREAD
    width = distance * parameters.credit_spread_share if is_spread else price * parameters.spread_width
    near_level = price - distance
    near, far = nearest_strikes(puts, near_level, NEIGHBOURS), nearest_strikes(puts, near_level - width, NEIGHBOURS)
    below = puts.rows(puts.strike < near_level - width)
    naked = () if is_spread else nearest_deltas(below, chain_deltas(below, view).tolist(), parameters.naked_delta, NEIGHBOURS)
    return Candidates(near, far, naked)


def build(view: MarketView, found: Candidates, parameters: Lt112Parameters) -> Structure | None:
    """The structure on the best quoted candidates, strikes strictly falling; None when a leg has none."""
    near = first_quoted(view, found.near)
    far = first_quoted(view, _below(found.far, near))
    if near is None or far is None:
        return None
    if parameters.structure is Lt112Structure.PUT_SPREAD:
        return structure(StructureKind.PUT_SPREAD, (near, -1), (far, 1))
    naked = first_quoted(view, _below(found.naked, far))
    return None if naked is None else structure(StructureKind.LT112, (near, 1), (far, -1), (naked, -2))


def _below(contracts: tuple[Contract, ...], above: Contract | None) -> tuple[Contract, ...]:
    ceiling = above.strike_price if above is not None else 0.0
    return tuple(contract for contract in contracts if contract.strike_price < ceiling)
