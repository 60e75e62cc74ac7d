"""Prices LEAN shows an open trade besides those the security ends a moment with.

Each subscription's row is shown as it is applied, so an option's trade print is seen even when a quote of the same minute replaces it; and the benchmark's
hourly bars are seen by a position in the same symbol although they do not move the portfolio (recordings 15_statistics_options, 01_lifecycle_daily).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from leanlocal.charts.benchmark import SecurityBenchmark
from leanlocal.clock import Micros
from leanlocal.enums import SecurityType
from leanlocal.exact import ZERO, from_float
from leanlocal.feeds.blocks import Floats, Ints, TradeBlock
from leanlocal.feeds.loading import STEP_LENGTH
from marketdata.port import Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore


UNSCALED = frozenset({SecurityType.INDEX, SecurityType.FUTURE, SecurityType.FUTURE_OPTION, SecurityType.FOREX})
FOUR_PLACES = Decimal("0.0000")


def shown_prices(run: RunContext, security: SecurityCore, start: Micros, end: Micros) -> tuple[Ints, Floats]:
    """(times, prices) with start < time <= end, ascending within each source."""
    times, prices = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    if security.kind is not SecurityType.EQUITY:
        if _shows_again(security, start):
            times.append(np.array([start + 1], dtype=np.int64))
            prices.append(security.price_array(np.array([start], dtype=np.int64)))
        for found, values in _trade_prints(security, start, end):
            times.append(found)
            prices.append(values)
    benchmark = run.benchmark
    if isinstance(benchmark, SecurityBenchmark) and benchmark.security.symbol == security.symbol:
        found, values = benchmark.security.price_updates(start, end)
        times.append(found)
        prices.append(values)
    return np.concatenate(times), np.concatenate(prices)


def _shows_again(security: SecurityCore, moment: Micros) -> bool:
    """Whether the next moment starts by showing the old price: a trade bar filled forward is applied before the new quote."""
    feed = next((feed for feed in security.feeds if feed.subscription.tick is Tick.TRADE), None)
    if feed is None or feed.row_at(moment) is None:
        return False
    length = STEP_LENGTH[feed.subscription.step]
    return feed.next_end_after(moment) != moment // length * length + length


def _trade_prints(security: SecurityCore, start: Micros, end: Micros) -> list[tuple[Ints, Floats]]:
    blocks = [block for feed in security.feeds if feed.subscription.tick is Tick.TRADE for block in feed.blocks_between(start, end)]
    chosen = [(block, (block.ends > start) & (block.ends <= end)) for block in blocks if isinstance(block, TradeBlock)]
    return [(block.ends[mask], block.values[mask]) for block, mask in chosen]


def shown_decimal(security: SecurityCore, price: float) -> Decimal:
    """A market price with its places: four where files scale prices by 10 000, else as many as it has."""
    places = ZERO if security.kind in UNSCALED else FOUR_PLACES
    return from_float(price) + places
