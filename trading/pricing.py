"""Net prices of a combo, per unit, in the broker's sign (debit positive): at mid, at the natural price, and on the walk between the two.

LEAN fills a combo limit only when the quotes are strictly better than the limit, and refuses a limit of zero; so the last step of a walk goes one tick
beyond the natural price, and a zero is moved by a tick to the side that trades.
"""

from __future__ import annotations

from math import isnan

from vocabulary.contracts import Structure
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


def walked_limit(mid: float, natural: float, fraction: float, tick: float = 0.01) -> float:
    """Limit at `fraction` of the way from mid to natural; from 1 on one tick beyond the natural price. Rounded to ticks, never zero; NaN without prices."""
    if isnan(mid) or isnan(natural):
        return float("nan")
    raw = natural + tick if fraction >= 1 else mid + fraction * (natural - mid)
    steps = round(raw / tick)
    return round((steps or 1) * tick, 10)
