"""History from the vendors' own services: ThetaData's Terminal, Massive (formerly Polygon), tastytrade's dxLink candles.

Each part has two halves: asking (the vendor's client or plain HTTP to the user's Terminal) and reading (a pure function from the vendor's rows to a chain
frame), so that reading is tested on rows in the recorded form. Keys come from the environment (MASSIVE_API_KEY or POLYGON_API_KEY); none is ever stored.
Formats: ThetaData Terminal v3 REST (`/v3/option/history/quote`, CSV), Massive aggregates, dxLink Candle events.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx
import pandas as pd

from marketdata.importers.chain_frame import conform
from vocabulary.errors import BadInput, CorruptData, MissingData

TERMINAL = "http://127.0.0.1:25503"
NO_DATA = 472
TIMEOUT_SECONDS = 120
QUIET_SECONDS = 10.0
NEW_YORK = ZoneInfo("America/New_York")
OSI = re.compile(r"^(?:O:)?(?P<root>[A-Z]{1,6})(?P<expiry>\d{6})(?P<right>[CP])(?P<strike>\d{8})$")
DXLINK = re.compile(r"^\.(?P<root>[A-Z]{1,6})(?P<expiry>\d{6})(?P<right>[CP])(?P<strike>\d+(?:\.\d+)?)(?:\{.*\})?$")
THETA_QUOTES = {
    "at": "timestamp",
    "expiry": "expiration",
    "strike": "strike",
    "right": "right",
    "bid": "bid",
    "ask": "ask",
    "bid_size": "bid_size",
    "ask_size": "ask_size",
}
BARS = {"at": "at", "expiry": "expiry", "strike": "strike", "right": "right", "open": "open", "high": "high", "low": "low", "last": "close", "volume": "volume"}


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What to ask for: an option root and a range of days, both ends included; interval of intraday rows in minutes."""

    root: str
    first: date
    last: date
    interval_minutes: int = 1

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BadInput(f"history of {self.root}: first day {self.first} is after last day {self.last}")
        if not 1 <= self.interval_minutes <= 60:
            raise BadInput(f"history of {self.root}: interval_minutes {self.interval_minutes}; allowed 1 to 60")


def fetch_thetadata(request: HistoryRequest, terminal: str = TERMINAL) -> pd.DataFrame:
    """Quotes of every contract of a root, a day per request (the Terminal allows all expirations for single days only).

    Raises MissingData when no Terminal answers or it has no rows, CorruptData for an answer that is not its CSV.
    """
    days = pd.bdate_range(request.first, request.last)
    frames = [frame for day in days if (frame := thetadata_day(request, day.date(), terminal)) is not None]
    if not frames:
        raise MissingData(f"ThetaData has no quotes of {request.root} from {request.first} to {request.last} for this account")
    return pd.concat(frames, ignore_index=True)


