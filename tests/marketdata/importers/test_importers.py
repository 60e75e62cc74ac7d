"""Bought history becomes LEAN files with the same figures; every fault is counted, and what is left out is said."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from marketdata.importers.chain_frame import conform
from marketdata.importers.clients import (
    HistoryRequest,
    fetch_massive,
    fetch_thetadata,
    massive_client,
    read_candles,
    read_thetadata,
    snapshot,
    tastytrade_candles,
    within,
)
from marketdata.importers.files import FileFormat, read_file
from marketdata.importers.lean_output import ImportPolicy, ImportTarget, write_chains
from marketdata.importers.quality import Fault, QualityLimits, check
from marketdata.leanfolder import LeanFolder
from marketdata.leanfolder.writer import FolderWriter
from marketdata.port import Instrument, Kind, QuoteColumns, Step, Tick, TradeColumns
from tests.marketdata.importers.samples import CANDLES, CBOE, OPTIONSDX, THETADATA
from vocabulary.errors import BadInput, CorruptData, MissingData

SPY = ImportTarget(Kind.OPTION, "spy", "spy")
CALL = Instrument(Kind.OPTION, "usa", "spy", date(2024, 1, 19), Decimal(470), "call", "american")
LIMITS = QualityLimits()


def written_file(tmp_path: Path, text: str, name: str = "chain.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def chain(**changes: list[Any]) -> pd.DataFrame:
    """Three sessions of one call; columns can be replaced."""
    plain: dict[str, list[Any]] = {
        "at": ["2024-01-02", "2024-01-03", "2024-01-04"],
        "expiry": ["2024-01-19"] * 3,
        "strike": [470.0] * 3,
        "right": ["C"] * 3,
        "bid": [7.0, 5.3, 5.0],
        "ask": [7.1, 5.4, 5.1],
        "spot": [472.65, 468.79, 467.28],
    }
    frame = pd.DataFrame({**plain, **changes})
    return conform(frame, {name: name for name in frame.columns}, "test")


def test_optionsdx_row_becomes_a_call_and_a_put(tmp_path: Path) -> None:
    frame = read_file(written_file(tmp_path, OPTIONSDX), FileFormat.OPTIONSDX)
    assert len(frame) == 4
    put = frame[(frame["right"] == "put") & (frame["at"] == "2024-01-02")].iloc[0]
    assert (put["bid"], put["ask"], put["bid_size"], put["iv"], put["delta"], put["spot"]) == (4.05, 4.10, 20, 0.13, -0.45, 472.65)


def test_cboe_summary_uses_closing_quotes_and_the_underlyings_mid(tmp_path: Path) -> None:
    frame = read_file(written_file(tmp_path, CBOE), FileFormat.CBOE)
    assert frame.iloc[0][["bid", "ask", "open_interest", "spot"]].tolist() == [11.0, 11.4, 1200, 4742.5]
    assert check(frame).count(Fault.CROSSED) == 1


def test_parquet_columns_are_mapped_by_name(tmp_path: Path) -> None:
    path = tmp_path / "chain.parquet"
    pd.DataFrame({"day": ["2024-01-02"], "exp": ["2024-01-19"], "k": [470], "type": ["put"], "b": [4.0], "a": [4.1]}).to_parquet(path)
    frame = read_file(path, FileFormat.CHAINS, {"at": "day", "expiry": "exp", "strike": "k", "right": "type", "bid": "b", "ask": "a"})
    assert frame.iloc[0][["strike", "right", "bid", "ask"]].tolist() == [470.0, "put", 4.0, 4.1]
    assert np.isnan(frame.iloc[0]["iv"])


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"at": "day"}, "no column is mapped to expiry, strike, right"),
        ({"at": "day", "expiry": "exp", "strike": "k", "right": "side"}, "column 'side' is not in the file; .*file has: .*type"),
        ({"at": "day", "expiry": "exp", "strike": "k", "right": "type", "vol": "b"}, "'vol' is not one of our columns; allowed: .*volume"),
        (None, "needs a column map"),
    ],
)
def test_wrong_column_maps_are_refused_with_what_is_there(tmp_path: Path, names: dict[str, str] | None, says: str) -> None:
    path = written_file(tmp_path, "day,exp,k,type,b\n2024-01-02,2024-01-19,470,put,1\n")
    with pytest.raises(BadInput, match=says):
        read_file(path, FileFormat.CHAINS, names)


def test_a_row_without_a_readable_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorruptData, match="row 2: strike"):
        chain(strike=[470, None, 470])
    with pytest.raises(CorruptData, match="row 3: at 'yesterday'"):
        chain(at=["2024-01-02", "2024-01-03", "yesterday"])
    with pytest.raises(MissingData):
        read_file(tmp_path / "absent.csv", FileFormat.CBOE)


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        (Fault.CROSSED, {"bid": [7.0, 5.5, 5.0]}),
        (Fault.DUPLICATE, {"at": ["2024-01-02", "2024-01-02", "2024-01-03"]}),
        (Fault.EXPIRED, {"expiry": ["2024-01-19", "2024-01-02", "2024-01-19"]}),
        (Fault.NO_QUOTE, {"bid": [7.0, 0, 5.0], "ask": [7.1, 0, 5.1]}),
        (Fault.NEGATIVE_TIME_VALUE, {"strike": [470.0, 460.0, 470.0], "bid": [7.0, 8.0, 5.0], "ask": [7.1, 8.1, 5.1]}),
        (Fault.GAP, {"at": ["2024-01-02", "2024-01-03", "2024-01-05"]}),
        (Fault.SPLIT, {"spot": [472.0, 470.0, 94.1]}),
    ],
)
def test_each_fault_is_counted_once_where_it_was_put(fault: Fault, changes: dict[str, list[Any]]) -> None:
    assert check(chain()).count(fault) == 0
    report = check(chain(**changes))
    assert report.count(fault) == 1
    assert next(finding for finding in report.findings if finding.fault is fault).examples


def test_unchanged_quotes_while_the_underlying_moves_are_stale() -> None:
    days = [f"2024-01-{day:02d}" for day in (2, 3, 4, 5, 8, 9)]
    frozen = {"at": days, "expiry": ["2024-01-19"] * 6, "strike": [470.0] * 6, "right": ["C"] * 6, "bid": [7.0] * 6, "ask": [7.1] * 6}
    moving = pd.DataFrame({**frozen, "spot": [472, 474, 476, 478, 480, 482]})
    still = moving.assign(spot=472.0)
    names = {name: name for name in moving.columns}
    assert check(conform(moving, names, "moving")).count(Fault.STALE) == 5
    assert check(conform(still, names, "still")).count(Fault.STALE) == 0


def test_imported_days_read_back_from_the_lean_folder(tmp_path: Path) -> None:
    frame = read_file(written_file(tmp_path, OPTIONSDX), FileFormat.OPTIONSDX)
    outcome = write_chains(frame, SPY, FolderWriter(tmp_path / "data"), ImportPolicy(), LIMITS)
    folder = LeanFolder(tmp_path / "data")
    quotes, trades = folder.bars(CALL, Step.DAILY, Tick.QUOTE, None), folder.bars(CALL, Step.DAILY, Tick.TRADE, None)
    universe = folder.universe(Instrument(Kind.OPTION, "usa", "spy"), date(2024, 1, 2))
    spot = folder.bars(Instrument(Kind.EQUITY, "usa", "spy"), Step.DAILY, Tick.TRADE, None)
    assert isinstance(quotes, QuoteColumns)
    assert isinstance(trades, TradeColumns)
    assert isinstance(spot, TradeColumns)
    assert universe is not None
    assert outcome.rows == 4
    assert (quotes.bid[:, 3] / quotes.divisor).tolist() == [7.05, 5.3]
    assert len(trades.start) == 1
    assert (spot.close / spot.divisor).tolist() == [472.65, 468.79]
    assert dict(zip(universe.right, universe.delta, strict=True)) == {"C": 0.55, "P": -0.45}


def test_intraday_rows_become_minute_archives(tmp_path: Path) -> None:
    write_chains(read_thetadata(THETADATA), SPY, FolderWriter(tmp_path), ImportPolicy(), LIMITS)
    columns = LeanFolder(tmp_path).bars(CALL, Step.MINUTE, Tick.QUOTE, date(2024, 1, 2))
    assert isinstance(columns, QuoteColumns)
    assert columns.start.astype("datetime64[us]").astype(str).tolist() == ["2024-01-02T09:31:00.000000", "2024-01-02T09:32:00.000000"]
    assert (columns.ask[:, 0] / columns.divisor).tolist() == [7.1, 7.12]


def test_what_the_policy_leaves_out_is_counted(tmp_path: Path) -> None:
    frame = chain(at=["2024-01-02", "2024-01-02", "2024-01-03"], bid=[7.0, 7.0, 9.0], ask=[7.1, 7.1, 5.1])
    outcome = write_chains(frame, SPY, FolderWriter(tmp_path), ImportPolicy(frozenset({Fault.DUPLICATE, Fault.CROSSED})), LIMITS)
    assert outcome.rows == 1
    assert outcome.dropped == {Fault.CROSSED: 1, Fault.DUPLICATE: 1}


def test_policies_that_cannot_be_met_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="duplicate rows cannot be kept"):
        ImportPolicy(frozenset())
    with pytest.raises(BadInput, match="cannot be dropped"):
        ImportPolicy(frozenset({Fault.DUPLICATE, Fault.GAP}))
    with pytest.raises(BadInput, match="no row is left"):
        write_chains(chain(bid=[0.0] * 3, ask=[0.0] * 3), SPY, FolderWriter(tmp_path), ImportPolicy(), LIMITS)


class Bars:
    """Answers as Massive's REST client does: an iterator of objects with fields."""

    def __init__(self, bars: list[Any]) -> None:
        self.bars = bars
        self.asked: list[tuple[str, str, str]] = []

    def list_aggs(self, ticker: str, multiplier: int, timespan: str, from_: str, to: str) -> Iterable[Any]:
        self.asked.append((ticker, from_, to))
        return iter(self.bars)


