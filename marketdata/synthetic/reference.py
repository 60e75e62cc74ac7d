"""Reference data of the synthetic market in LEAN's own shapes: trading hours, contract specifications, map and factor rows, margins.

Hours and holidays follow the calendar the prices are made on, so that an engine never expects data on a day that has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from marketdata.port import FactorRow, Kind, MapRow, MarginRow, SymbolProperties
from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.dividends import ex_days

FOREVER = date(2050, 12, 31)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
FIRST_LISTED = {"spy": date(1998, 1, 2), "qqq": date(1999, 3, 10), "iwm": date(2000, 5, 26), "gld": date(2004, 11, 18), "tlt": date(2002, 7, 26)}
EXCHANGES = {"spy": "P", "qqq": "Q", "iwm": "P", "gld": "P", "tlt": "Q"}
MARGINS: Mapping[str, Sequence[MarginRow]] = {
    "es": (MarginRow(date(2017, 1, 1), Decimal(6600), Decimal(6000)), MarginRow(date(2020, 3, 1), Decimal(13200), Decimal(12000))),
    "cl": (MarginRow(date(2017, 1, 1), Decimal(3850), Decimal(3500)), MarginRow(date(2020, 3, 1), Decimal(6600), Decimal(6000))),
    "gc": (MarginRow(date(2017, 1, 1), Decimal(4950), Decimal(4500)), MarginRow(date(2020, 3, 1), Decimal(9900), Decimal(9000))),
}
"""Initial and maintenance per contract, rounded from the exchange's published figures."""

Segment = tuple[str, str, str]
NEW_YORK, CHICAGO, UTC = "America/New_York", "America/Chicago", "UTC"
SHARE_HOURS: Sequence[Segment] = (("04:00:00", "09:30:00", "premarket"), ("09:30:00", "16:00:00", "market"), ("16:00:00", "20:00:00", "postmarket"))
OPTION_HOURS: Sequence[Segment] = (("09:30:00", "16:00:00", "market"),)
INDEX_HOURS: Sequence[Segment] = (("08:30:00", "15:15:00", "market"),)
VIX_HOURS: Sequence[Segment] = (("02:15:00", "08:15:00", "premarket"), ("08:30:00", "15:15:00", "market"))
DAY_HOURS: Sequence[Segment] = (("00:00:00", "09:30:00", "premarket"), ("09:30:00", "17:00:00", "market"))
EVENING: Segment = ("18:00:00", "1.00:00:00", "postmarket")
PAIR_DAY: Sequence[Segment] = (("00:00:00", "17:00:00", "market"),)
PAIR_EVENING: Segment = ("18:00:00", "1.00:00:00", "market")


def market_hours() -> dict[str, object]:
    """The market-hours database."""
    entries: dict[str, object] = {}
    for key, data, exchange, day, early in (
        ("Equity-usa-[*]", NEW_YORK, NEW_YORK, SHARE_HOURS, "13:00:00"),
        ("Option-usa-[*]", NEW_YORK, NEW_YORK, OPTION_HOURS, "13:00:00"),
        ("Index-usa-[*]", CHICAGO, CHICAGO, INDEX_HOURS, "12:15:00"),
        ("Index-usa-SPX", CHICAGO, CHICAGO, INDEX_HOURS, "12:15:00"),
        ("Index-usa-XSP", CHICAGO, CHICAGO, INDEX_HOURS, "12:15:00"),
        ("Index-usa-VIX", CHICAGO, CHICAGO, VIX_HOURS, "12:15:00"),
        ("IndexOption-usa-[*]", NEW_YORK, CHICAGO, INDEX_HOURS, "12:15:00"),
        ("IndexOption-usa-SPX", NEW_YORK, CHICAGO, INDEX_HOURS, "12:15:00"),
        ("IndexOption-usa-SPXW", NEW_YORK, CHICAGO, INDEX_HOURS, "12:15:00"),
        ("IndexOption-usa-XSP", NEW_YORK, CHICAGO, INDEX_HOURS, "12:15:00"),
    ):
        entries[key] = hours_entry(data, exchange, [day] * 5, (), early)
    for key in ("Future-cme-[*]", "Future-cme-ES", "Future-nymex-[*]", "Future-nymex-CL", "Future-comex-[*]", "Future-comex-GC"):
        entries[key] = around_the_clock(DAY_HOURS, EVENING, "13:15:00")
    entries["Forex-oanda-[*]"] = around_the_clock(PAIR_DAY, PAIR_EVENING, "17:00:00")
    return {"entries": entries}


