"""Gates several strategies share: each returns a refusal with its figures, or None when the way is free.

What a gate needs and cannot see is a refusal as well; nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from risk.parameters import PhaseParameters
from risk.phases import dollars_per_pound
from strategies.daily_indicators import TRADING_DAYS, exponential_average, highest, rank_in_past_year, realised_volatilities
from strategies.protocol import Refusal
from vocabulary.decisions import Strategy
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook


def vix_gate(view: MarketView, low: float, high: float) -> Refusal | None:
    """VIX inside [low, high]; a missing VIX refuses."""
    vix = view.vix
    if vix is None:
        return Refusal("vix_missing", "the VIX is missing or stale", {})
    if vix < low:
        return Refusal("vix_low", f"VIX {vix:.2f} below {low:g}", {"vix": vix, "low": low})
    return Refusal("vix_high", f"VIX {vix:.2f} above {high:g}", {"vix": vix, "high": high}) if vix > high else None


def trend_gate(view: MarketView, symbol: str, fast: int, slow: int) -> Refusal | None:
    """Fast exponential average above the slow one, over completed days (SPEC A2: 8 above 21)."""
    closes = view.daily(symbol, slow * 6).close
    quick, calm = exponential_average(closes, fast), exponential_average(closes, slow)
    if quick is None or calm is None:
        return Refusal("trend_unknown", f"fewer than {slow} daily bars of {symbol}", {"bars": len(closes)})
    return None if quick > calm else Refusal("trend_down", f"EMA{fast} {quick:.2f} is not above EMA{slow} {calm:.2f}", {"fast": quick, "slow": calm})


def year_high_gate(view: MarketView, symbol: str, price: float) -> Refusal | None:
    """Price below the 52-week high (DOC1: never enter at the high). A history shorter than a year is judged by what there is of it, at least a month."""
    bars = view.daily(symbol, TRADING_DAYS)
    top = highest(bars, min(TRADING_DAYS, max(21, len(bars.high))))
    if top is None:
        return Refusal("high_unknown", f"fewer than 21 daily bars of {symbol}", {"bars": len(bars.high)})
    return Refusal("at_year_high", f"price {price:.2f} at the 52-week high {top:.2f}", {"price": price, "high": top}) if price >= top else None


def buying_power_gate(view: MarketView, phases: PhaseParameters, pounds: float) -> Refusal | None:
    """Free margin above an amount in pounds."""
    rate = dollars_per_pound(view, phases)
    if rate is None:
        return Refusal("pound_rate_missing", "the account cannot be expressed in pounds", {"currency": view.account.currency})
    free = view.account.margin_free / rate
    return None if free > pounds else Refusal("buying_power", f"free margin {free:.0f} GBP, needs {pounds:.0f}", {"free_gbp": free, "needs_gbp": pounds})


def rank_gate(view: MarketView, symbol: str, past: str, floor: float) -> Refusal | None:
    """IV rank above `floor` (0 to 1). past: "vix" ranks the VIX among its completed days, "realised" the symbol's 20-day realised volatility."""
    rank = iv_rank_of(view, symbol, past)
    if rank is None:
        return Refusal("iv_rank_unknown", f"fewer than {TRADING_DAYS} earlier days of {past} volatility for {symbol}", {"source": past})
    return None if rank > floor else Refusal("iv_rank_low", f"IV rank {rank:.2f} not above {floor:g}", {"rank": rank, "floor": floor})


def iv_rank_of(view: MarketView, symbol: str, past: str) -> float | None:
    """Rank of today's volatility in the past year, 0 to 1; None without at least 252 earlier days (H-9)."""
    if past == "vix":
        return None if view.vix is None else rank_in_past_year(view.daily("VIX", TRADING_DAYS).close, view.vix)
    volatilities = realised_volatilities(view.daily(symbol, TRADING_DAYS + 21).close)
    return rank_in_past_year(volatilities[:-1], float(volatilities[-1])) if len(volatilities) > 1 else None


def event_gate(today: date, events: Iterable[date], days: int) -> Refusal | None:
    """No listed event within the next `days` calendar days."""
    near = [day for day in sorted(events) if 0 <= (day - today).days <= days]
    return Refusal("event_near", f"event on {near[0]} within {days} days", {"event": near[0].isoformat(), "days": days}) if near else None


def opened_today(book: PositionBook, strategy: Strategy, symbols: Iterable[str], today: date) -> bool:
    """True when the strategy has opened one of these symbols today, closed again or not, or an order for it is out: then it is not asked again."""
    wanted = set(symbols)
    held = [position for position in book.open_positions(strategy) if position.underlying in wanted]
    ended = [position for position in book.closed_positions(strategy) if position.underlying in wanted and position.opened is not None]
    return any(position.opened is None or position.opened.date() == today for position in (*held, *ended))


def account_pounds(view: MarketView, phases: PhaseParameters) -> float | None:
    """Account equity in pounds, None without a rate."""
    rate = dollars_per_pound(view, phases)
    return None if rate is None else view.account.equity / rate


def units_by_account(pounds: float, floors: Iterable[float]) -> int:
    """Units the account table allows: one per floor reached."""
    return sum(1 for floor in floors if pounds >= floor)
