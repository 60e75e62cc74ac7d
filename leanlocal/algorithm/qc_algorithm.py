"""`QCAlgorithm`: the base class of every algorithm, put together from its parts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from leanlocal.algorithm.bar_indicators import BarIndicatorsMixin
from leanlocal.algorithm.chains import ChainsPart
from leanlocal.algorithm.charting import ChartingMixin
from leanlocal.algorithm.consolidation import ConsolidationMixin
from leanlocal.algorithm.history import HistoryMixin
from leanlocal.algorithm.indicators import IndicatorsMixin
from leanlocal.algorithm.lifecycle import LifecyclePart
from leanlocal.algorithm.option_indicators import OptionIndicatorsMixin
from leanlocal.algorithm.pair_indicators import PairIndicatorsMixin
from leanlocal.algorithm.scheduling import SchedulingPart
from leanlocal.algorithm.services import ServicesPart
from leanlocal.algorithm.setup import SetupPart
from leanlocal.algorithm.subscribing import SubscribingPart
from leanlocal.algorithm.trading import TradingMixin

if TYPE_CHECKING:
    from leanlocal.orders.transactions import SecurityTransactionManager
    from leanlocal.portfolio.surface import SecurityPortfolioManager


class QCAlgorithm(
    SetupPart,
    SubscribingPart,
    SchedulingPart,
    ChainsPart,
    ServicesPart,
    TradingMixin,
    HistoryMixin,
    OptionIndicatorsMixin,
    PairIndicatorsMixin,
    BarIndicatorsMixin,
    IndicatorsMixin,
    ConsolidationMixin,
    ChartingMixin,
    LifecyclePart,
):
    """Derive from this, override `initialize` and the hooks you need."""

    @cached_property
    def portfolio(self) -> SecurityPortfolioManager:
        """Cash and holdings."""
        from leanlocal.portfolio.surface import SecurityPortfolioManager

        return SecurityPortfolioManager(self._run)

    @cached_property
    def transactions(self) -> SecurityTransactionManager:
        """Orders."""
        from leanlocal.orders.transactions import SecurityTransactionManager

        return SecurityTransactionManager(self._run)
