"""Map rows of futures: which contract a continuous future stands for, by day and mapping mode, as LEAN's map files list them.

A contract is named by LEAN's security identifier: ticker and a base-36 number whose decimal digits hold security type, market, strike, style and expiry date
in days since 30 December 1899 (LEAN's documented layout).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketdata.port import MapRow
from marketdata.synthetic.calendar import FIRST, LAST, session_before, session_on_or_before
from marketdata.synthetic.expiries import QUARTERS, crude_last_trade, gold_last_trade, months_from

OLE_EPOCH = date(1899, 12, 30)
FUTURE_TYPE, DATE_UNIT, MARKET_UNIT = 5, 10**14, 100
MARKET_NUMBERS = {"nymex": 7, "comex": 22, "cme": 23}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LAST_TRADING_DAY, FIRST_DAY_MONTH, OPEN_INTEREST, OPEN_INTEREST_ANNUAL = range(4)
ROLL_SESSIONS = 3
"""Open interest is in the next contract this many sessions before the last trading day."""


@dataclass(frozen=True, slots=True)
class FutureCycle:
    """A product's delivery months and last trading days."""

    market: str
    months: tuple[int, ...]
    last_trade: Callable[[int, int], date]


def nominal_third_friday(year: int, month: int) -> date:
    """Third Friday whether it is a session or not: the date ES contracts are named by."""
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


CYCLES: Mapping[str, FutureCycle] = {
    "es": FutureCycle("cme", QUARTERS, nominal_third_friday),
    "cl": FutureCycle("nymex", tuple(range(1, 13)), crude_last_trade),
    "gc": FutureCycle("comex", (2, 4, 6, 8, 10, 12), gold_last_trade),
}


def future_map_rows(ticker: str) -> Sequence[MapRow]:
    """Rows of all modes by date, the canonical name first; empty for a product that is not traded here."""
    cycle = CYCLES.get(ticker)
    if cycle is None:
        return ()
    count = 12 * (LAST.year - FIRST.year + 2)
    named = (cycle.last_trade(*one) for one in months_from(FIRST, count) if one[1] in cycle.months)
    contracts = [last for last in named if last > FIRST]
    rows = [
        MapRow(day, f"{ticker} {identifier(cycle.market, last)}", cycle.market.upper(), mode)
        for last in contracts
        for mode, day in enumerate((last, last.replace(day=1) - timedelta(days=1), rolled(last), rolled(last)))
    ]
    return [MapRow(OLE_EPOCH, ticker, cycle.market.upper()), *sorted(rows, key=lambda row: (row.day, row.mode or 0))]


def rolled(last: date) -> date:
    """Last day on which open interest is in the contract."""
    return session_before(session_on_or_before(last), ROLL_SESSIONS)


def identifier(market: str, expiry: date) -> str:
    """Number part of the identifier of a future contract."""
    number = FUTURE_TYPE + MARKET_NUMBERS[market] * MARKET_UNIT + (expiry - OLE_EPOCH).days * DATE_UNIT
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits
