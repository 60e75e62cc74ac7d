"""Implied volatility and Greeks of an option as indicators: they take quotes of the option, trades of its underlying and, if asked, quotes of its mirror.

A value is computed when the newest inputs of all symbols end together; until then the last one stands. The mirror is the contract of the other right with the
same strike and expiry: its volatility replaces an in-the-money contract's own. Sources: lean-fidelity §7.2, §7.3; formulas and rounding are those of LEAN's
chain Greeks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leanlocal.enums import OptionPricingModelType, OptionRight, OptionStyle
from leanlocal.exact import ZERO, from_float, to_float
from leanlocal.indicators.averages import Identity
from leanlocal.indicators.base import BarIndicator
from leanlocal.indicators.readings import Reading
from leanlocal.pricing.black_scholes import Greeks, Inputs
from leanlocal.pricing.facts import facts_in_use
from leanlocal.pricing.models import PricingFormula, Smoothing, option_greeks, shown, smoothed_volatility, theoretical_price
from leanlocal.pricing.surface import FORMULAS, default_formula
from leanlocal.rates.surface import ConstantDividendYieldModel, ConstantRiskFreeRateInterestRateModel, yield_by
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol, strike_of

YEAR = timedelta(days=365)
ALIASES = {"risk_free_rate": "risk_free_rate_model", "dividend_yield": "dividend_yield_model"}
PARAMETERS = ("option", "risk_free_rate_model", "dividend_yield_model", "mirror_option", "option_model", "iv_model")
DEFAULT_RATE, DEFAULT_YIELD = 0.05, 0.0
MODEL_TYPES = {formula: kind for kind, formula in FORMULAS.items()}
MODEL_NAMES = {
    OptionPricingModelType.BLACK_SCHOLES: "BlackScholes",
    OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN: "BinomialCoxRossRubinstein",
    OptionPricingModelType.FORWARD_TREE: "ForwardTree",
}


def option_model_of(model: OptionPricingModelType | None, style: OptionStyle) -> OptionPricingModelType:
    """The model given, else Black-Scholes for European options and the forward tree for American ones."""
    return model if model is not None else MODEL_TYPES[default_formula(style)]


def _arguments(given: tuple[Any, ...], named: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Name and arguments by parameter of a constructor called as (name, option, …) or (option, …)."""
    name = named.pop("name", None)
    if given and isinstance(given[0], str) and name is None:
        name, given = given[0], given[1:]
    if len(given) > len(PARAMETERS):
        raise ArgumentException(f"an option indicator takes at most {len(PARAMETERS)} arguments besides its name")
    known = dict(zip(PARAMETERS, given, strict=False)) | {ALIASES.get(key, key): value for key, value in named.items()}
    strange = set(known) - set(PARAMETERS)
    if strange or known.get("option") is None:
        raise ArgumentException(f"an option indicator is made from an option; unknown arguments: {', '.join(sorted(strange)) or 'none'}")
    return name, known


def _rates(model: Any) -> Any:
    return model if hasattr(model, "get_interest_rate") else ConstantRiskFreeRateInterestRateModel(DEFAULT_RATE if model is None else model)


def _dividends(model: Any) -> Any:
    return model if hasattr(model, "get_dividend_yield") else ConstantDividendYieldModel(DEFAULT_YIELD if model is None else model)


