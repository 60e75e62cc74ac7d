"""Joins the parts that watch a run to it: charts and samplers, benchmark, rates, price models, trades, capacity, consolidators, history."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from leanlocal.charts.benchmark import SecurityBenchmark
from leanlocal.charts.samplers import Samplers
from leanlocal.charts.series import ChartBook
from leanlocal.charts.shown import Shown
from leanlocal.charts.shown_prices import shown_decimal, shown_prices
from leanlocal.consolidators.hub import ConsolidatorHub
from leanlocal.history.service import History
from leanlocal.pricing.service import PriceModels
from leanlocal.rates.curves import InterestRates
from leanlocal.securities.core import SecurityCore
from leanlocal.statistics.capacity import CapacityEstimate
from leanlocal.statistics.trade_builder import TradeBuilder

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

DEFAULT_BENCHMARK = "SPY"


def attach(run: RunContext) -> None:
    """Give a new run everything that watches it."""
    run.charts = ChartBook()
    run.samplers = Samplers(run)
    run.charting = Shown()
    run.rates = InterestRates(run.data.interest_rates())
    run.price_models = PriceModels(run)
    run.trades = TradeBuilder[SecurityCore](partial(shown_prices, run), shown_decimal)
    run.capacity = CapacityEstimate(run)
    run.consolidators = ConsolidatorHub(run)
    run.history = History(run)
    run.benchmark = SecurityBenchmark(run, DEFAULT_BENCHMARK)
