"""LEAN's names for price models: what `option.price_model` holds."""

from __future__ import annotations

from typing import Any

from leanlocal.enums import OptionPricingModelType
from leanlocal.pricing.models import PricingFormula
from leanlocal.surface import LeanObject
from leanlocal.universes.rows import Greeks

FORMULAS = {
    OptionPricingModelType.BLACK_SCHOLES: PricingFormula.BLACK_SCHOLES,
    OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN: PricingFormula.COX_ROSS_RUBINSTEIN,
    OptionPricingModelType.FORWARD_TREE: PricingFormula.FORWARD_TREE,
}


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
        self._formula = None if option_model is None else FORMULAS[option_model]
        self._use_mirror = use_mirror_contract


def formula_of(model: IndicatorBasedOptionPriceModel) -> PricingFormula | None:
    """The formula chosen, None for the default by style."""
    return model._formula  # pyright: ignore[reportPrivateUsage]


def uses_mirror(model: IndicatorBasedOptionPriceModel) -> bool:
    """Whether the volatility may come from the mirror contract."""
    return model._use_mirror  # pyright: ignore[reportPrivateUsage]
