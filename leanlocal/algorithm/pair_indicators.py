"""QCAlgorithm's helpers for indicators of two symbols: the bars of both feed the one indicator."""

from __future__ import annotations

from typing import Any, TypeVar

from leanlocal.algorithm.consolidation import subscribed
from leanlocal.algorithm.indicators import SUFFIXES, IndicatorsMixin, Selector, Step
from leanlocal.enums import CorrelationType, Resolution
from leanlocal.indicators.pairs import Beta, Correlation, Covariance, PairIndicator

Pair = TypeVar("Pair", bound=PairIndicator)


class PairIndicatorsMixin(IndicatorsMixin):
    """Helpers named as in LEAN; their indicators carry no symbol in their names."""

    def b(self, target: Any, reference: Any, period: int, resolution: Step = None, selector: Selector = None) -> Beta:
        """Beta of a target to a reference."""
        return self._paired(Beta(*self._pair_arguments(f"B({period})", target, reference, period, resolution)), target, reference, resolution, selector)

    def cov(self, target: Any, reference: Any, period: int, resolution: Step = None, selector: Selector = None) -> Covariance:
        """Covariance of two symbols' returns."""
        return self._paired(Covariance(*self._pair_arguments(f"COV({period})", target, reference, period, resolution)), target, reference, resolution, selector)

    def c(
        self,
        target: Any,
        reference: Any,
        period: int,
        correlation_type: CorrelationType = CorrelationType.PEARSON,
        resolution: Step = None,
        selector: Selector = None,
    ) -> Correlation:
        """Correlation of two symbols' closes."""
        given = self._pair_arguments(f"C({period})", target, reference, period, resolution)
        return self._paired(Correlation(*given, correlation_type=correlation_type), target, reference, resolution, selector)

    def _pair_arguments(self, label: str, target: Any, reference: Any, period: int, resolution: Step) -> tuple[str, Any, Any, int]:
        suffix = SUFFIXES[resolution] if isinstance(resolution, Resolution) else ""
        name = f"{label}({suffix})".replace(")(", ",") if suffix else label
        return name, subscribed(self._run, target).symbol, subscribed(self._run, reference).symbol, period

    def _paired(self, indicator: Pair, target: Any, reference: Any, resolution: Step, selector: Selector) -> Pair:
        for symbol in (target, reference):
            self.register_indicator(symbol, indicator, resolution, selector)
        if self._run.settings.automatic_indicator_warm_up:
            self.warm_up_indicator([target, reference], indicator, resolution, selector)
        return indicator
