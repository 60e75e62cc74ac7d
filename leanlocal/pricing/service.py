"""Which price model a contract has, and what goes into it: prices of the moment, years to settlement, rate, yield, and the mirror contract's price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros
from leanlocal.enums import OptionRight, OptionStyle, SecurityType
from leanlocal.overrides import user_method
from leanlocal.pricing.black_scholes import Inputs
from leanlocal.pricing.facts import YEAR, OptionFacts, settlement_time
from leanlocal.pricing.models import NOTHING, Evaluation, evaluate
from leanlocal.pricing.quantlib.engines import Method
from leanlocal.pricing.quantlib.lattice import Tree
from leanlocal.pricing.quantlib.quoting import QuantLibModels
from leanlocal.pricing.quantlib.surface import QLOptionPriceModel, YearlyGreeks, model_on
from leanlocal.pricing.surface import (
    CurrentPriceOptionPriceModel,
    IndicatorBasedOptionPriceModel,
    ModelSettings,
    OptionPriceModelParameters,
    default_formula,
    settings_of,
)
from leanlocal.rates.surface import yield_by
from leanlocal.symbols import SecurityIdentifier, Symbol, expiry_of, strike_of
from leanlocal.universes.rows import Greeks

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

OTHER_RIGHT = {OptionRight.CALL: OptionRight.PUT, OptionRight.PUT: OptionRight.CALL}
Shown = tuple[Greeks, float, float]


class PriceModels:
    """Evaluates contracts of a run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._facts = run.symbols.option_facts = OptionFacts(run)
        self._kept: dict[tuple[Symbol, Micros], Shown] = {}
        self._by_indicators = IndicatorBasedOptionPriceModel()
        self._of_futures = {OptionStyle.AMERICAN: model_on(Tree.COX_ROSS_RUBINSTEIN), OptionStyle.EUROPEAN: model_on(Method.ANALYTIC)}
        self._quantlib = QuantLibModels(run, self._facts)

    def model_of(self, security: SecurityCore) -> Any:
        """The model set on the contract, else the default: QuantLib's for options on futures, the indicators' for all others."""
        if security.models.price_model is not None:
            return security.models.price_model
        return self._of_futures[OptionStyle(security.style)] if security.kind is SecurityType.FUTURE_OPTION else self._by_indicators

    def evaluate(self, security: SecurityCore) -> Shown:
        """(Greeks, implied volatility, theoretical price) of a contract now."""
        now = self._run.clock.now
        key = (security.symbol, now)
        if key not in self._kept:
            if self._kept and next(iter(self._kept))[1] != now:
                self._kept = {}
            self._kept[key] = self._evaluate(security)
        return self._kept[key]

    def _evaluate(self, security: SecurityCore) -> Shown:
        model = self.model_of(security)
        own = user_method(model, "evaluate")
        if own is not None:
            result = own(OptionPriceModelParameters(security.surface, self._run.slice, self._contract_of(security)))
            return result.greeks, float(result.implied_volatility), float(result.theoretical_price)
        if isinstance(model, QLOptionPriceModel):
            figures = self._quantlib.evaluate(model, security)
            return YearlyGreeks(figures), figures.implied_volatility, figures.theoretical_price
        found = self._by_engine(model, security)
        greeks = Greeks(found.delta, found.gamma, found.vega, found.theta, found.rho)
        return greeks, found.implied_volatility, found.theoretical_price

    def _contract_of(self, security: SecurityCore) -> Any:
        chain = self._run.slice.option_chains.get(security.symbol.canonical)
        return chain.contracts.get(security.symbol) if chain is not None else None

    def _by_engine(self, model: Any, security: SecurityCore) -> Evaluation:
        market = float(security.price)
        if isinstance(model, CurrentPriceOptionPriceModel):
            return Evaluation(theoretical_price=market)
        settled = settlement_time(security.symbol, security.hours)
        if security.underlying is None or self._run.clock.now > settled:
            return NOTHING
        settings = settings_of(model)
        formula = settings.formula or default_formula(OptionStyle(security.style))
        mirror = self._mirror_price(security) if settings.use_mirror else None
        return evaluate(formula, self.inputs(security, settings, settled), market, mirror, settings.volatility_formula)

    def inputs(self, security: SecurityCore, settings: ModelSettings, settled: Micros) -> Inputs:
        """Spot, strike, years (on the exchange's clock), rate, yield and right of a contract now. settled: UTC moment of its settlement."""
        under = security.underlying
        assert under is not None
        spot, zone, now = under.price, security.hours.zone, self._run.clock.now
        years = max(0.0, (zone.to_local(settled) - zone.to_local(now)) / YEAR)
        day = self._run.zone.local_date(now)
        rate = float(self._facts.rate(day)) if settings.rates is None else float(settings.rates.get_interest_rate(zone.local_datetime(now)))
        dividend = self.dividend_yield(security, day, spot) if settings.dividends is None else yield_by(settings.dividends, zone.local_datetime(now), spot)
        return Inputs(float(spot), float(security.strike), years, rate, float(dividend), security.right == OptionRight.CALL)

    def dividend_yield(self, security: SecurityCore, day: date, spot: Decimal) -> Decimal:
        """Trailing yield of an equity option's underlying; 0 for index and future options."""
        if security.kind is not SecurityType.OPTION or security.underlying is None:
            return Decimal(0)
        return self._facts.dividends(security.underlying.symbol).at(day, spot)

    def _mirror_price(self, security: SecurityCore) -> float | None:
        mirror = self._run.securities.get(mirror_symbol(security.symbol))
        return float(mirror.price) or None if mirror is not None else None


def mirror_symbol(symbol: Symbol) -> Symbol:
    """The contract of the other right with the same strike and expiry."""
    sid = symbol.id
    other = SecurityIdentifier(
        sid.symbol,
        sid.security_type,
        sid.market,
        expiry_of(symbol),
        strike=strike_of(symbol),
        right=OTHER_RIGHT[sid.option_right],
        style=sid.option_style,
        underlying=sid.underlying,
    )
    return Symbol(other, symbol.value, symbol.underlying)
