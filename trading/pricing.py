"""Net prices of a combo, per unit, in the broker's sign (debit positive): at mid, at the natural price, and on the walk from the one to the other and beyond.

LEAN fills a combo limit only when the quotes are strictly better than the limit, and refuses a limit of zero; so from the natural price on a tick is added, and
a zero is moved by a tick to the side that trades. LEAN moreover compares the limit with the *lows* of the minute on every leg: a credit's larger short legs
then stand lower than at any one moment, by as much as the index moves in a minute. The walk therefore does not end at the natural price: each further step
concedes as much again. A broker fills such an order at the market; the concession is what may be lost while the quotes run away.
"""

from __future__ import annotations

from math import isnan

from vocabulary.contracts import AssetClass, Structure
from vocabulary.market import MarketView, Quote


def leg_price(quote: Quote, ratio: int) -> float:
    """Natural price of one leg: the ask bought, the bid sold."""
    return quote.ask if ratio > 0 else quote.bid


def net_prices(trade: Structure, view: MarketView) -> tuple[float, float]:
    """(mid, natural) of one unit as traded; NaN when a needed side is missing. The mid of a leg without bid counts the bid as 0."""
    mid = natural = 0.0
    for leg in trade.legs:
        quote = view.quote(leg.contract)
        if quote is None:
            return float("nan"), float("nan")
        bid = 0.0 if isnan(quote.bid) else quote.bid
        mid += leg.ratio * (bid + quote.ask) / 2
        natural += leg.ratio * leg_price(quote, leg.ratio)
    return mid, natural


TICKS = {AssetClass.INDEX_OPTION: 0.05, AssetClass.FUTURE_OPTION: 0.05}
"""Increments of net prices: index and future options trade in nickels, the others in cents (exchange rules; LEAN rounds single legs likewise)."""


def tick_of(trade: Structure) -> float:
    """Increment of the structure's net price."""
    return min(TICKS.get(leg.contract.asset, 0.01) for leg in trade.legs)


def walked_limit(mid: float, natural: float, fraction: float, tick: float = 0.01) -> float:
    """Limit at `fraction` of the way from mid to natural, from 1 on a tick more and, beyond 1, further the same way. In ticks, never 0; NaN without prices."""
    if isnan(mid) or isnan(natural):
        return float("nan")
    raw = mid + fraction * (natural - mid) + (tick if fraction >= 1 else 0.0)
    steps = round(raw / tick)
    return round((steps or 1) * tick, 10)