def around_the_clock(day: Sequence[Segment], evening: Segment, early: str) -> dict[str, object]:
    """Sunday evening to Friday evening, New York, data in UTC."""
    return hours_entry(UTC, NEW_YORK, [(*day, evening)] * 4 + [tuple(day)], (evening,), early)


def hours_entry(data: str, exchange: str, week: Sequence[Sequence[Segment]], sunday: Sequence[Segment], early: str) -> dict[str, object]:
    """One entry, with the calendar's holidays and early closes."""
    entry: dict[str, object] = {"dataTimeZone": data, "exchangeTimeZone": exchange, "sunday": segments(sunday), "saturday": []}
    entry |= {name: segments(day) for name, day in zip(WEEK, week, strict=True)}
    calendar = sessions()
    open_days = {int(day) for day in calendar.days}
    first, last = int(calendar.days[0]) - 1, int(calendar.days[-1])
    closed = [day for day in range(first, last) if day not in open_days and weekday(day) < 5]
    entry["holidays"] = [slashed(day) for day in closed]
    entry["earlyCloses"] = {slashed(int(day)): early for day in calendar.days[calendar.half]}
    entry["lateOpens"] = {}
    return entry


def segments(day: Sequence[Segment]) -> list[dict[str, str]]:
    """Sessions of one weekday."""
    return [{"start": start, "end": end, "state": state} for start, end, state in day]


def weekday(day: int) -> int:
    """0 Monday, from days since 1970."""
    return (day + 3) % 7


def slashed(day: int) -> str:
    """M/d/yyyy as the database writes dates."""
    at = date.fromordinal(date(1970, 1, 1).toordinal() + day)
    return f"{at.month}/{at.day}/{at.year}"


def properties(description: str, multiplier: str, tick: str, lot: str = "1") -> SymbolProperties:
    """One row quoted in dollars."""
    return SymbolProperties(description, "USD", Decimal(multiplier), Decimal(tick), Decimal(lot), Decimal(1), Decimal(1))


def symbol_properties() -> Mapping[tuple[str, str, str], SymbolProperties]:
    """The symbol-properties database."""
    return {
        ("usa", "[*]", "equity"): properties("", "1", "0.01"),
        ("usa", "[*]", "option"): properties("", "100", "0.01"),
        ("usa", "[*]", "index"): properties("", "1", "0.01"),
        ("usa", "[*]", "indexoption"): properties("", "100", "0.05"),
        ("cme", "ES", "future"): properties("E-mini S&P 500 Futures", "50", "0.25"),
        ("nymex", "CL", "future"): properties("Crude Oil Futures", "1000", "0.01"),
        ("comex", "GC", "future"): properties("Gold Futures", "100", "0.1"),
        ("oanda", "GBPUSD", "forex"): properties("GBP/USD", "1", "0.00001"),
    }


def map_rows(ticker: str, kind: Kind) -> Sequence[MapRow]:
    """Listing and forever, for the funds."""
    first = FIRST_LISTED.get(ticker.lower())
    if kind is not Kind.EQUITY or first is None:
        return ()
    exchange = EXCHANGES[ticker.lower()]
    return MapRow(first, ticker.lower(), exchange), MapRow(FOREVER, ticker.lower(), exchange)


def factor_rows(ticker: str, closes: Mapping[int, float]) -> Sequence[FactorRow]:
    """Dividend factors from the closes before each ex-day (by session), oldest first; one row at listing and one without end."""
    factor, rows = Decimal(1), [FactorRow(FOREVER, Decimal(1), Decimal(1), Decimal(0))]
    for one in reversed(ex_days(ticker)):
        before = one.index - 1
        if before not in closes:
            continue
        reference = Decimal(str(round(closes[before], 2)))
        factor = factor * (1 - Decimal(str(one.amount)) / reference)
        rows.append(FactorRow(sessions().date(before), rounded(factor), Decimal(1), reference))
    first = FIRST_LISTED.get(ticker)
    if first is not None:
        rows.append(FactorRow(first, rounded(factor), Decimal(1), Decimal(1)))
    return rows[::-1]


def rounded(factor: Decimal) -> Decimal:
    """Seven decimals, as factor files have them."""
    return factor.quantize(Decimal("0.0000001")).normalize()
