"""What a run knows of options besides prices: when they settle, the interest-rate file, dividends of their underlyings.

Indicators are made by an algorithm without a word about the run; they find its facts through the book of symbols in use.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal import symbol_book
from leanlocal.clock import HOUR, Micros, day_number
from leanlocal.enums import SecurityType
from leanlocal.market_hours import ExchangeHours
from leanlocal.rates.curves import DividendYields, RateCurve
from leanlocal.symbols import Symbol, expiry_of
from vocabulary.errors import BadInput

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

YEAR = 365 * 24 * HOUR
MORNING_SETTLED = frozenset({"SPX", "NDX", "VIX", "RUT"})
AFTERNOON_SETTLED = frozenset({"SPXW", "RUTW", "VIXW", "NDXP", "NQX"})
AFTERNOON = 15 * HOUR


def settlement_time(symbol: Symbol, hours: ExchangeHours) -> Micros:
    """UTC moment an option's time value is counted to: the session's end, the open for morning-settled indices, 15:00 for afternoon-settled ones."""
    ticker, day = symbol.id.symbol, expiry_of(symbol)
    if symbol.security_type is SecurityType.INDEX_OPTION and ticker in AFTERNOON_SETTLED:
        return hours.zone.to_utc(day_number(day) + AFTERNOON)
    if symbol.security_type is SecurityType.INDEX_OPTION and ticker in MORNING_SETTLED:
        opens = hours.first_open(day)
        return opens if opens is not None else hours.midnight(day)
    day = hours.open_on_or(day, -1)
    closes = hours.last_close(day)
    return closes if closes is not None else hours.midnight(day)


class OptionFacts:
    """Facts of one run, which has its interest-rate file already."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._file: RateCurve = run.rates
        self._yields: dict[Symbol, DividendYields] = {}

    def settlement(self, symbol: Symbol) -> datetime:
        """When an option settles, on its exchange's clock."""
        hours = self._run.securities.hours_of(symbol)
        return hours.zone.local_datetime(settlement_time(symbol, hours))

    def rate(self, day: date) -> Decimal:
        """Risk-free rate of a date by the file, whatever model the algorithm has set for its statistics and indicators."""
        return self._file.at(day)

    def dividends(self, underlying: Symbol) -> DividendYields:
        """Dividends of an equity."""
        if underlying not in self._yields:
            self._yields[underlying] = DividendYields(self._run.data.factor_rows(underlying.value, underlying.id.market))
        return self._yields[underlying]


def facts_in_use() -> OptionFacts:
    """Facts of the run in progress. Raises BadInput outside of one."""
    facts = symbol_book.book().option_facts
    if not isinstance(facts, OptionFacts):
        raise BadInput("an option indicator, InterestRateProvider or DividendYieldProvider was used outside of a run: use it inside an algorithm")
    return facts
