"""What a structure will reserve, estimated before it is sent, so that the gate refuses what the broker would refuse.

The rules are the Reg-T-like ones LEAN applies (as recorded, see docs/risk.md), read conservatively where LEAN is lenient: a naked short option costs
max(20 % of the underlying, 15 % of an index, less the out-of-the-money amount, 10 %) plus its premium, where the 10 % is of the strike for a put and of the
underlying for a call; a vertical costs the width it can lose; of two sold sides only the dearer is charged plus the premium of the other; legs of different
expiry do not cover each other, so a diagonal's short leg is naked. A naked futures option costs a logistic share of its future's margin. Bought legs cost
their premium. Money is account currency, per structure times units; an option's price is its mid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, isfinite

from vocabulary.contracts import AssetClass, Contract, Leg, Right, Structure
from vocabulary.market import MarketView

Price = Callable[[Contract], float]
NAKED_SHARE = {AssetClass.EQUITY_OPTION: 0.20, AssetClass.INDEX_OPTION: 0.15}  # of the underlying, before the out-of-the-money amount
FLOOR_SHARE = 0.10
OUTRIGHT_SHARE = 0.50  # shares at leverage two


@dataclass(frozen=True, slots=True)
class MarginEstimate:
    """margin: what is reserved; debit: premium paid (negative: received); naked_premium: premium of the short options nothing covers; all for `units`.
    worst_loss: the most a defined-risk structure can lose, None when the loss is not bounded by its legs."""

    margin: float
    debit: float
    naked_premium: float
    worst_loss: float | None

    @property
    def buying_power(self) -> float:
        """What must be free: the margin and any premium paid."""
        return self.margin + max(0.0, self.debit)


@dataclass(frozen=True, slots=True)
class _Side:
    """Margin of one right at one expiry: verticals and naked shorts apart, and the premium of the naked ones."""

    vertical: float
    naked: float
    premium: float


def estimate_margin(structure: Structure, units: int, view: MarketView, future_margin: Callable[[str], float | None]) -> MarginEstimate | None:
    """Margin, debit and worst loss of opening `units` of a structure; None when a quote, the underlying's price or the future's margin is missing."""
    spot = view.price(structure.underlying)
    prices = {leg.contract: _mid(view, leg.contract) for leg in structure.legs}
    if spot is None or not all(isfinite(price) for price in prices.values()):
        return None
    future = future_margin(structure.underlying)
    if future is None and any(leg.contract.asset in (AssetClass.FUTURE_OPTION, AssetClass.FUTURE) for leg in structure.legs):
        return None
    margin = structure_margin(structure.legs, spot, prices.__getitem__, future or 0.0)
    debit = sum(leg.ratio * prices[leg.contract] * leg.contract.multiplier for leg in structure.legs)
    worst = worst_loss(structure.legs, debit)
    naked = naked_premium(structure.legs, prices.__getitem__)
    return MarginEstimate(margin * units, debit * units, naked * units, None if worst is None else worst * units)


def structure_margin(legs: Iterable[Leg], spot: float, price: Price, future_margin: float) -> float:
    """Margin of one unit. Each expiry is charged by itself."""
    options = [leg for leg in legs if leg.contract.asset.is_option]
    outright = sum(_outright(leg, spot, future_margin) for leg in legs if not leg.contract.asset.is_option)
    expiries = sorted({leg.contract.expiry for leg in options if leg.contract.expiry is not None})
    return outright + sum(_expiry_margin([leg for leg in options if leg.contract.expiry == day], spot, price, future_margin) for day in expiries)


def naked_premium(legs: Iterable[Leg], price: Price) -> float:
    """Premium of the short options of one unit that no bought leg of their right and expiry covers."""
    options = [leg for leg in legs if leg.contract.asset.is_option]
    sides = dict.fromkeys((leg.contract.expiry, leg.contract.right) for leg in options)  # a set would add in hash order
    naked = [_paired([leg for leg in options if (leg.contract.expiry, leg.contract.right) == side])[1] for side in sides]
    return sum(price(contract) * contract.multiplier for side in naked for contract in side)


def naked_margin(contract: Contract, spot: float, premium: float, future_margin: float) -> float:
    """Margin of one short option: share-like rule for equity and index options, logistic share of the future's margin for futures options."""
    strike = contract.strike_price
    if contract.asset is AssetClass.FUTURE_OPTION:
        return _future_option_share(contract, spot) * future_margin
    is_call = contract.right is Right.CALL
    out_of_money = max(0.0, strike - spot) if is_call else max(0.0, spot - strike)
    floor = FLOOR_SHARE * (spot if is_call else strike)
    return contract.multiplier * (max(NAKED_SHARE[contract.asset] * spot - out_of_money, floor) + premium)


