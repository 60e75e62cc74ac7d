"""The two components of a 1-1-2 as it stands: the far puts that bring the money in, and the debit spread they pay for."""

from __future__ import annotations

from math import gcd, isfinite

from vocabulary.contracts import Contract, Leg, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Inputs
from vocabulary.market import MarketView
from vocabulary.positions import Holding, Position


def _far_put(position: Position) -> Contract | None:
    """The contract of the two far puts, None for a structure without them."""
    if position.structure.kind is not StructureKind.LT112:
        return None
    return min(position.structure.legs, key=lambda leg: leg.contract.strike_price).contract


def naked_puts(position: Position) -> Holding | None:
    """The two far puts of a 1-1-2 that are still held, None when they are gone or the structure has none."""
    far = _far_put(position)
    return next((held for held in position.holdings if held.contract == far and held.quantity < 0), None)


def spread_legs(position: Position) -> tuple[Holding, ...]:
    """The debit spread of a 1-1-2 that is still held: long and short put, else nothing."""
    far = _far_put(position)
    if far is None:
        return ()
    rest = tuple(held for held in position.holdings if held.contract != far and held.contract.asset.is_option and held.quantity)
    whole = any(held.quantity > 0 for held in rest) and any(held.quantity < 0 for held in rest)
    return rest if whole else ()


def naked_premium(position: Position) -> float | None:
    """Premium taken in for the far puts of the whole position, in account currency; None without naked puts."""
    naked = naked_puts(position)
    if naked is None:
        return None
    sold = sum(-leg.ratio for leg in position.structure.legs if leg.contract == naked.contract)
    return float(naked.average_price) * naked.contract.multiplier * sold * position.units


def naked_distance(position: Position, view: MarketView) -> float | None:
    """How far the underlying stands above the naked strike, as a fraction of its price; None without naked puts or price."""
    naked, price = naked_puts(position), view.price(position.underlying)
    return None if naked is None or price is None or price <= 0 else (price - naked.contract.strike_price) / price


def spread_worth(view: MarketView, legs: tuple[Holding, ...]) -> float | None:
    """What the holdings bring at natural prices, per 1.00 of multiplier."""
    total = 0.0
    for held in legs:
        quote = view.quote(held.contract)
        if quote is None or not (isfinite(quote.bid) and isfinite(quote.ask)):
            return None
        total += held.quantity * (quote.bid if held.quantity > 0 else quote.ask)
    return total


def part(position: Position, rule: str, reason: str, leaving: tuple[Holding, ...], kind: StructureKind, inputs: Inputs) -> Decision:
    """REDUCE the position by these holdings, all of them."""
    units = gcd(*(abs(held.quantity) for held in leaving))
    legs = tuple(Leg(held.contract, held.quantity // units) for held in leaving)
    return Decision(Action.REDUCE, position.strategy, rule, reason, Structure(kind, legs), units, position.id, inputs=inputs)
