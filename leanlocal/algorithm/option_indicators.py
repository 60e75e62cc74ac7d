"""QCAlgorithm's helpers for implied volatility and Greeks: each indicator is fed with quotes of the option and its mirror and trades of the underlying."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from leanlocal.algorithm.consolidation import default_tick, subscribed
from leanlocal.algorithm.indicators import IndicatorsMixin, Selector, Step
from leanlocal.consolidators.rows import surface_bar
from leanlocal.enums import OptionPricingModelType, Resolution
from leanlocal.history.rows import bar_rows
from leanlocal.history.service import HistoryRequest
from leanlocal.indicators.option_greeks import MODEL_NAMES, Delta, Gamma, ImpliedVolatility, OptionIndicatorBase, Rho, Theta, Vega, option_model_of
from leanlocal.indicators.windowed import Variance
from leanlocal.rates.surface import ConstantDividendYieldModel, ConstantRiskFreeRateInterestRateModel, DividendYieldProvider, FuncRiskFreeRateInterestRateModel
from leanlocal.securities.core import SecurityCore
from marketdata.port import Tick

Model = OptionPricingModelType | None
Rate = float | None
Made = TypeVar("Made", bound=OptionIndicatorBase)
Fed = list[tuple[SecurityCore, Tick]]


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


class OptionIndicatorsMixin(IndicatorsMixin):
    """Helpers named as in LEAN; without a rate and a yield the run's rates and the underlying's dividends are used (SPY's for an index or a future)."""

    def iv(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: Rate = None,
        dividend_yield: Rate = None,
        option_model: Model = None,
        resolution: Step = None,
    ) -> ImpliedVolatility:
        """Implied volatility."""
        return self._option_indicator(ImpliedVolatility, symbol, mirror_option, (risk_free_rate, dividend_yield), (option_model,), resolution)

    def d(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: Rate = None,
        dividend_yield: Rate = None,
        option_model: Model = None,
        iv_model: Model = None,
        resolution: Step = None,
    ) -> Delta:
        """Delta."""
        return self._option_indicator(Delta, symbol, mirror_option, (risk_free_rate, dividend_yield), (option_model, iv_model), resolution)

    def g(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: Rate = None,
        dividend_yield: Rate = None,
        option_model: Model = None,
        iv_model: Model = None,
        resolution: Step = None,
    ) -> Gamma:
        """Gamma."""
        return self._option_indicator(Gamma, symbol, mirror_option, (risk_free_rate, dividend_yield), (option_model, iv_model), resolution)

    def v(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: Any = None,
        dividend_yield: Any = None,
        option_model: Model = None,
        iv_model: Model = None,
        resolution: Step = None,
        *,
        period: int | None = None,
        selector: Selector = None,
    ) -> Any:
        """Vega of an option; given a period, (symbol, period[, resolution][, selector]), the variance of any symbol's values."""
        if period is None and isinstance(mirror_option, int):
            period, resolution, selector = mirror_option, risk_free_rate or resolution, dividend_yield or selector
        if period is not None:
            span = period
            return self._started(lambda name: Variance(name, span), f"V({span})", symbol, resolution, selector)
        return self._option_indicator(Vega, symbol, mirror_option, (risk_free_rate, dividend_yield), (option_model, iv_model), resolution)

    def t(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: Rate = None,
        dividend_yield: Rate = None,
        option_model: Model = None,
        iv_model: Model = None,
        resolution: Step = None,
    ) -> Theta:
        """Theta per day."""
        return self._option_indicator(Theta, symbol, mirror_option, (risk_free_rate, dividend_yield), (option_model, iv_model), resolution)

    def r(
        self,
        symbol: Any,
        mirror_option: Any = None,
        risk_free_rate: Rate = None,
        dividend_yield: Rate = None,
        option_model: Model = None,
        iv_model: Model = None,
        resolution: Step = None,
    ) -> Rho:
        """Rho."""
        return self._option_indicator(Rho, symbol, mirror_option, (risk_free_rate, dividend_yield), (option_model, iv_model), resolution)

    def _option_indicator(
        self, make: Callable[..., Made], symbol: Any, mirror: Any, constants: tuple[Rate, Rate], models: tuple[Model, ...], resolution: Step
    ) -> Made:
        option = subscribed(self._run, symbol)
        other = subscribed(self._run, mirror) if mirror is not None else None
        label = f"{make.__name__}({_said(constants[0])},{_said(constants[1])},{MODEL_NAMES[option_model_of(models[0], option.symbol.id.option_style)]})"
        name = self.create_indicator_name(option.symbol, label, resolution)
        rates, dividends = self._models_of(option, constants)
        indicator = make(name, option.symbol, rates, dividends, other.symbol if other is not None else None, *models)
        fed = self._fed_by(option, other)
        for security, tick in fed:
            self._feed(security, tick, indicator, resolution)
        if self._run.settings.automatic_indicator_warm_up:
            self._warm_up_together(fed, indicator, resolution)
        return indicator

    def _models_of(self, option: SecurityCore, constants: tuple[Rate, Rate]) -> tuple[Any, Any]:
        rate, dividend = constants
        run = self._run

        def current(when: datetime) -> float:
            return float(run.rates.at(when.date()))

        rates = FuncRiskFreeRateInterestRateModel(current) if rate is None else ConstantRiskFreeRateInterestRateModel(rate)
        return rates, DividendYieldProvider.create_for_option(option.symbol) if dividend is None else ConstantDividendYieldModel(dividend)

    def _fed_by(self, option: SecurityCore, mirror: SecurityCore | None) -> Fed:
        under = subscribed(self._run, option.symbol.underlying)
        return [(option, Tick.QUOTE), (under, default_tick(under)), *([(mirror, Tick.QUOTE)] if mirror is not None else [])]

    def _feed(self, security: SecurityCore, tick: Tick, indicator: OptionIndicatorBase, resolution: Step) -> None:
        consolidator = self._consolidator(security, resolution, tick)
        consolidator.data_consolidated += lambda _, bar: indicator.update(bar)
        indicator.consolidators.add(consolidator)
        self._run.consolidators.add(security, consolidator, tick)

    def warm_up_indicator(self, symbol: Any, indicator: Any, resolution: Any = None, selector: Selector = None) -> None:
        """Update an indicator with the bars of history it needs for readiness; an indicator of several symbols takes a list of them."""
        if isinstance(symbol, list | tuple):
            members = [subscribed(self._run, one) for one in symbol]
            self._warm_up_together([(security, default_tick(security)) for security in members], indicator, resolution)
        else:
            super().warm_up_indicator(symbol, indicator, resolution, selector)

    def _warm_up_together(self, fed: Fed, indicator: Any, resolution: Step) -> None:
        history = self._run.history
        chosen = resolution if isinstance(resolution, Resolution) else None
        request = HistoryRequest((), count=max(1, int(indicator.warm_up_period)), resolution=chosen)
        rows = [(row.end, place, security, row) for place, (security, tick) in enumerate(fed) for row in self._rows_of(history, security, tick, request)]
        for _, _, security, row in sorted(rows, key=lambda item: item[:2]):
            indicator.update(surface_bar(security, row))

    def _rows_of(self, history: Any, security: SecurityCore, tick: Tick, request: HistoryRequest) -> Any:
        return bar_rows(self._run, security, tick, history.window(security, request))