class OptionIndicatorBase(BarIndicator):
    """An indicator of an option, its underlying and its mirror."""

    _SHOWN = ("risk_free_rate", "dividend_yield", "price", "opposite_price", "underlying_price")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        name, known = _arguments(arguments, named)
        option: Symbol = known["option"]
        self._option = option
        self._mirror: Symbol | None = known.get("mirror_option")
        self._rate_model, self._yield_model = _rates(known.get("risk_free_rate_model")), _dividends(known.get("dividend_yield_model"))
        self._model = option_model_of(known.get("option_model"), option.id.option_style)
        super().__init__(name or self._default_name(known))
        self._prices = {option: Identity(f"{self.name}_Close"), option.underlying: Identity(f"{self.name}_UnderlyingClose")}
        if self._mirror is not None:
            self._prices[self._mirror] = Identity(f"{self.name}_OppositeClose")
        self._rate, self._yield = Identity(f"{self.name}_RiskFreeRate"), Identity(f"{self.name}_DividendYield")
        self._own(self._rate, self._yield, *self._prices.values())
        self._newest: dict[Symbol, Reading] = {}
        self._result = ZERO
        self._expiry: datetime | None = None

    def _default_name(self, known: dict[str, Any]) -> str:
        raise NotImplementedError

    @property
    def option_symbol(self) -> Symbol:
        """The option."""
        return self._option

    @property
    def expiry(self) -> datetime:
        """When the option settles, on its exchange's clock. Raises BadInput outside of a run."""
        if self._expiry is None:
            self._expiry = facts_in_use().settlement(self._option)
        return self._expiry

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        return self._option.id.option_right

    @property
    def strike(self) -> float:
        """Strike price."""
        return to_float(strike_of(self._option))

    @property
    def style(self) -> OptionStyle:
        """American or European."""
        return self._option.id.option_style

    @property
    def risk_free_rate(self) -> Identity:
        """Risk-free rate used last."""
        return self._rate

    @property
    def dividend_yield(self) -> Identity:
        """Dividend yield used last."""
        return self._yield

    @property
    def price(self) -> Identity:
        """Price of the option."""
        return self._prices[self._option]

    @property
    def underlying_price(self) -> Identity:
        """Price of the underlying."""
        return self._prices[self._option.underlying]

    @property
    def opposite_price(self) -> Identity | None:
        """Price of the mirror, None without one."""
        return self._prices[self._mirror] if self._mirror is not None else None

    @property
    def use_mirror_contract(self) -> bool:
        """Whether there is a mirror."""
        return self._mirror is not None

    @staticmethod
    def get_option_model(option_model: OptionPricingModelType | None, option_style: OptionStyle) -> OptionPricingModelType:
        """The model given, else the default of the style."""
        return option_model_of(option_model, option_style)

    def _next(self, x: Reading) -> Decimal:
        if x.symbol not in self._prices:
            raise ArgumentException(f"Input symbol {x.symbol} does not correspond to any of the symbols this indicator works on")
        self._prices[x.symbol].update(x)
        self._newest[x.symbol] = x
        if self._samples == 1:
            return ZERO
        if self._together():
            self._result = from_float(shown(self._computed()))
        return self._result

    def _together(self) -> bool:
        """Whether the newest inputs of all symbols end together; those of days on the same date."""
        if len(self._newest) < len(self._prices):
            return False
        daily = any(x.start is not None and x.time - x.start > timedelta(hours=1) for x in self._newest.values())
        return len({x.time.date() if daily else x.time for x in self._newest.values()}) == 1

    def _computed(self) -> float:
        raise NotImplementedError

    def _inputs(self) -> tuple[Inputs, bool]:
        """What the formulas need, with the time left not below zero, and whether the settlement is past."""
        time = self._newest[self._option].time
        spot = self.underlying_price._value  # pyright: ignore[reportPrivateUsage]
        self._rate.update(time, self._rate_model.get_interest_rate(time))
        self._yield.update(time, yield_by(self._yield_model, time, spot))
        left = (self.expiry - time) / YEAR
        rate, dividend = float(self._rate), float(self._yield)
        return Inputs(to_float(spot), self.strike, max(0.0, left), rate, dividend, self.right == OptionRight.CALL), left < 0

    def _forget(self) -> None:
        self._newest.clear()
        self._result = ZERO


