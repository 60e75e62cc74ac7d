"""`self.market_hours_database`: the hours of any market the data knows, added to the algorithm or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leanlocal.enums import SecurityType
from leanlocal.mappings import as_symbol
from leanlocal.market_hours import ExchangeHours
from leanlocal.securities.exchange import SecurityExchangeHours
from leanlocal.securities.subscriptions import SubscriptionDataConfig
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol
from leanlocal.zone_names import TimeZone

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


class Entry(LeanObject[ExchangeHours]):
    """Hours of a market and the zone its data files are written in."""

    def __init__(self, core: ExchangeHours) -> None:
        self._core = core

    @property
    def exchange_hours(self) -> SecurityExchangeHours:
        """Hours."""
        return SecurityExchangeHours(self._core)

    @property
    def data_time_zone(self) -> TimeZone:
        """Zone of the data files."""
        return TimeZone(self._core.data_zone.name)


class MarketHoursDatabase(LeanObject["RunContext"]):
    """Hours by market, symbol or ticker, and kind of security."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    def get_exchange_hours(self, market: Any, symbol: Any = None, security_type: SecurityType | None = None) -> SecurityExchangeHours:
        """Hours of a market's symbol, or of a subscription. Raises MissingData for a market that is not in the data."""
        if isinstance(market, SubscriptionDataConfig):
            return SecurityExchangeHours(self._core.securities.hours_of(market.symbol))
        return self.get_entry(market, symbol, security_type).exchange_hours

    def get_data_time_zone(self, market: str, symbol: Any, security_type: SecurityType) -> TimeZone:
        """Zone a market's data files are written in. Raises MissingData for a market that is not in the data."""
        return self.get_entry(market, symbol, security_type).data_time_zone

    def get_entry(self, market: str, symbol: Any, security_type: SecurityType | None = None) -> Entry:
        """Hours and data zone; a ticker that has no entry of its own takes its market's. Raises MissingData for a market that is not in the data."""
        known = None if isinstance(symbol, str) else as_symbol(symbol)
        if isinstance(known, Symbol):
            return Entry(self._core.securities.hours_of(known))
        kind = SecurityType.EQUITY if security_type is None else SecurityType(security_type)
        return Entry(self._core.securities.hours.hours(kind, market, str(symbol or "[*]")))
