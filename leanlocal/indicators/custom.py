"""`PythonIndicator`: the base of an indicator written by an algorithm.

The algorithm's class has `update(input)`, which says whether it is ready, and `value`. LEAN calls its update for each bar and then reads its value; calling
`update` oneself runs one's own method only and leaves `current` as it was, as in LEAN (Indicators/PythonIndicator.cs of QuantConnect/Lean). What the engine
keeps about it lives in an object of its own, so no attribute of the algorithm's class can collide with it, and it is laid when the object comes into being,
so a class that does not call `super().__init__()` works as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from leanlocal.indicators.base import Handlers, IndicatorBase
from leanlocal.indicators.readings import IndicatorDataPoint, Reading, decimal_of, point_of
from leanlocal.indicators.window import RollingWindow
from leanlocal.surface import LeanObject


class _Heard(IndicatorBase):
    """Samples, values and handlers of an algorithm's own indicator."""

    def __init__(self, owner: PythonIndicator) -> None:
        super().__init__(type(owner).__name__)
        self.owner = owner
        self.given: Any = None
        self.told = False
        self.asked = 0

    def hear(self, given: Any) -> bool:
        """Take a bar or a reading."""
        self.name, self.given = self.owner.name, point_of(given) if isinstance(given, Reading) else given
        return self.update(given)

    def _next(self, x: Reading) -> Decimal:
        answer = _method_of(self.owner)(self.given)
        self.told = bool(self.owner.is_ready if answer is None else answer)
        value = getattr(self.owner, "value", None)
        if value is None:
            raise NotImplementedError(f"Indicator.value must be implemented. Please implement this missing method in {type(self.owner).__name__}")
        return decimal_of(value)

    @property
    def is_ready(self) -> bool:
        """What the last update said."""
        return self.told

    def _forget(self) -> None:
        self.told = False


def _method_of(owner: PythonIndicator) -> Any:
    for kind in type(owner).__mro__[: type(owner).__mro__.index(PythonIndicator)]:
        for name in ("update", "Update"):
            if name in vars(kind):
                return getattr(owner, name)
    raise NotImplementedError(f"Indicator.update must be implemented. Please implement this missing method in {type(owner).__name__}")


class PythonIndicator(LeanObject[_Heard]):
    """Derive from this, set `name`, `value` and, if it is to warm up, `warm_up_period`, and override `update`."""

    name: str
    value: Any

    def __new__(cls, *given: Any, **named: Any) -> PythonIndicator:
        """An indicator nothing has been heard of yet."""
        made = super().__new__(cls)
        vars(made).update(name=cls.__name__, value=None, _core=_Heard(made))
        return made

    def __init__(self, *given: Any) -> None:
        """Nothing is left to lay."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("Name", "Value", "WarmUpPeriod"):
            name = {"Name": "name", "Value": "value", "WarmUpPeriod": "warm_up_period"}[name]
        super().__setattr__(name, value)

    def update(self, input: Any) -> bool:
        """Take one input; the algorithm's class overrides it.

        Raises NotImplementedError here.
        """
        return bool(_method_of(self)(input))

    @property
    def is_ready(self) -> bool:
        """What the last update the engine asked for said."""
        return self._core.told

    @property
    def warm_up_period(self) -> int:
        """Inputs needed for readiness; 0 when the class does not say."""
        return self._core.asked

    @warm_up_period.setter
    def warm_up_period(self, inputs: int) -> None:
        self._core.asked = int(inputs)

    @property
    def samples(self) -> int:
        """Inputs the engine has handed over."""
        return self._core.samples

    @property
    def current(self) -> IndicatorDataPoint:
        """The newest value."""
        return self._core.current

    @property
    def previous(self) -> IndicatorDataPoint:
        """The value before the newest."""
        return self._core.previous

    @property
    def window(self) -> RollingWindow:
        """The newest values, newest first."""
        return self._core.window

    @property
    def updated(self) -> Handlers:
        """Functions called with (indicator, point) after each value; `+=` adds, `-=` removes."""
        return self._core.updated

    @updated.setter
    def updated(self, handlers: Handlers) -> None:
        self._core.updated = handlers

    @property
    def consolidators(self) -> set[Any]:
        """The consolidators that feed it."""
        return self._core.consolidators

    def reset(self) -> None:
        """Back to the state before the first input; what the algorithm's class keeps is its own business."""
        self._core.reset()

    def __getitem__(self, index: int) -> Any:
        return self._core[index]

    def __iter__(self) -> Iterator[IndicatorDataPoint]:
        return iter(self._core)

    def __str__(self) -> str:
        return str(self._core)

    def __float__(self) -> float:
        return float(self._core)

    def __lt__(self, other: Any) -> bool:
        return self._core < other

    def __le__(self, other: Any) -> bool:
        return self._core <= other

    def __gt__(self, other: Any) -> bool:
        return self._core > other

    def __ge__(self, other: Any) -> bool:
        return self._core >= other


def feed(indicator: Any, given: Any) -> None:
    """Hand a bar or a reading to an indicator; one of the algorithm's own is asked and its answer kept."""
    if isinstance(indicator, PythonIndicator):
        heard: _Heard = indicator._core  # pyright: ignore[reportPrivateUsage]
        heard.hear(given)
    else:
        indicator.update(given)
