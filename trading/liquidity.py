"""Whether a contract can be traded now: a usable quote, not too old, not too wide, somebody interested. One set of limits per asset class.

The seeds' 2 % of mid refuses most future options and every cheap wing, so each class has its own width, and a width in currency below which a quote is
never too wide (a 0.05 x 0.10 wing is one tick, not 67 %). Limits bind openings; leaving a position asks only for a price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from vocabulary.contracts import AssetClass, Contract
from vocabulary.market import Quote
from vocabulary.parameters import from_text, setting


@dataclass(frozen=True, slots=True)
class LiquidityLimits:
    """Limits of one asset class."""

    max_spread: float = setting(0.10, "fraction of mid", "method E: S001 2 %, SPEC/METH 10 %", "widest quote that is traded", 0.0)
    free_spread: float = setting(0.10, "price", "two ticks of a cheap option", "a quote no wider than this is never too wide", 0.0)
    min_open_interest: float = setting(100.0, "contracts", "S001 OI > 100", "least open interest, where the chain states it", 0.0)
    max_age: float = setting(900.0, "seconds", "rows of quiet contracts come every 5 to 10 minutes", "oldest quote an opening may use", 1.0)


DEFAULT_LIMITS: Mapping[AssetClass, LiquidityLimits] = {
    AssetClass.EQUITY: LiquidityLimits(0.005, 0.05, 0.0, 120.0),
    AssetClass.FUTURE: LiquidityLimits(0.005, 1.0, 0.0, 120.0),
    AssetClass.EQUITY_OPTION: LiquidityLimits(0.10, 0.10, 100.0, 900.0),
    AssetClass.INDEX_OPTION: LiquidityLimits(0.15, 0.50, 0.0, 900.0),
    AssetClass.FUTURE_OPTION: LiquidityLimits(0.25, 1.50, 0.0, 900.0),
    AssetClass.INDEX: LiquidityLimits(),
}
"""Defaults per class; `liquidity_limits` reads changes from parameters such as `liquidity.future_option.max_spread=0.3`."""


def liquidity_limits(parameters: Mapping[str, str]) -> dict[AssetClass, LiquidityLimits]:
    """Limits per class with the entries `liquidity.<class>.<field>` of `parameters` put in. Raises BadInput for an unknown field or bad number."""
    return {asset: _changed(parameters, asset, limits) for asset, limits in DEFAULT_LIMITS.items()}


def _changed(parameters: Mapping[str, str], asset: AssetClass, limits: LiquidityLimits) -> LiquidityLimits:
    prefix = f"liquidity.{asset.value}"
    stated = {f"{prefix}.{name}": repr(getattr(limits, name)) for name in ("max_spread", "free_spread", "min_open_interest", "max_age")}
    return from_text(LiquidityLimits, {**stated, **parameters}, prefix)


def has_price(quote: Quote | None, quantity: int) -> bool:
    """True when the side a trade of that sign needs is quoted: the ask to buy, a bid above zero to sell."""
    if quote is None:
        return False
    side = quote.ask if quantity > 0 else quote.bid
    return not isnan(side) and side > 0


def illiquid(contract: Contract, quote: Quote | None, quantity: int, open_interest: float, limits: LiquidityLimits) -> str:
    """Why an opening leg cannot be traded now, "" when it can. open_interest NaN: not stated, not tested."""
    if quote is None or not has_price(quote, quantity):
        return f"{contract.key}: no {'ask' if quantity > 0 else 'bid'}"
    if isnan(quote.ask):
        return f"{contract.key}: no ask, so nobody says what leaving would cost"
    if quote.age > limits.max_age:
        return f"{contract.key}: quote is {quote.age:.0f} s old, limit {limits.max_age:.0f}"
    if open_interest < limits.min_open_interest:
        return f"{contract.key}: open interest {open_interest:.0f}, limit {limits.min_open_interest:.0f}"
    bid = 0.0 if isnan(quote.bid) else quote.bid
    width, middle = quote.ask - bid, (quote.ask + bid) / 2
    if width > limits.free_spread and width > limits.max_spread * middle:
        return f"{contract.key}: spread {width:.2f} is {width / middle:.0%} of mid, limit {limits.max_spread:.0%}"
    return ""