class ImpliedVolatility(OptionIndicatorBase):
    """Implied volatility of an option."""

    _SHOWN = (*OptionIndicatorBase._SHOWN, "theoretical_price")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._smoothing: Smoothing | None = None
        self._theoretical = self._own(Identity(f"{self.name}_TheoreticalPrice"))

    def _default_name(self, known: dict[str, Any]) -> str:
        parts = (known["option"], known.get("mirror_option"), known.get("risk_free_rate_model", DEFAULT_RATE), known.get("dividend_yield_model", DEFAULT_YIELD))
        model = known.get("option_model")
        return f"IV({','.join('' if part is None else str(part) for part in (*parts, MODEL_NAMES[model] if model is not None else None))})"

    @property
    def theoretical_price(self) -> Identity:
        """Price of the option by the model at the volatility."""
        return self._theoretical

    @property
    def is_ready(self) -> bool:
        """Whether all prices are there and of one time."""
        prices = list(self._prices.values())
        return all(price.is_ready for price in prices) and len({price.current.time for price in prices}) == 1

    def set_smoothing_function(self, function: Callable[[float, float], float]) -> None:
        """Choose the volatility from the option's own and its mirror's."""
        self._smoothing = lambda own, mirror: float(function(own, mirror))

    def _computed(self) -> float:
        x, settled = self._inputs()
        mirror = float(self._prices[self._mirror]) if self._mirror is not None else None
        formula: PricingFormula = FORMULAS[self._model]
        sigma = 0.0 if settled or not x.spot else smoothed_volatility(formula, x, float(self.price), mirror, self._smoothing)
        self._theoretical.update(self._newest[self._option].time, theoretical_price(formula, x, sigma))
        return sigma


class OptionGreeksIndicatorBase(OptionIndicatorBase):
    """A Greek of an option, at the volatility of an indicator of its own unless another is set. The last value stands when the formula gives no number."""

    _SHOWN = (*OptionIndicatorBase._SHOWN, "implied_volatility")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _, known = _arguments(arguments, named)
        volatility_model = option_model_of(known.get("iv_model"), self.style)
        self._volatility = ImpliedVolatility(f"{self.name}_IV", self._option, self._rate_model, self._yield_model, self._mirror, volatility_model)
        self._own(self._volatility)
        self._fed = True

    def _default_name(self, known: dict[str, Any]) -> str:
        model = known.get("option_model")
        parts = (known["option"], known.get("mirror_option"), MODEL_NAMES[model] if model is not None else None)
        return f"{type(self).__name__}({','.join('' if part is None else str(part) for part in parts)})"

    @property
    def implied_volatility(self) -> ImpliedVolatility:
        """The volatility it is computed at; one that is set is fed by others."""
        return self._volatility

    @implied_volatility.setter
    def implied_volatility(self, value: ImpliedVolatility) -> None:
        self._volatility, self._fed = value, False

    @property
    def is_ready(self) -> bool:
        """Whether the volatility is."""
        return self._volatility.is_ready

    def _of(self, greeks: Greeks) -> float:
        """The Greek this indicator shows."""
        raise NotImplementedError

    def _computed(self) -> float:
        if self._fed:
            for symbol in self._prices:
                self._volatility.update(self._newest[symbol])
        x, settled = self._inputs()
        if settled or not x.spot:
            return 0.0
        value = self._of(option_greeks(FORMULAS[self._model], x, float(self._volatility)))
        return value if math.isfinite(value) else to_float(self._result)


class Delta(OptionGreeksIndicatorBase):
    """Change of the option's price per 1.00 of the underlying's."""

    def _of(self, greeks: Greeks) -> float:
        return greeks.delta


class Gamma(OptionGreeksIndicatorBase):
    """Change of delta per 1.00 of the underlying's price."""

    def _of(self, greeks: Greeks) -> float:
        return greeks.gamma


class Vega(OptionGreeksIndicatorBase):
    """Change of the option's price per volatility point."""

    def _of(self, greeks: Greeks) -> float:
        return greeks.vega


class Theta(OptionGreeksIndicatorBase):
    """Change of the option's price per day."""

    def _of(self, greeks: Greeks) -> float:
        return greeks.theta


class Rho(OptionGreeksIndicatorBase):
    """Change of the option's price per percent of interest rate."""

    def _of(self, greeks: Greeks) -> float:
        return greeks.rho
