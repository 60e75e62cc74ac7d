"""Last trading days of futures by product: a chain file names contract months only.

Rules of the exchanges' contract specifications (CME Group rulebooks), as far as the project trades the product; others raise NotImplementedError.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from leanlocal.market_hours import ExchangeHours

_DAY = timedelta(days=1)
Rule = Callable[[date, ExchangeHours], date]


def _third_friday(month: date, hours: ExchangeHours) -> date:
    return month + timedelta(days=(4 - month.weekday()) % 7 + 14)


def _third_last_business_day(month: date, hours: ExchangeHours) -> date:
    day = _first_of_next(month)
    for _ in range(3):
        day = hours.next_trading_day(day, -1)
    return day


def _crude_oil(month: date, hours: ExchangeHours) -> date:
    """Third business day before the 25th of the month before delivery (fourth when the 25th is none)."""
    day = (month - _DAY).replace(day=25)
    steps = 3 if hours.is_date_open(day) else 4
    for _ in range(steps):
        day = hours.next_trading_day(day, -1)
    return day


def _natural_gas(month: date, hours: ExchangeHours) -> date:
    """Third business day before the delivery month."""
    day = month
    for _ in range(3):
        day = hours.next_trading_day(day, -1)
    return day


def _treasury(month: date, hours: ExchangeHours) -> date:
    """Seventh business day before the last one of the month."""
    day = hours.next_trading_day(_first_of_next(month), -1)
    for _ in range(7):
        day = hours.next_trading_day(day, -1)
    return day


def _first_of_next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


EQUITY_INDICES = ("ES", "NQ", "YM", "RTY", "EMD", "MES", "MNQ", "MYM", "M2K")
TREASURIES = ("ZB", "ZN", "UB", "TN")
RULES: dict[str, Rule] = {
    **dict.fromkeys(EQUITY_INDICES, _third_friday),
    **dict.fromkeys(("GC", "SI", "HG", "MGC", "PL", "PA"), _third_last_business_day),
    **dict.fromkeys(("CL", "MCL"), _crude_oil),
    **dict.fromkeys(("NG",), _natural_gas),
    **dict.fromkeys(TREASURIES, _treasury),
}

CLOCK: dict[str, timedelta] = {**dict.fromkeys(EQUITY_INDICES, timedelta(hours=13, minutes=30)), **dict.fromkeys(TREASURIES, timedelta(hours=12, minutes=1))}
"""Time of day that LEAN gives the expiry of a contract it read from a chain file; midnight for others."""


def future_expiry(ticker: str, month: date, hours: ExchangeHours) -> date:
    """Last trading day of a contract month (given as its first day). NotImplementedError for a product without a rule here."""
    rule = RULES.get(ticker)
    if rule is None:
        raise NotImplementedError(f"expiry of the future {ticker} is not in leanlocal; see docs/lean-coverage.md")
    return rule(month.replace(day=1), hours)
