"""LEAN's maker of price models."""

from __future__ import annotations

from leanlocal.enums import OptionPricingModelType
from leanlocal.pricing.quantlib.surface import QuantLib
from leanlocal.pricing.surface import CurrentPriceOptionPriceModel, IndicatorBasedOptionPriceModel
from leanlocal.surface import LeanObject


class OptionPriceModels(LeanObject[None]):
    """Makes price models."""

    QuantLib = QuantLib

    @staticmethod
    def black_scholes() -> IndicatorBasedOptionPriceModel:
        """Black-Scholes."""
        return IndicatorBasedOptionPriceModel(OptionPricingModelType.BLACK_SCHOLES)

    @staticmethod
    def binomial_cox_ross_rubinstein() -> IndicatorBasedOptionPriceModel:
        """Cox-Ross-Rubinstein tree."""
        return IndicatorBasedOptionPriceModel(OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN)

    @staticmethod
    def forward_tree() -> IndicatorBasedOptionPriceModel:
        """Forward tree."""
        return IndicatorBasedOptionPriceModel(OptionPricingModelType.FORWARD_TREE)

    @staticmethod
    def null() -> CurrentPriceOptionPriceModel:
        """The market price."""
        return CurrentPriceOptionPriceModel()