REQUEST = HistoryRequest("SPY", date(2024, 1, 2), date(2024, 1, 2))


def test_massive_bars_carry_new_york_minutes() -> None:
    client = Bars([SimpleNamespace(open=7.0, high=7.2, low=6.9, close=7.1, volume=25, timestamp=1704205860000)])
    frame = fetch_massive(REQUEST, ["O:SPY240119C00470000"], client)
    assert client.asked == [("O:SPY240119C00470000", "2024-01-02", "2024-01-02")]
    assert frame.iloc[0][["at", "strike", "right", "last"]].tolist() == [pd.Timestamp("2024-01-02 09:31"), 470.0, "call", 7.1]


def test_massive_bar_without_a_price_is_refused() -> None:
    client = Bars([SimpleNamespace(open=7.0, high=7.2, low=6.9, close=None, volume=25, timestamp=1704205860000)])
    with pytest.raises(CorruptData, match="field close is missing"):
        fetch_massive(REQUEST, ["O:SPY240119C00470000"], client)


def test_massive_needs_its_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MASSIVE_API_KEY", "POLYGON_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BadInput, match="set MASSIVE_API_KEY"):
        massive_client()


def test_candles_without_a_price_are_left_out() -> None:
    frame = read_candles(CANDLES)
    assert frame[["strike", "right", "last"]].to_numpy().tolist() == [[470.0, "call", 7.1], [470.5, "put", 4.05]]
    assert frame.iloc[0]["iv"] == 0.12
    with pytest.raises(MissingData):
        read_candles(CANDLES[2:])


