"""LEAN's names for price models: what `option.price_model` holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leanlocal.enums import OptionPricingModelType, OptionStyle
from leanlocal.pricing.models import PricingFormula
from leanlocal.surface import LeanObject
from leanlocal.universes.rows import Greeks

FORMULAS = {
    OptionPricingModelType.BLACK_SCHOLES: PricingFormula.BLACK_SCHOLES,
    OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN: PricingFormula.COX_ROSS_RUBINSTEIN,
    OptionPricingModelType.FORWARD_TREE: PricingFormula.FORWARD_TREE,
}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Choices of an indicator-based model; None stands for what LEAN takes by itself. dividends, rates: models with LEAN's methods."""

    formula: PricingFormula | None
    volatility_formula: PricingFormula | None
    dividends: Any
    rates: Any
    use_mirror: bool


class OptionPriceModelParameters(LeanObject[None]):
    """What a model is asked about."""

    def __init__(self, security: Any, slice: Any = None, contract: Any = None) -> None:
        self.security = security
        self.slice = slice
        self.contract = contract


class OptionPriceModelResult(LeanObject[None]):
    """What a model answers."""

    def __init__(self, theoretical_price: float, implied_volatility: float = 0.0, greeks: Greeks | None = None) -> None:
        self.theoretical_price = theoretical_price
        self.implied_volatility = implied_volatility
        self.greeks = greeks if greeks is not None else Greeks()


class OptionPriceModel(LeanObject[None]):
    """Base of price models; a model of one's own overrides `evaluate`."""

    def evaluate(self, parameters: OptionPriceModelParameters) -> OptionPriceModelResult:
        """Price, volatility and Greeks of the contract asked about, by the engine's rule for this model."""
        from leanlocal.surface import core_of

        security: Any = parameters.security
        core: Any = core_of(security)
        greeks, volatility, theoretical = core.clock_run.price_models.evaluate(core)
        return OptionPriceModelResult(theoretical, volatility, greeks)


class CurrentPriceOptionPriceModel(OptionPriceModel):
    """The market price and nothing else."""


class IndicatorBasedOptionPriceModel(OptionPriceModel):
    """LEAN's default: implied volatility and Greeks as its indicators compute them."""

    def __init__(
        self,
        option_model: OptionPricingModelType | None = None,
        iv_model: OptionPricingModelType | None = None,
        dividend_yield_model: Any = None,
        risk_free_interest_rate_model: Any = None,
        use_mirror_contract: bool = True,
        security_provider: Any = None,
    ) -> None:
        formula = None if option_model is None else FORMULAS[option_model]
        volatility_formula = None if iv_model is None else FORMULAS[iv_model]
        self._settings = ModelSettings(formula, volatility_formula, dividend_yield_model, risk_free_interest_rate_model, use_mirror_contract)


def settings_of(model: IndicatorBasedOptionPriceModel) -> ModelSettings:
    """What the model was made with."""
    return model._settings  # pyright: ignore[reportPrivateUsage]


def default_formula(style: OptionStyle) -> PricingFormula:
    """Black-Scholes for European options, the forward tree for American ones."""
    return PricingFormula.BLACK_SCHOLES if style is OptionStyle.EUROPEAN else PricingFormula.FORWARD_TREE
