"""Which weekly call to sell: expiry, depth by trend, and the safe invariant above everything (A4).

The trend asks for at the money or somewhat in the money, never out; the safe invariant asks for a strike at which being called away loses nothing. In the first
weeks of a LEAP the two cannot both hold, because its time value is not earned back yet: then the invariant wins and the call is sold out of the money, up to
a bound beyond which none is sold at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, isfinite

from strategies.chain_selection import nearest_expiry, nearest_strikes, side
from strategies.daily_indicators import exponential_average
from strategies.ipmcc.holdings import Parts
from strategies.ipmcc.parameters import IpmccParameters, SafeInvariant
from vocabulary.contracts import Contract, Right
from vocabulary.market import Chain, MarketView
from vocabulary.positions import Position

REGISTERED_BELOW = 0.03  # fraction of the price registered below and (with max_otm) above it, since the price moves until the sale
NEIGHBOURS = 40


@dataclass(frozen=True, slots=True)
class WeeklyCall:
    """A call that may be sold now: its bid, the depth the trend asked for, and the lowest strike that is safe."""

    contract: Contract
    bid: float
    depth: float
    safe_strike: float


def weekly_expiry(chain: Chain, today: date, parameters: IpmccParameters) -> date | None:
    """The weekly expiry nearest to the wanted days."""
    return nearest_expiry(chain, today, parameters.short_dte, parameters.short_dte_low, parameters.short_dte_high)


def candidates(view: MarketView, symbol: str, parameters: IpmccParameters) -> tuple[Contract, ...]:
    """Calls of the next weekly expiry around the price, to be registered before the sale."""
    chain, price = view.chain(symbol), view.price(symbol)
    expiry = None if chain is None else weekly_expiry(chain, view.now.date(), parameters)
    if chain is None or price is None or expiry is None:
        return ()
    calls = side(chain, expiry, Right.CALL)
    near = (calls.strike >= price * (1 - REGISTERED_BELOW)) & (calls.strike <= price * (1 + parameters.max_otm + 0.01))
    return tuple(calls.rows(near).contracts)


def depth_wanted(view: MarketView, symbol: str, price: float, leap_loss: float, parameters: IpmccParameters) -> float | None:
    """How far in the money the trend wants the call, as a fraction of the price; None without enough history."""
    closes = view.daily(symbol, parameters.ema_slow * 6).close
    fast, slow = exponential_average(closes, parameters.ema_fast), exponential_average(closes, parameters.ema_slow)
    if fast is None or slow is None:
        return None
    depth = parameters.down_depth if fast < slow else 0.0
    if price > fast * (1 + parameters.stretched):
        depth = parameters.stretched_depth
    return depth + (parameters.down_depth if leap_loss >= parameters.leap_deeper else 0.0)


def choose(view: MarketView, position: Position, parts: Parts, leap_loss: float, parameters: IpmccParameters, going_cost: float = 0.0) -> WeeklyCall | None:
    """The lowest quoted strike that is both near the wanted depth or above, and safe; None when none is allowed.

    going_cost: what buying back the present call costs per share, when this sale is half of a roll.
    """
    symbol, price, chain = position.underlying, view.price(position.underlying), view.chain(position.underlying)
    depth = None if price is None else depth_wanted(view, symbol, price, leap_loss, parameters)
    expiry = None if chain is None else weekly_expiry(chain, view.now.date(), parameters)
    if chain is None or price is None or depth is None or expiry is None:
        return None
    calls = side(chain, expiry, Right.CALL)
    wanted = nearest_strikes(calls, price * (1 - depth), 1)
    floor = wanted[0].strike_price if wanted else price
    allowed = calls.rows((calls.strike >= floor) & (calls.strike <= price * (1 + parameters.max_otm)))
    for contract in allowed.contracts[:NEIGHBOURS]:
        found = _sellable(view, position, parts, contract, depth, going_cost, parameters)
        if found is not None:
            return found
    return None


def roll_up(view: MarketView, position: Position, parts: Parts, going: Contract, going_cost: float, parameters: IpmccParameters) -> WeeklyCall | None:
    """The highest strike of the next week, from the present one on, that still brings a credit over what the call in the money costs; None without one."""
    price, chain = view.price(position.underlying), view.chain(position.underlying)
    expiry = None if chain is None else weekly_expiry(chain, view.now.date(), parameters)
    if chain is None or price is None or expiry is None:
        return None
    calls = side(chain, expiry, Right.CALL)
    allowed = calls.rows((calls.strike >= going.strike_price) & (calls.strike <= price * (1 + parameters.max_otm)))
    for contract in reversed(allowed.contracts):
        found = _sellable(view, position, parts, contract, 0.0, going_cost, parameters)
        if found is not None and found.bid - going_cost >= parameters.min_short_credit:
            return found
    return None


def unpaid_safe_strike(view: MarketView, position: Position, parts: Parts, parameters: IpmccParameters) -> float:
    """Lowest safe strike of a call sold today for nothing: what any premium is then taken off."""
    expiry = view.now.date() + timedelta(days=parameters.short_dte)
    return parts.safe_strike(position, 0.0, _discount(view, parts, expiry, parameters))


def _sellable(
    view: MarketView, position: Position, parts: Parts, contract: Contract, depth: float, going_cost: float, parameters: IpmccParameters
) -> WeeklyCall | None:
    quote = view.quote(contract)
    if quote is None or not isfinite(quote.bid) or quote.bid < parameters.min_short_credit:
        return None
    safe = parts.safe_strike(position, quote.bid - going_cost, _discount(view, parts, contract.expiry, parameters))
    if parameters.safe_invariant is not SafeInvariant.OFF and contract.strike_price < safe - 1e-9:
        return None
    return WeeklyCall(contract, quote.bid, depth, safe)


def _discount(view: MarketView, parts: Parts, expiry: date | None, parameters: IpmccParameters) -> float:
    """Present value of 1.00 of LEAP strike on the day the short call ends; 1 for the literal invariant."""
    if parameters.safe_invariant is SafeInvariant.LITERAL or expiry is None or parts.leap.contract.expiry is None:
        return 1.0
    return exp(-view.rate() * (parts.leap.contract.expiry - expiry).days / 365.0)
