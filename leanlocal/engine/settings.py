"""LEAN's algorithm settings with their defaults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from leanlocal.enums import DataNormalizationMode, Resolution
from leanlocal.surface import LeanObject


class AlgorithmSettings(LeanObject[None]):
    """`self.settings`."""

    def __init__(self) -> None:
        self.free_portfolio_value_percentage = 0.0025
        self.free_portfolio_value: float | None = None
        self.minimum_order_margin_portfolio_percentage = 0.001
        self.stale_price_time_span = timedelta(hours=1)
        self.daily_precise_end_time = True
        self.daily_consolidation_use_extended_market_hours = False
        self.seed_initial_prices = False
        self.automatic_indicator_warm_up = False
        self.trading_days_per_year: int | None = None
        self.liquidate_enabled = True
        self.rebalance_portfolio_on_security_changes: bool | None = None
        self.rebalance_portfolio_on_insight_changes: bool | None = None
        self.max_absolute_portfolio_target_percentage = 1e9
        self.min_absolute_portfolio_target_percentage = 1e-10
        self.warmup_resolution: Resolution | None = None
        self.warm_up_resolution: Resolution | None = None
        self.data_subscription_limit = 2**31 - 1
        self.ignore_unknown_asset_holdings = True
        self.performance_sample_period: timedelta | None = None


class UniverseSettings(LeanObject[None]):
    """`self.universe_settings`: how securities that a universe selects are subscribed."""

    def __init__(self) -> None:
        self.resolution = Resolution.MINUTE
        self.leverage: float | None = None
        self.fill_forward = True
        self.extended_market_hours = False
        self.minimum_time_in_universe = timedelta(days=1)
        self.data_normalization_mode = DataNormalizationMode.ADJUSTED
        self.asynchronous: bool | None = None
        self.schedule: Any = None