class Candles:
    """Delivers events as the SDK's streamer does, the last one of a symbol flagged as the end of its snapshot."""

    def __init__(self, flags: list[int]) -> None:
        self.asked: list[Any] = []
        self._events = [self.event(minute, flag) for minute, flag in enumerate(flags)]

    @staticmethod
    def event(minute: int, flag: int) -> SimpleNamespace:
        prices = {name: Decimal("7.1") for name in ("open", "high", "low", "close")}
        time = 1704205860000 + 60_000 * minute
        known = {"volume": Decimal(5), "imp_volatility": Decimal("0.12"), "open_interest": None}
        return SimpleNamespace(event_symbol=".SPY240119C470{=1m}", time=time, event_flags=flag, **prices, **known)

    async def subscribe_candle(self, symbols: list[str], interval: str, start_time: datetime) -> None:
        self.asked.append((symbols, interval, start_time.isoformat()))

    async def get_event(self, event_class: Any) -> Any:
        return self._events.pop(0)


def test_tastytrade_candles_are_read_until_the_snapshot_ends() -> None:
    source = Candles([0x04, 0, 0x08, 0])
    events = asyncio.run(snapshot(REQUEST, [".SPY240119C470"], source, object))
    frame = within(read_candles(events), REQUEST)
    assert source.asked == [([".SPY240119C470"], "1m", "2024-01-02T00:00:00-05:00")]
    assert frame["at"].astype(str).tolist() == ["2024-01-02 09:31:00", "2024-01-02 09:32:00", "2024-01-02 09:33:00"]
    with pytest.raises(MissingData, match="no candles"):
        within(frame, HistoryRequest("SPY", date(2024, 1, 3), date(2024, 1, 3)))


def test_tastytrade_needs_its_credentials_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TASTYTRADE_REFRESH_TOKEN", raising=False)
    with pytest.raises(BadInput, match="set TASTYTRADE_CLIENT_SECRET"):
        tastytrade_candles(REQUEST, [".SPY240119C470"])


@pytest.fixture
def terminal() -> Iterator[tuple[str, list[str]]]:
    """A ThetaData Terminal on loopback: rows on 2 January, code 472 (no data) on other days."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            known = "date=20240102" in self.path
            self.send_response(200 if known else 472)
            self.end_headers()
            self.wfile.write(THETADATA.encode() if known else b"No data found for your request")

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_thetadata_is_asked_day_by_day(terminal: tuple[str, list[str]]) -> None:
    address, asked = terminal
    frame = fetch_thetadata(HistoryRequest("SPY", date(2024, 1, 1), date(2024, 1, 3)), address)
    assert len(frame) == 3
    assert len(asked) == 3
    assert all("expiration=%2A" in path and "interval=1m" in path for path in asked)


def test_thetadata_without_rows_or_terminal_says_so(terminal: tuple[str, list[str]]) -> None:
    with pytest.raises(MissingData, match="has no quotes"):
        fetch_thetadata(HistoryRequest("SPY", date(2024, 1, 3), date(2024, 1, 3)), terminal[0])
    with pytest.raises(MissingData, match="no ThetaData Terminal answers"):
        fetch_thetadata(REQUEST, "http://127.0.0.1:9")