def thetadata_day(request: HistoryRequest, day: date, terminal: str) -> pd.DataFrame | None:
    """One day; None when the Terminal says that there is no data."""
    query = {
        "symbol": request.root,
        "expiration": "*",
        "strike": "*",
        "right": "both",
        "date": f"{day:%Y%m%d}",
        "interval": f"{request.interval_minutes}m",
        "format": "csv",
    }
    try:
        answer = httpx.get(f"{terminal}/v3/option/history/quote", params=query, timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as reason:
        raise MissingData(f"no ThetaData Terminal answers at {terminal} ({reason}); start it and try again") from reason
    if answer.status_code == NO_DATA:
        return None
    if not answer.is_success:
        raise MissingData(f"ThetaData Terminal answered {answer.status_code} for {request.root} {day}: {answer.text.strip()[:200]}")
    return read_thetadata(answer.text)


def read_thetadata(text: str) -> pd.DataFrame:
    """The Terminal's quote CSV as chain frame. Raises CorruptData when it is not that."""
    try:
        table = pd.read_csv(io.StringIO(text))
    except (ValueError, pd.errors.ParserError) as reason:
        raise CorruptData(f"ThetaData answer is not CSV: {reason}") from reason
    return conform(table, THETA_QUOTES, "ThetaData quotes")


class AggregateSource(Protocol):
    """The part of Massive's REST client that is used."""

    def list_aggs(self, ticker: str, multiplier: int, timespan: str, from_: str, to: str) -> Iterable[Any]:
        """Aggregate bars with open, high, low, close, volume and timestamp (milliseconds since 1970, UTC)."""
        ...


def massive_client() -> AggregateSource:
    """Massive's own client with the key of the environment. Raises BadInput when the package or the key is missing."""
    key = os.environ.get("MASSIVE_API_KEY") or os.environ.get("POLYGON_API_KEY")
    if not key:
        raise BadInput("set MASSIVE_API_KEY (or POLYGON_API_KEY) in the environment to fetch from Massive")
    try:
        from massive import RESTClient  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError as reason:
        raise BadInput("the `massive` package is not installed; python3 -m pip install massive") from reason
    return RESTClient(key)


def fetch_massive(request: HistoryRequest, tickers: Iterable[str], client: AggregateSource) -> pd.DataFrame:
    """Minute bars of option tickers (`O:SPY251220P00550000`). Massive's aggregates carry trades, not quotes: bid and ask stay unknown."""
    rows: list[dict[str, Any]] = []
    for ticker in tickers:
        bars = client.list_aggs(ticker, request.interval_minutes, "minute", request.first.isoformat(), request.last.isoformat())
        rows += [massive_row(ticker, bar) for bar in bars]
    if not rows:
        raise MissingData(f"Massive has no bars for the given tickers of {request.root} from {request.first} to {request.last}")
    return conform(pd.DataFrame(rows), BARS, "Massive aggregates")


def massive_row(ticker: str, bar: Any) -> dict[str, Any]:
    """One aggregate bar; a missing price or time is refused, never taken as 0."""
    wanted = {name: getattr(bar, name, None) for name in ("open", "high", "low", "close", "volume", "timestamp")}
    absent = [name for name, value in wanted.items() if value is None]
    if absent:
        raise CorruptData(f"Massive bar of {ticker}: field {absent[0]} is missing")
    at = pd.Timestamp(int(bar.timestamp), unit="ms", tz="UTC")
    return {**contract_of(ticker, OSI, 1000), **wanted, "at": at}


def read_candles(candles: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """dxLink Candle events of options (`.SPY251220P550{=m}`) as chain frame: prices of trades, volume, implied volatility and open interest.

    Events without a price (the feed's end-of-snapshot marks) are left out. Raises MissingData when nothing is left.
    """
    rows = [
        {
            **contract_of(str(candle["eventSymbol"]), DXLINK, 1),
            **{name: candle.get(name) for name in ("open", "high", "low", "close", "volume")},
            "iv": candle.get("impVolatility"),
            "open_interest": candle.get("openInterest"),
            "at": pd.Timestamp(int(candle["time"]), unit="ms", tz="UTC"),
        }
        for candle in candles
        if isinstance(candle.get("close"), (int, float)) and candle["close"] == candle["close"]
    ]
    if not rows:
        raise MissingData("the candle feed sent no bar with a price; the contracts may not have traded")
    return conform(pd.DataFrame(rows), {**BARS, "iv": "iv", "open_interest": "open_interest"}, "dxLink candles")


SNAPSHOT_ENDS = 0x08 | 0x10
"""dxLink event flags SNAPSHOT_END and SNAPSHOT_SNIP: the history asked for is complete."""


class CandleSource(Protocol):
    """The part of the tastytrade SDK's dxLink streamer that is used."""

    async def subscribe_candle(self, symbols: list[str], interval: str, start_time: datetime) -> None:
        """Ask for candles from a time on."""
        ...

    async def get_event(self, event_class: Any) -> Any:
        """The next event of a class; waits for it."""
        ...


def tastytrade_candles(request: HistoryRequest, symbols: Sequence[str]) -> pd.DataFrame:
    """Candles of dxLink option symbols (`.SPY251220P550`) through the tastytrade SDK with the credentials of the environment.

    Raises BadInput when the package or TASTYTRADE_CLIENT_SECRET and TASTYTRADE_REFRESH_TOKEN are missing.
    """
    secret, token = os.environ.get("TASTYTRADE_CLIENT_SECRET"), os.environ.get("TASTYTRADE_REFRESH_TOKEN")
    if not secret or not token:
        raise BadInput("set TASTYTRADE_CLIENT_SECRET and TASTYTRADE_REFRESH_TOKEN in the environment to fetch from tastytrade")
    try:
        from tastytrade import DXLinkStreamer, Session  # pyright: ignore[reportMissingImports]
        from tastytrade.dxfeed import Candle  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError as reason:
        raise BadInput("the `tastytrade` package is not installed; python3 -m pip install tastytrade") from reason

    async def collect() -> list[dict[str, Any]]:
        async with DXLinkStreamer(Session(secret, token)) as streamer:
            return await snapshot(request, symbols, streamer, Candle)

    return within(read_candles(asyncio.run(collect())), request)


async def snapshot(request: HistoryRequest, symbols: Sequence[str], source: CandleSource, event_class: Any) -> list[dict[str, Any]]:
    """Events of every symbol until its snapshot ends, or no event comes for QUIET_SECONDS. Keys as dxLink names them."""
    start = datetime.combine(request.first, time(), tzinfo=NEW_YORK)
    await source.subscribe_candle(list(symbols), f"{request.interval_minutes}m", start)
    waiting, events = set(symbols), list[dict[str, Any]]()
    while waiting:
        try:
            event = await asyncio.wait_for(source.get_event(event_class), QUIET_SECONDS)
        except TimeoutError:
            break
        events.append(candle_row(event))
        if event.event_flags & SNAPSHOT_ENDS:
            waiting.discard(event.event_symbol.split("{")[0])
    return events


def candle_row(event: Any) -> dict[str, Any]:
    """A candle of the SDK under dxLink's own field names; a price that is not there is None."""
    prices = {name: None if (value := getattr(event, name)) is None else float(value) for name in ("open", "high", "low", "close", "volume")}
    return {
        "eventSymbol": event.event_symbol,
        "time": int(event.time),
        **prices,
        "impVolatility": None if event.imp_volatility is None else float(event.imp_volatility),
        "openInterest": event.open_interest,
    }


def within(frame: pd.DataFrame, request: HistoryRequest) -> pd.DataFrame:
    """Rows of the requested days. Raises MissingData when there is none."""
    days = frame["at"].dt.date
    kept = frame[(days >= request.first) & (days <= request.last)].reset_index(drop=True)
    if not len(kept):
        raise MissingData(f"no candles of {request.root} from {request.first} to {request.last}")
    return kept


def contract_of(symbol: str, form: re.Pattern[str], strike_divisor: int) -> dict[str, Any]:
    """Expiry, strike and right of a vendor's option symbol. Raises CorruptData when it is not one."""
    found = form.match(symbol)
    if found is None:
        raise CorruptData(f"{symbol!r} is not an option symbol of this vendor")
    expiry = datetime.strptime(found["expiry"], "%y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
    return {"expiry": pd.Timestamp(expiry), "strike": float(found["strike"]) / strike_divisor, "right": found["right"]}
