"""What a position is worth now: the natural mark (what leaving costs) and the mid beside it, each with the age of the oldest quote behind it.

A long that nobody bids for is worth nothing at the natural price, which is a fact and not a gap. A short that nobody offers, or whose quote is too old,
cannot be priced: then the marks are incomplete and no rule on money may act.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isnan, nan

from vocabulary.contracts import Contract
from vocabulary.market import MarketView, Quote
from vocabulary.positions import Greeks, Holding, Marks, Position

GreeksOf = Callable[[Contract, MarketView], Greeks | None]
"""Greeks of one contract (delta in shares, for one contract bought), None when they cannot be computed."""

NO_GREEKS = Greeks(0.0, 0.0, 0.0, 0.0, 0.0)


def closing_price(quote: Quote, quantity: int) -> float:
    """Price at which a holding of that sign can be left: bid for a long (0 when there is only an ask), ask for a short; NaN when unknown."""
    if quantity < 0:
        return quote.ask
    return 0.0 if isnan(quote.bid) and not isnan(quote.ask) else quote.bid


def mid_price(quote: Quote) -> float:
    """Mean of bid and ask where a missing bid counts as 0; NaN without an ask."""
    return (0.0 if isnan(quote.bid) else quote.bid) / 2 + quote.ask / 2


def mark(position: Position, view: MarketView, greeks_of: GreeksOf | None = None, max_age: float = inf) -> Marks:
    """Value what the position holds. Incomplete (all figures NaN) when any holding has no usable quote, or a short none younger than max_age seconds."""
    priced = [(held, usable_quote(view.quote(held.contract), held.quantity, max_age)) for held in position.holdings]
    values = [_values(held, quote) for held, quote in priced]
    natural, mid = sum(value[0] for value in values), sum(value[1] for value in values)
    if isnan(natural) or isnan(mid):
        return Marks(nan, nan, nan, nan, False, nan, None)
    oldest = max((quote.age for _, quote in priced if quote is not None), default=0.0)
    cash = float(position.net_cash)
    return Marks(natural, mid, cash + natural, cash + mid, True, oldest, _greeks(position, view, greeks_of))


def usable_quote(quote: Quote | None, quantity: int, max_age: float) -> Quote | None:
    """The quote, None when a short would be valued with one older than max_age seconds."""
    return None if quote is not None and quantity < 0 and quote.age > max_age else quote


def _values(held: Holding, quote: Quote | None) -> tuple[float, float]:
    if quote is None:
        return nan, nan
    size = held.quantity * held.contract.multiplier
    return closing_price(quote, held.quantity) * size, mid_price(quote) * size


def _greeks(position: Position, view: MarketView, greeks_of: GreeksOf | None) -> Greeks | None:
    if greeks_of is None:
        return None
    total = NO_GREEKS
    for held in position.holdings:
        each = greeks_of(held.contract, view)
        if each is None:
            return None
        total = add_greeks(total, each, held.quantity)
    return total


def add_greeks(total: Greeks, each: Greeks, quantity: float) -> Greeks:
    """Total plus `quantity` times another."""
    return Greeks(
        total.delta + quantity * each.delta,
        total.gamma + quantity * each.gamma,
        total.theta + quantity * each.theta,
        total.vega + quantity * each.vega,
        total.rho + quantity * each.rho,
    )
