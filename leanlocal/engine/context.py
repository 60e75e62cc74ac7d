"""One run: everything its parts share, made once and passed on; no global state.

Parts ask the run for each other at the time of use. The surface object of the algorithm holds the run as `_run`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leanlocal.clock import NEW_YORK, EngineClock, Micros, Zone, date_of, micros_of, zone
from leanlocal.engine.journal import RunLog
from leanlocal.engine.settings import AlgorithmSettings, UniverseSettings
from leanlocal.engine.timeline import Timeline
from leanlocal.feeds.loading import BlockLoader
from leanlocal.market_hours import HoursDatabase
from leanlocal.schedule.queue import EventQueue
from leanlocal.securities.registry import SecurityRegistry
from leanlocal.slices.events import SliceEvents
from leanlocal.symbol_book import SymbolBook
from leanlocal.universes.files import ChainFiles
from marketdata.port import Kind, MarketData

if TYPE_CHECKING:
    from collections.abc import Callable

    from leanlocal.algorithm.hooks import Hooks
    from leanlocal.algorithm.qc_algorithm import QCAlgorithm
    from leanlocal.brokerages.desk import BrokerageDesk
    from leanlocal.charts.benchmark import Benchmark
    from leanlocal.charts.samplers import Samplers
    from leanlocal.charts.series import ChartBook
    from leanlocal.charts.shown import Shown
    from leanlocal.consolidators.hub import ConsolidatorHub
    from leanlocal.engine.continuous import ContinuousFutures
    from leanlocal.engine.corporate_actions import CorporateActions
    from leanlocal.engine.expiries import Expiries
    from leanlocal.engine.renames import Renames
    from leanlocal.engine.subscriptions import Subscriptions
    from leanlocal.engine.valuation import Valuation
    from leanlocal.history.service import History
    from leanlocal.orders.handler import TransactionHandler
    from leanlocal.portfolio.ledger import Ledger
    from leanlocal.pricing.service import PriceModels
    from leanlocal.progress import RunProgress
    from leanlocal.rates.curves import RateCurve
    from leanlocal.securities.core import SecurityCore
    from leanlocal.securities.initializers import Initializing
    from leanlocal.slices.slice import Slice
    from leanlocal.statistics.capacity import CapacityEstimate
    from leanlocal.statistics.trade_builder import TradeBuilder
    from leanlocal.universes.added_contracts import AddedContracts
    from leanlocal.universes.future_options import FutureOptions
    from leanlocal.universes.universes import ChainUniverse

DEFAULT_START = datetime(1998, 1, 1)


@dataclass(slots=True)
class Span:
    """Start and end of a run as clock readings of the algorithm's zone; warm_up: how far feeds begin before the start."""

    start: datetime = DEFAULT_START
    end: datetime = datetime(2100, 1, 1)
    warm_up: timedelta | None = None
    warm_up_bars: int | None = None
    warm_up_resolution: Any = None


class RunContext:
    """What the parts of a run share."""

    handler: TransactionHandler
    ledger: Ledger
    subscriptions: Subscriptions
    algorithm: QCAlgorithm
    hooks: Hooks
    slice: Slice
    brokerage: BrokerageDesk
    initializer: Initializing
    expiries: Expiries
    corporate: CorporateActions
    renames: Renames
    continuous: ContinuousFutures
    added_contracts: AddedContracts
    future_options: FutureOptions
    valuation: Valuation
    price_models: PriceModels
    benchmark: Benchmark
    samplers: Samplers
    trades: TradeBuilder[SecurityCore]
    capacity: CapacityEstimate
    consolidators: ConsolidatorHub
    history: History
    charts: ChartBook
    charting: Shown
    rates: RateCurve

    def __init__(self, data: MarketData, parameters: Mapping[str, str], storage: Path, last_day: datetime) -> None:
        self.data = data
        self.parameters = dict(parameters)
        self.storage = storage
        self.clock = EngineClock()
        self.zone: Zone = zone(NEW_YORK)
        self.span = Span(end=last_day)
        self.settings = AlgorithmSettings()
        self.universe_settings = UniverseSettings()
        self.symbols = SymbolBook(lambda ticker, market, kind: data.map_rows(ticker, market, Kind.EQUITY))
        self.loader = BlockLoader(data)
        self.hours = HoursDatabase(data.market_hours())
        self.securities = SecurityRegistry(data, self.loader, self.hours, self.clock, self.symbols)
        self.timeline = Timeline(self.securities)
        self.events = EventQueue()
        self.log = RunLog(lambda: self.local_time)
        self.locked = False
        self.is_warming_up = True
        self.stopping: str | None = None
        self.algorithm_name = ""
        self.report_progress: Callable[[RunProgress], None] | None = None
        self.chain_files = ChainFiles(data, self.securities.hours_of, lambda: date_of(self.clock.now))
        self.universes: list[ChainUniverse] = []
        self.slice_events = SliceEvents()

    @property
    def local_time(self) -> datetime:
        """The algorithm's clock reading now."""
        return self.zone.local_datetime(self.clock.now)

    @property
    def start(self) -> Micros:
        """UTC moment of the start date's midnight in the algorithm's zone."""
        return self.zone.to_utc(micros_of(self.span.start))

    @property
    def end(self) -> Micros:
        """UTC moment of the last instant of the end date."""
        return self.zone.to_utc(micros_of(self.span.end))

    def last_day(self) -> date:
        """Last date on which rows may arrive."""
        return self.span.end.date() + timedelta(days=1)