def worst_loss(legs: Iterable[Leg], debit: float) -> float | None:
    """The most one unit can lose at expiry when every leg expires together and no side is naked; else the debit of a bought structure, else None."""
    legs = tuple(legs)
    options = [leg for leg in legs if leg.contract.asset.is_option]
    if len(options) != len(legs) or len({leg.contract.expiry for leg in legs}) != 1:
        return None
    calls = sum(leg.ratio for leg in legs if leg.contract.right is Right.CALL)
    if calls < 0:
        return None
    kinks = [0.0, *(leg.contract.strike_price for leg in legs)]
    payoffs = [sum(leg.ratio * _intrinsic(leg.contract, level) * leg.contract.multiplier for leg in legs) for level in kinks]
    puts = sum(leg.ratio for leg in legs if leg.contract.right is Right.PUT)
    return None if puts < 0 else max(0.0, debit - min(payoffs))


def _expiry_margin(legs: list[Leg], spot: float, price: Price, future_margin: float) -> float:
    puts = _side([leg for leg in legs if leg.contract.right is Right.PUT], spot, price, future_margin)
    calls = _side([leg for leg in legs if leg.contract.right is Right.CALL], spot, price, future_margin)
    dearer, other = (puts, calls) if puts.naked >= calls.naked else (calls, puts)
    return max(puts.vertical, calls.vertical) + dearer.naked + other.premium


def _side(legs: list[Leg], spot: float, price: Price, future_margin: float) -> _Side:
    pairs, naked = _paired(legs)
    vertical = sum(_vertical(short, bought) for short, bought in pairs)
    margin = sum(naked_margin(contract, spot, price(contract), future_margin) for contract in naked)
    return _Side(vertical, margin, sum(price(contract) * contract.multiplier for contract in naked))


def _paired(legs: list[Leg]) -> tuple[list[tuple[Contract, Contract]], list[Contract]]:
    """Shorts with longs nearest the money first, as many pairs as there are; and what is left short, which is naked."""
    shorts, longs = _spread_out(legs, -1), _spread_out(legs, 1)
    return list(zip(shorts, longs, strict=False)), shorts[len(longs) :]


def _spread_out(legs: list[Leg], sign: int) -> list[Contract]:
    chosen = [leg.contract for leg in legs if leg.ratio * sign > 0 for _ in range(abs(leg.ratio))]
    return sorted(chosen, key=lambda contract: contract.strike_price * (-1 if contract.right is Right.PUT else 1))


def _vertical(short: Contract, bought: Contract) -> float:
    width = short.strike_price - bought.strike_price
    return max(0.0, width if short.right is Right.PUT else -width) * short.multiplier


def _outright(leg: Leg, spot: float, future_margin: float) -> float:
    if leg.contract.asset is AssetClass.FUTURE:
        return abs(leg.ratio) * future_margin
    return abs(leg.ratio) * spot * leg.contract.multiplier * OUTRIGHT_SHARE


def _future_option_share(contract: Contract, spot: float) -> float:
    """Share of the future's margin a short futures option reserves: cap / (1 + exp(-steepness * (strike - pivot) / pivot)), LEAN's curve."""
    cap, steepness, pivot = (1.0, -4.0, 1.5 * spot) if contract.right is Right.CALL else (1.25, 2.4, 0.30 * spot)
    return cap / (1.0 + exp(-steepness * (contract.strike_price - pivot) / pivot))


def _intrinsic(contract: Contract, level: float) -> float:
    strike = contract.strike_price
    return max(0.0, level - strike) if contract.right is Right.CALL else max(0.0, strike - level)


def _mid(view: MarketView, contract: Contract) -> float:
    quote = view.quote(contract)
    if quote is None:
        return float("nan")
    return quote.mid if isfinite(quote.mid) else quote.ask
