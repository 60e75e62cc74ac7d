"""Which classes of leanlocal an algorithm file sees, and stand-ins for those of LEAN that are not here."""

from __future__ import annotations

import importlib
import types
from typing import Any

from leanlocal.enums import LeanEnum
from leanlocal.surface import COVERAGE_PAGE, LeanObject, lean_class_names

MODULES = (
    "leanlocal.enums",
    "leanlocal.symbols",
    "leanlocal.system_types",
    "leanlocal.futures_names",
    "leanlocal.object_store",
    "leanlocal.mappings",
    "leanlocal.slices.bars",
    "leanlocal.slices.events",
    "leanlocal.slices.slice",
    "leanlocal.universes.rows",
    "leanlocal.universes.filters",
    "leanlocal.universes.contracts",
    "leanlocal.universes.chains",
    "leanlocal.securities.surface",
    "leanlocal.securities.exchange",
    "leanlocal.securities.initializers",
    "leanlocal.securities.hours_database",
    "leanlocal.securities.cache",
    "leanlocal.securities.subscriptions",
    "leanlocal.schedule.surface",
    "leanlocal.engine.settings",
    "leanlocal.algorithm.lifecycle",
    "leanlocal.algorithm.qc_algorithm",
    "leanlocal.orders.surface",
    "leanlocal.orders.ticket",
    "leanlocal.orders.properties",
    "leanlocal.orders.legs",
    "leanlocal.orders.transactions",
    "leanlocal.option_strategies",
    "leanlocal.brokerages.models",
    "leanlocal.fees.models",
    "leanlocal.fills.models",
    "leanlocal.slippage.models",
    "leanlocal.exercise.models",
    "leanlocal.portfolio.surface",
    "leanlocal.portfolio.buying_power",
    "leanlocal.portfolio.settlement",
    "leanlocal.portfolio.cash_surface",
    "leanlocal.portfolio.group_surface",
    "leanlocal.portfolio.holding_surface",
    "leanlocal.portfolio.targets",
    "leanlocal.portfolio.margin_calls",
    "leanlocal.indicators.base",
    "leanlocal.indicators.window",
    "leanlocal.indicators.fields",
    "leanlocal.indicators.averages",
    "leanlocal.indicators.oscillators",
    "leanlocal.indicators.ranges",
    "leanlocal.indicators.windowed",
    "leanlocal.indicators.trend",
    "leanlocal.indicators.volumes",
    "leanlocal.indicators.candles",
    "leanlocal.indicators.custom",
    "leanlocal.indicators.composition",
    "leanlocal.indicators.pairs",
    "leanlocal.indicators.option_greeks",
    "leanlocal.consolidators.base",
    "leanlocal.consolidators.periods",
    "leanlocal.consolidators.renko",
    "leanlocal.consolidators.timeless",
    "leanlocal.consolidators.chained",
    "leanlocal.pricing.surface",
    "leanlocal.pricing.quantlib.surface",
    "leanlocal.pricing.factory",
    "leanlocal.charts.surface",
    "leanlocal.statistics.surface",
    "leanlocal.rates.surface",
    "leanlocal.indicators.readings",
    "leanlocal.history.universes",
    "leanlocal.history.indicators",
)


def exported() -> dict[str, Any]:
    """Name -> class; LEAN classes that are not here are stand-ins that say so when used."""
    names: dict[str, Any] = {name: _Missing(name) for name in lean_class_names()}
    for module in MODULES:
        names.update(_classes(module))
    names["QCAlgorithmFramework"] = names["QCAlgorithmFrameworkBridge"] = names["QCAlgorithm"]
    return names


def _classes(module: str) -> dict[str, Any]:
    loaded = importlib.import_module(module)
    public = getattr(loaded, "EXPORTS", None)
    if public is not None:
        return dict(public)
    return {name: item for name, item in vars(loaded).items() if not name.startswith("_") and _is_lean(item)}


def _is_lean(item: Any) -> bool:
    if not isinstance(item, type) or item in (LeanObject, LeanEnum):
        return False
    if item.__module__ not in MODULES:
        return False  # imported by a public module, not part of it
    return item.__name__ in lean_class_names() or item.__module__ == "leanlocal.system_types"


class _Missing:
    """A class of LEAN that is not here."""

    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self) -> NotImplementedError:
        return NotImplementedError(f"{self._name} is not in leanlocal; see {COVERAGE_PAGE}")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        raise self._refuse()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._refuse()

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        raise self._refuse()


class _Lazy(types.ModuleType):
    """A module that is loaded when first used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


def lazily(name: str) -> types.ModuleType:
    """The module of that name, not loaded yet."""
    return _Lazy(name)
