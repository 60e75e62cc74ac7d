"""Which price model a contract has, and what goes into it: prices of the moment, years to settlement, rate, yield, and the mirror contract's price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import HOUR, Micros, day_number
from leanlocal.enums import OptionRight, OptionStyle, SecurityType
from leanlocal.overrides import user_method
from leanlocal.pricing.black_scholes import Inputs
from leanlocal.pricing.models import NOTHING, Evaluation, PricingFormula, evaluate
from leanlocal.pricing.quantlib.engines import Method
from leanlocal.pricing.quantlib.lattice import Tree
from leanlocal.pricing.quantlib.quoting import QuantLibModels
from leanlocal.pricing.quantlib.surface import QLOptionPriceModel, YearlyGreeks, model_on
from leanlocal.pricing.surface import CurrentPriceOptionPriceModel, IndicatorBasedOptionPriceModel, OptionPriceModelParameters, formula_of, uses_mirror
from leanlocal.rates.curves import DividendYields
from leanlocal.symbols import SecurityIdentifier, Symbol, expiry_of, strike_of
from leanlocal.universes.rows import Greeks

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

YEAR = 365 * 24 * HOUR
MORNING_SETTLED = frozenset({"SPX", "NDX", "VIX", "RUT"})
AFTERNOON_SETTLED = frozenset({"SPXW", "RUTW", "VIXW", "NDXP", "NQX"})
AFTERNOON = 15 * HOUR
OTHER_RIGHT = {OptionRight.CALL: OptionRight.PUT, OptionRight.PUT: OptionRight.CALL}
Shown = tuple[Greeks, float, float]


class PriceModels:
    """Evaluates contracts of a run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._yields: dict[Symbol, DividendYields] = {}
        self._kept: dict[tuple[Symbol, Micros], Shown] = {}
        self._by_indicators = IndicatorBasedOptionPriceModel()
        self._of_futures = {OptionStyle.AMERICAN: model_on(Tree.COX_ROSS_RUBINSTEIN), OptionStyle.EUROPEAN: model_on(Method.ANALYTIC)}
        self._quantlib = QuantLibModels(run)

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
            result = own(OptionPriceModelParameters(security.surface, self._run.slice, None))
            return result.greeks, float(result.implied_volatility), float(result.theoretical_price)
        if isinstance(model, QLOptionPriceModel):
            figures = self._quantlib.evaluate(model, security)
            return YearlyGreeks(figures), figures.implied_volatility, figures.theoretical_price
        found = self._by_engine(model, security)
        greeks = Greeks(found.delta, found.gamma, found.vega, found.theta, found.rho)
        return greeks, found.implied_volatility, found.theoretical_price

    def _by_engine(self, model: Any, security: SecurityCore) -> Evaluation:
        market = float(security.price)
        if isinstance(model, CurrentPriceOptionPriceModel):
            return Evaluation(theoretical_price=market)
        if security.underlying is None or self._run.clock.now > settlement_time(security):
            return NOTHING
        formula = formula_of(model) or default_formula(security)
        mirror = self._mirror_price(security) if uses_mirror(model) else None
        return evaluate(formula, self.inputs(security), market, mirror)

    def inputs(self, security: SecurityCore) -> Inputs:
        """Spot, strike, years, rate, yield and right of a contract now."""
        under = security.underlying
        assert under is not None
        spot = under.price
        day = self._run.zone.local_date(self._run.clock.now)
        rate, dividend = self._run.rates.at(day), self.dividend_yield(security, day, spot)
        years = max(0.0, (settlement_time(security) - self._run.clock.now) / YEAR)
        return Inputs(float(spot), float(security.strike), years, float(rate), float(dividend), security.right == OptionRight.CALL)

    def dividend_yield(self, security: SecurityCore, day: date, spot: Decimal) -> Decimal:
        """Trailing yield of an equity option's underlying; 0 for index and future options."""
        if security.kind is not SecurityType.OPTION or security.underlying is None:
            return Decimal(0)
        symbol = security.underlying.symbol
        if symbol not in self._yields:
            self._yields[symbol] = DividendYields(self._run.data.factor_rows(symbol.value, symbol.id.market))
        return self._yields[symbol].at(day, spot)

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


def default_formula(security: SecurityCore) -> PricingFormula:
    """Black-Scholes for European options, the forward tree for American ones."""
    return PricingFormula.BLACK_SCHOLES if security.style == OptionStyle.EUROPEAN else PricingFormula.FORWARD_TREE


def settlement_time(security: SecurityCore) -> Micros:
    """UTC moment an option's time value is counted to: the session's end, the open for morning-settled indices, 15:00 for afternoon-settled ones."""
    hours, day = security.hours, security.expiry
    ticker = security.symbol.id.symbol
    if security.kind is SecurityType.INDEX_OPTION and ticker in AFTERNOON_SETTLED:
        return hours.zone.to_utc(day_number(day) + AFTERNOON)
    if security.kind is SecurityType.INDEX_OPTION and ticker in MORNING_SETTLED:
        opens = hours.first_open(day)
        return opens if opens is not None else hours.midnight(day)
    day = hours.open_on_or(day, -1)
    closes = hours.last_close(day)
    return closes if closes is not None else hours.midnight(day)
