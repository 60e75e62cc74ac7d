"""LEAN's names for QuantLib's price models: `OptionPriceModels.QuantLib` and what it makes."""

from __future__ import annotations

from typing import Any, NoReturn

from leanlocal.enums import OptionStyle
from leanlocal.pricing.quantlib.engines import AMERICAN_ONLY, EUROPEAN_ONLY, Engine, Method
from leanlocal.pricing.quantlib.evaluation import Figures
from leanlocal.pricing.quantlib.lattice import Tree
from leanlocal.pricing.surface import OptionPriceModel
from leanlocal.surface import COVERAGE_PAGE, LeanObject
from leanlocal.universes.rows import Greeks

STYLES = (OptionStyle.EUROPEAN, OptionStyle.AMERICAN)
CREATED_BY_NAME = (Method.ANALYTIC, Method.BARONE_ADESI_WHALEY, Method.BJERKSUND_STENSLAND, Method.INTEGRAL)


def _refuse(what: str) -> NoReturn:
    raise NotImplementedError(f"{what} is not in leanlocal; see {COVERAGE_PAGE}")


class YearlyGreeks(Greeks):
    """Greeks whose model gives theta per year."""

    def __init__(self, figures: Figures) -> None:
        super().__init__(figures.delta, figures.gamma, figures.vega, figures.theta_per_day, figures.rho, figures.elasticity)
        self._theta = figures.theta

    @property
    def theta(self) -> float:
        """Per year."""
        return self._theta


class QLOptionPriceModel(OptionPriceModel):
    """A price model on one of QuantLib's engines."""

    def __init__(
        self,
        pricing_engine_func: Any,
        underlying_vol_estimator: Any = None,
        risk_free_rate_estimator: Any = None,
        dividend_yield_estimator: Any = None,
        allowed_option_styles: Any = None,
    ) -> None:
        if not isinstance(pricing_engine_func, Method | Tree):
            _refuse("QLOptionPriceModel with an engine of one's own")
        if underlying_vol_estimator is not None or dividend_yield_estimator is not None:
            _refuse("QLOptionPriceModel with estimators of one's own")
        self._engine: Engine = pricing_engine_func
        self._rate: float | None = risk_free_rate_estimator
        self._styles = tuple(allowed_option_styles) if allowed_option_styles is not None else STYLES
        self.enable_greek_approximation = True

    @property
    def allowed_option_styles(self) -> Any:
        """Styles the model prices; others are refused when they are evaluated."""
        return list(self._styles)

    @property
    def volatility_estimator_warmed_up(self) -> bool:
        """Whether the underlying's volatility enters the theoretical price; it never does here."""
        return False


def engine_of(model: QLOptionPriceModel) -> Engine:
    """The engine of a model."""
    return model._engine  # pyright: ignore[reportPrivateUsage]


def rate_of(model: QLOptionPriceModel) -> float | None:
    """The model's own risk-free rate, None for the file's."""
    return model._rate  # pyright: ignore[reportPrivateUsage]


def allows(model: QLOptionPriceModel, style: OptionStyle) -> bool:
    """Whether the model prices options of a style."""
    return style in model._styles  # pyright: ignore[reportPrivateUsage]


def model_on(engine: Engine) -> QLOptionPriceModel:
    """A model on an engine, for the styles the engine prices."""
    if engine in EUROPEAN_ONLY:
        return QLOptionPriceModel(engine, allowed_option_styles=[OptionStyle.EUROPEAN])
    return QLOptionPriceModel(engine, allowed_option_styles=[OptionStyle.AMERICAN] if engine in AMERICAN_ONLY else None)


class QuantLib(LeanObject[None]):
    """Makes models on QuantLib's engines."""

    @staticmethod
    def create(price_engine_name: str, risk_free: float, allowed_option_styles: Any = None) -> QLOptionPriceModel:
        """By the name of QuantLib's class, for engines made from a process alone, at a constant rate."""
        for engine in CREATED_BY_NAME:
            if engine.value.endswith(price_engine_name):
                return QLOptionPriceModel(engine, risk_free_rate_estimator=float(risk_free), allowed_option_styles=allowed_option_styles)
        _refuse(f"OptionPriceModels.QuantLib.create({price_engine_name!r})")

    @staticmethod
    def black_scholes() -> QLOptionPriceModel:
        """Black and Scholes' formula, European options only."""
        return model_on(Method.ANALYTIC)

    @staticmethod
    def barone_adesi_whaley() -> QLOptionPriceModel:
        """Barone-Adesi and Whaley's approximation, American options only."""
        return model_on(Method.BARONE_ADESI_WHALEY)

    @staticmethod
    def bjerksund_stensland() -> QLOptionPriceModel:
        """Bjerksund and Stensland's approximation, American options only."""
        return model_on(Method.BJERKSUND_STENSLAND)

    @staticmethod
    def integral() -> QLOptionPriceModel:
        """Integral of the payoff, European options only."""
        return model_on(Method.INTEGRAL)

    @staticmethod
    def crank_nicolson_fd() -> QLOptionPriceModel:
        """Finite differences."""
        return model_on(Method.CRANK_NICOLSON)

    @staticmethod
    def binomial_jarrow_rudd() -> QLOptionPriceModel:
        """Jarrow and Rudd's tree."""
        return model_on(Tree.JARROW_RUDD)

    @staticmethod
    def binomial_cox_ross_rubinstein() -> QLOptionPriceModel:
        """Cox, Ross and Rubinstein's tree."""
        return model_on(Tree.COX_ROSS_RUBINSTEIN)

    @staticmethod
    def additive_equiprobabilities() -> QLOptionPriceModel:
        """The additive tree of equal probabilities."""
        return model_on(Tree.ADDITIVE_EQUAL_PROBABILITIES)

    @staticmethod
    def binomial_trigeorgis() -> QLOptionPriceModel:
        """Trigeorgis' tree."""
        return model_on(Tree.TRIGEORGIS)

    @staticmethod
    def binomial_tian() -> QLOptionPriceModel:
        """Tian's tree."""
        return model_on(Tree.TIAN)

    @staticmethod
    def binomial_leisen_reimer() -> QLOptionPriceModel:
        """Leisen and Reimer's tree."""
        return model_on(Tree.LEISEN_REIMER)

    @staticmethod
    def binomial_joshi() -> QLOptionPriceModel:
        """Joshi's tree."""
        return model_on(Tree.JOSHI)
