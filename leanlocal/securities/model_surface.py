"""The models and the holding of a security as an algorithm sees and replaces them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leanlocal.exact import from_python, to_float
from leanlocal.portfolio.holding_surface import SecurityHolding
from leanlocal.securities.core import SecurityCore
from leanlocal.surface import LeanObject

if TYPE_CHECKING:
    from leanlocal.portfolio.buying_power import BuyingPowerModel


class SecurityModelsSurface(LeanObject[SecurityCore]):
    """What a security behaves by. A model may be an object of the user's own class."""

    @property
    def holdings(self) -> SecurityHolding:
        """What is held of it."""
        return SecurityHolding(self._core)

    @property
    def hold_stock(self) -> bool:
        """Whether anything is held."""
        return self._core.holding.invested

    @property
    def invested(self) -> bool:
        """Whether anything is held."""
        return self._core.holding.invested

    @property
    def fee_model(self) -> Any:
        """What fills cost."""
        return self._core.models.fee

    @fee_model.setter
    def fee_model(self, value: Any) -> None:
        self._core.models.fee = value

    def set_fee_model(self, fee_model: Any) -> None:
        """Replace the fee model."""
        self._core.models.fee = fee_model

    @property
    def fill_model(self) -> Any:
        """When and at what price orders fill."""
        return self._core.models.fill

    @fill_model.setter
    def fill_model(self, value: Any) -> None:
        self._core.models.fill = value

    def set_fill_model(self, fill_model: Any) -> None:
        """Replace the fill model."""
        self._core.models.fill = fill_model

    @property
    def slippage_model(self) -> Any:
        """How much worse market fills are."""
        return self._core.models.slippage

    @slippage_model.setter
    def slippage_model(self, value: Any) -> None:
        self._core.models.slippage = value

    def set_slippage_model(self, slippage_model: Any) -> None:
        """Replace the slippage model."""
        self._core.models.slippage = slippage_model

    @property
    def buying_power_model(self) -> BuyingPowerModel:
        """What positions and orders tie up."""
        return self._core.models.buying_power

    @buying_power_model.setter
    def buying_power_model(self, value: Any) -> None:
        self._core.models.buying_power = value

    def set_buying_power_model(self, buying_power_model: Any) -> None:
        """Replace the buying-power model."""
        self._core.models.buying_power = buying_power_model
        leverage = getattr(buying_power_model, "_leverage", None)
        if leverage is not None:
            self._core.leverage = leverage

    margin_model = buying_power_model

    def set_margin_model(self, margin_model: Any) -> None:
        """Replace the buying-power model."""
        self.set_buying_power_model(margin_model)

    @property
    def settlement_model(self) -> Any:
        """When money of fills arrives."""
        return self._core.models.settlement

    @settlement_model.setter
    def settlement_model(self, value: Any) -> None:
        self._core.models.settlement = value

    def set_settlement_model(self, settlement_model: Any) -> None:
        """Replace the settlement model."""
        self._core.models.settlement = settlement_model

    @property
    def margin_interest_rate_model(self) -> Any:
        """What margin costs."""
        return self._core.models.margin_interest

    @margin_interest_rate_model.setter
    def margin_interest_rate_model(self, value: Any) -> None:
        self._core.models.margin_interest = value

    def set_margin_interest_rate_model(self, margin_interest_rate_model: Any) -> None:
        """Replace the interest model."""
        self._core.models.margin_interest = margin_interest_rate_model

    @property
    def volatility_model(self) -> Any:
        """How volatile the security is taken to be."""
        return self._core.models.volatility

    @volatility_model.setter
    def volatility_model(self, value: Any) -> None:
        self._core.models.volatility = value

    def set_volatility_model(self, volatility_model: Any) -> None:
        """Replace the volatility model."""
        self._core.models.volatility = volatility_model

    @property
    def leverage(self) -> float:
        """Leverage of the security."""
        return to_float(self._core.leverage)

    def set_leverage(self, leverage: float) -> None:
        """Change the leverage."""
        self._core.leverage = from_python(leverage)


class OptionModelsSurface(LeanObject[SecurityCore]):
    """What an option behaves by besides."""

    @property
    def option_assignment_model(self) -> Any:
        """Who assigns short positions, and when."""
        return self._core.models.assignment

    @option_assignment_model.setter
    def option_assignment_model(self, value: Any) -> None:
        self._core.models.assignment = value

    def set_option_assignment_model(self, option_assignment_model: Any) -> None:
        """Replace the assignment model."""
        self._core.models.assignment = option_assignment_model

    @property
    def option_exercise_model(self) -> Any:
        """What an exercise turns into."""
        return self._core.models.exercise

    @option_exercise_model.setter
    def option_exercise_model(self, value: Any) -> None:
        self._core.models.exercise = value

    def set_option_exercise_model(self, option_exercise_model: Any) -> None:
        """Replace the exercise model."""
        self._core.models.exercise = option_exercise_model
