"""Position groups as an algorithm sees them, with the buying-power model that margins each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from leanlocal.exact import add, to_float
from leanlocal.portfolio import group_margin
from leanlocal.portfolio.buying_power import InitialMargin, MaintenanceMargin, margin_amount
from leanlocal.portfolio.groups import PositionGroupCore, PositionGroups
from leanlocal.surface import LeanObject, core_of
from leanlocal.symbols import Symbol

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


class Position(LeanObject[group_margin.Position]):
    """One security's part of a group."""

    def __init__(self, core: group_margin.Position) -> None:
        self._core = core

    @property
    def symbol(self) -> Symbol:
        """What."""
        return self._core.security.symbol

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return to_float(self._core.quantity)

    @property
    def unit_quantity(self) -> float:
        """Quantity in one unit of the group."""
        return to_float(self._core.unit_quantity)


class _GroupParameters(LeanObject[None]):
    def __init__(self, portfolio: Any, position_group: Any) -> None:
        self._portfolio = portfolio
        self._group = position_group

    @property
    def portfolio(self) -> Any:
        """The portfolio."""
        return self._portfolio

    @property
    def position_group(self) -> Any:
        """The group asked about."""
        return self._group


class PositionGroupMaintenanceMarginParameters(_GroupParameters):
    """Asks what a group ties up."""


class PositionGroupInitialMarginParameters(_GroupParameters):
    """Asks what opening a group needs."""


class PositionGroupBuyingPowerModel(LeanObject[PositionGroupCore]):
    """What groups tie up."""

    def __init__(self, core: PositionGroupCore) -> None:
        self._core = core

    def get_maintenance_margin(self, parameters: PositionGroupMaintenanceMarginParameters) -> MaintenanceMargin:
        """What the group ties up."""
        return margin_amount(MaintenanceMargin, core_of(parameters.position_group).need().maintenance)

    def get_initial_margin_requirement(self, parameters: PositionGroupInitialMarginParameters) -> MaintenanceMargin:
        """What opening the group needs, its net premium included."""
        group: PositionGroupCore = core_of(parameters.position_group)
        return margin_amount(InitialMargin, add(group.need().initial, group.premium()))


class OptionStrategyPositionGroupBuyingPowerModel(PositionGroupBuyingPowerModel):
    """Recognised option strategies."""


class SecurityPositionGroupBuyingPowerModel(PositionGroupBuyingPowerModel):
    """Single securities."""


class PositionGroup(LeanObject[PositionGroupCore]):
    """Positions margined together."""

    def __init__(self, core: PositionGroupCore) -> None:
        self._core = core

    @property
    def quantity(self) -> float:
        """Units of the group."""
        return to_float(self._core.units)

    @property
    def count(self) -> int:
        """Number of positions."""
        return len(self._core.positions)

    @property
    def positions(self) -> list[Position]:
        """Its positions."""
        return [Position(position) for position in self._core.positions]

    @property
    def buying_power_model(self) -> PositionGroupBuyingPowerModel:
        """What margins it."""
        kind = OptionStrategyPositionGroupBuyingPowerModel if self._core.is_strategy else SecurityPositionGroupBuyingPowerModel
        return kind(self._core)

    def __iter__(self) -> Iterator[Position]:
        return iter(self.positions)

    def __len__(self) -> int:
        return len(self._core.positions)


class PositionGroupCollection(LeanObject[PositionGroups]):
    """All groups of the account."""

    def __init__(self, core: PositionGroups) -> None:
        self._core = core

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self._core.current())

    @property
    def is_only_default_groups(self) -> bool:
        """Whether no strategy is recognised."""
        return not any(group.is_strategy for group in self._core.current())

    def __iter__(self) -> Iterator[PositionGroup]:
        return (PositionGroup(group) for group in self._core.current())

    def __len__(self) -> int:
        return len(self._core.current())


class SecurityPositionGroupModel(LeanObject["RunContext"]):
    """`portfolio.positions`."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    @property
    def groups(self) -> PositionGroupCollection:
        """Groups of what is held now."""
        return PositionGroupCollection(self._core.handler.groups)

    @property
    def is_only_default_groups(self) -> bool:
        """Whether no strategy is recognised."""
        return self.groups.is_only_default_groups

    @property
    def count(self) -> int:
        """Number of groups."""
        return self.groups.count
