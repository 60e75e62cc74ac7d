"""Start, end, cash, time zone and the other choices an algorithm makes in `initialize`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.clock import datetime_of, micros_of, zone
from leanlocal.engine.settings import AlgorithmSettings, UniverseSettings
from leanlocal.enums import AlgorithmMode, AlgorithmStatus, DeploymentTarget, Resolution
from leanlocal.exact import from_float
from leanlocal.universes.universes import UniverseManager
from leanlocal.zone_names import TimeZone

LAST_INSTANT = timedelta(days=1) - timedelta(microseconds=1)


class SetupPart(AlgorithmPart):
    """What `initialize` sets."""

    @property
    def time(self) -> datetime:
        """The algorithm's clock."""
        return self._run.local_time

    @property
    def utc_time(self) -> datetime:
        """UTC."""
        return datetime_of(self._run.clock.now).replace(tzinfo=UTC)

    @property
    def start_date(self) -> datetime:
        """First date at midnight."""
        return self._run.span.start

    @property
    def end_date(self) -> datetime:
        """Last instant."""
        return self._run.span.end

    @property
    def time_zone(self) -> TimeZone:
        """Zone of the algorithm's clock."""
        return TimeZone(self._run.zone.name)

    @property
    def settings(self) -> AlgorithmSettings:
        """Settings."""
        return self._run.settings

    @property
    def enable_automatic_indicator_warm_up(self) -> bool:
        """Whether helpers warm the indicators they make; the same as `settings.automatic_indicator_warm_up`."""
        return self._run.settings.automatic_indicator_warm_up

    @enable_automatic_indicator_warm_up.setter
    def enable_automatic_indicator_warm_up(self, value: bool) -> None:
        self._run.settings.automatic_indicator_warm_up = value

    @property
    def universe_settings(self) -> UniverseSettings:
        """How universes subscribe what they select."""
        return self._run.universe_settings

    @property
    def universe_manager(self) -> UniverseManager:
        """Universes of the algorithm."""
        return UniverseManager(self._run)

    @property
    def live_mode(self) -> bool:
        """Never."""
        return False

    @property
    def algorithm_mode(self) -> AlgorithmMode:
        """Backtesting."""
        return AlgorithmMode.BACKTESTING

    @property
    def deployment_target(self) -> DeploymentTarget:
        """The local platform."""
        return DeploymentTarget.LOCAL_PLATFORM

    @property
    def is_warming_up(self) -> bool:
        """Whether the start date is still ahead."""
        return self._run.is_warming_up

    @property
    def name(self) -> str:
        """Name of the algorithm."""
        return self._run.algorithm_name or type(self).__name__

    @name.setter
    def name(self, value: str) -> None:
        self._run.algorithm_name = value

    def set_name(self, name: str) -> None:
        """Call the algorithm otherwise."""
        self.name = name

    @property
    def algorithm_id(self) -> str:
        """Id of the run: the class's name."""
        return type(self).__name__

    @property
    def project_id(self) -> int:
        """No project of the cloud."""
        return 0

    @property
    def status(self) -> AlgorithmStatus:
        """Running, or stopped by `quit`."""
        return AlgorithmStatus.RUNNING if self._run.stopping is None else AlgorithmStatus.STOPPED

    def get_locked(self) -> bool:
        """Whether `initialize` is over."""
        return self._run.locked

    def set_start_date(self, *start: Any, **named: int) -> None:
        """First date: (year, month, day) or a date."""
        self._refuse_when_locked("set_start_date")
        self._run.span.start = _date_of((*start, *named.values()))
        self._run.clock.now = self._run.start

    def set_end_date(self, *end: Any, **named: int) -> None:
        """Last date: (year, month, day) or a date."""
        self._refuse_when_locked("set_end_date")
        self._run.span.end = _date_of((*end, *named.values())) + LAST_INSTANT

    def set_time_zone(self, time_zone: Any) -> None:
        """Zone of the algorithm's clock."""
        self._refuse_when_locked("set_time_zone")
        self._run.zone = zone(str(time_zone))
        self._run.clock.now = self._run.start

    def set_cash(self, *arguments: Any, **named: Any) -> None:
        """Starting cash: (amount) or (currency, amount[, conversion rate])."""
        self._refuse_when_locked("set_cash")
        values = [*arguments, *named.values()]
        if isinstance(values[0], str):
            self._run.ledger.set_cash(values[0], from_float(values[1]))
            if len(values) > 2 and values[2]:
                self._run.ledger.cash_book[values[0]].fixed_rate = from_float(values[2])
        else:
            self._run.ledger.set_cash(self._run.ledger.cash_book.account_currency, from_float(values[0]))

    def set_warm_up(self, *arguments: Any, **named: Any) -> None:
        """Begin earlier by a span of time or a number of bars."""
        self._refuse_when_locked("set_warm_up")
        values = [*arguments, *named.values()]
        span = self._run.span
        span.warm_up = values[0] if isinstance(values[0], timedelta) else None
        span.warm_up_bars = None if isinstance(values[0], timedelta) else int(values[0])
        span.warm_up_resolution = Resolution(values[1]) if len(values) > 1 and values[1] is not None else None

    set_warmup = set_warm_up

    def _refuse_when_locked(self, what: str) -> None:
        if self._run.locked:
            raise ValueError(f"{what} cannot be used after initialize() has run")


def _date_of(values: tuple[Any, ...]) -> datetime:
    if len(values) == 3:
        return datetime(*values)
    day: date = values[0]
    return datetime(day.year, day.month, day.day)


def seconds_of(moment: datetime) -> float:
    """Unix seconds of a naive UTC moment."""
    return micros_of(moment) / 1e6
