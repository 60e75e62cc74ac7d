"""A market view over plain values, for tests of everything that reads one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vocabulary.contracts import AssetClass, Contract, Right, Settlement, Style
from vocabulary.market import AccountView, Chain, DailyBars, Dividend, Quote, Session

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2024, 11, 29, 10, 30, tzinfo=NEW_YORK)
EARLY = date(2024, 11, 29)
NAN = float("nan")


class PlainView:
    """A market view over plain values: 2024-11-29 closes at 13:00, weekdays at 16:00."""

    def __init__(self, quotes: dict[Contract, Quote], dividend: Dividend | None = None) -> None:
        self._quotes, self._dividend = quotes, dividend

    now = NOW
    vix = 14.0
    account = AccountView("USD", 50_000.0, 50_000.0, 0.0, 50_000.0)

    def price(self, underlying: str) -> float | None:
        return {"SPY": 600.0, "SPX": 6000.0, "ES": 6010.0}.get(underlying)

    def opening_price(self, underlying: str) -> float | None:
        return self.price(underlying)

    def quote(self, contract: Contract) -> Quote | None:
        return self._quotes.get(contract)

    def chain(self, underlying: str) -> Chain | None:
        return None

    def daily(self, underlying: str, days: int) -> DailyBars:
        raise AssertionError("not asked for")

    def session(self, underlying: str, day: date) -> Session | None:
        if day.weekday() > 4:
            return None
        start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=NEW_YORK)
        return Session(day, start, start + timedelta(hours=3.5 if day == EARLY else 6.5))

    def sessions(self, underlying: str, first: date, last: date) -> Sequence[Session]:
        return []

    def rate(self) -> float:
        return 0.045

    def next_dividend(self, underlying: str) -> Dividend | None:
        return self._dividend if underlying == "SPY" else None


def spy(strike: float, right: Right, expiry: date = date(2025, 1, 17)) -> Contract:
    return Contract(AssetClass.EQUITY_OPTION, "SPY", 100.0, "", expiry, strike, right, Style.AMERICAN, Settlement.PHYSICAL_PM)
