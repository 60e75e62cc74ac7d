"""The behaviour every indicator shares: samples, readiness, current and previous value, window, handlers, reset.

An indicator computes in decimals as LEAN does. What `current` shows before readiness is the running computation, as in LEAN, unless the indicator itself
says 0. Composite indicators own inner ones, which are indicators of their own and can be read like them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal, getcontext, setcontext
from typing import Any

from leanlocal.exact import ZERO, fit, to_float
from leanlocal.indicators.readings import NEVER, IndicatorDataPoint, Reading, point_of, reading_of
from leanlocal.indicators.window import RollingWindow
from leanlocal.surface import LeanObject
from leanlocal.symbol_book import ArgumentException

INDICATOR_CONTEXT = Context(prec=29, rounding=ROUND_HALF_EVEN, Emin=0)
"""At most 29 digits and, as small numbers count as subnormal, at most 28 places: what a 96-bit decimal can hold."""

Handler = Callable[[Any, IndicatorDataPoint], Any]


class Handlers:
    """Functions to call with (sender, point); `+=` adds, `-=` removes."""

    def __init__(self) -> None:
        self._handlers: list[Handler] = []

    def __iadd__(self, handler: Handler) -> Handlers:
        self._handlers.append(handler)
        return self

    def __isub__(self, handler: Handler) -> Handlers:
        self._handlers.remove(handler)
        return self

    def __call__(self, sender: Any, point: IndicatorDataPoint) -> None:
        for handler in list(self._handlers):
            handler(sender, point)

    def __bool__(self) -> bool:
        return bool(self._handlers)


def shifted(name: Any, *values: Any) -> tuple[str | None, tuple[Any, ...]]:
    """Constructor arguments of the form (name, a, b, …) or (a, b, …): the name, if one was given, and the rest in place."""
    if name is None or isinstance(name, str):
        return name, values
    return None, (name, *values[:-1])


def named(label: str, name: Any, period: Any) -> tuple[str, int]:
    """Name and period of a constructor called as (name, period) or (period); the name is then label(period)."""
    given, (period,) = shifted(name, period)
    return given or f"{label}({period})", int(period)


class IndicatorBase(LeanObject[None]):
    """Base of all indicators. Subclasses give `_next` (the value for an input) and readiness, by default a count of samples."""

    def __init__(self, name: str, ready_after: int = 1) -> None:
        self.name = name
        self._ready_after = ready_after
        self._samples = 0
        self._value: Decimal = ZERO
        self._reading = Reading(NEVER, ZERO)
        self._before = self._reading
        self._inner: list[IndicatorBase] = []
        self._window: RollingWindow | None = None
        self.updated = Handlers()
        self.consolidators: set[Any] = set()

    def _next(self, x: Reading) -> Decimal | None:
        """The value after an input; None leaves the value as it was."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Drop what `_next` remembers."""

    def _own(self, *inner: Any) -> Any:
        self._inner.extend(inner)
        return inner[0] if len(inner) == 1 else inner

    @property
    def _ready(self) -> bool:
        return self._samples >= self._ready_after

    def _push(self, x: Reading) -> Decimal:
        """Take an input inside a running computation and give the new value."""
        self._samples += 1
        value = self._next(x)
        if value is not None:
            value = self._value = fit(value)
            self._before, self._reading = self._reading, Reading(x.time, value, None, x.symbol)
            if self._window is not None:
                self._window.add(point_of(self._reading))
            if self.updated:
                self.updated(self, point_of(self._reading))
        return self._value

    def update(self, time: Any, value: Any = None) -> bool:
        """Take one input: a bar, a data point, or a time and a value; gives readiness.

        Raises ArgumentException for an input older than the last one.
        """
        x = reading_of(time, value)
        if x.time < self._reading.time:
            raise ArgumentException(
                f"This is a forward only indicator: {self.name} Input: {x.time:%Y-%m-%d %H:%M:%SZ} Previous: {self._reading.time:%Y-%m-%d %H:%M:%SZ}."
            )
        context = getcontext()
        if context is INDICATOR_CONTEXT:
            self._push(x)
            return self.is_ready
        setcontext(INDICATOR_CONTEXT)
        try:
            self._push(x)
        finally:
            setcontext(context)
        return self.is_ready

    def reset(self) -> None:
        """Back to the state before the first input."""
        self._samples, self._value = 0, ZERO
        self._reading = self._before = Reading(NEVER, ZERO)
        if self._window is not None:
            self._window.reset()
        for inner in self._inner:
            inner.reset()
        self._forget()

    @property
    def is_ready(self) -> bool:
        """Whether enough inputs were taken."""
        return self._ready

    @property
    def samples(self) -> int:
        """Inputs taken."""
        return self._samples

    @property
    def current(self) -> IndicatorDataPoint:
        """The newest value."""
        return point_of(self._reading)

    @property
    def previous(self) -> IndicatorDataPoint:
        """The value before the newest."""
        return point_of(self._before)

    @property
    def warm_up_period(self) -> int:
        """Inputs needed for readiness."""
        return self._ready_after

    @property
    def window(self) -> RollingWindow:
        """The newest values, newest first; it starts with what is known when first asked for."""
        if self._window is None:
            self._window = RollingWindow(2)
            for reading in (self._before, self._reading):
                if reading.time != NEVER:
                    self._window.add(point_of(reading))
        return self._window

    def __getitem__(self, index: int) -> Any:
        return self.window[index]

    def __iter__(self) -> Iterator[IndicatorDataPoint]:
        return iter(self.window)

    def __str__(self) -> str:
        return f"{to_float(self._value):.5f}".rstrip("0").rstrip(".")

    def __float__(self) -> float:
        return to_float(self._value)

    def _against(self, other: Any) -> tuple[float, float]:
        return float(self), float(other)

    def __lt__(self, other: Any) -> bool:
        ours, theirs = self._against(other)
        return ours < theirs

    def __le__(self, other: Any) -> bool:
        ours, theirs = self._against(other)
        return ours <= theirs

    def __gt__(self, other: Any) -> bool:
        ours, theirs = self._against(other)
        return ours > theirs

    def __ge__(self, other: Any) -> bool:
        ours, theirs = self._against(other)
        return ours >= theirs


class Indicator(IndicatorBase):
    """An indicator of a single value."""


class BarIndicator(IndicatorBase):
    """An indicator of bars."""


class TradeBarIndicator(IndicatorBase):
    """An indicator of trade bars: it reads volume."""


class WindowIndicator(Indicator):
    """An indicator of the newest `period` values, which `_values` holds oldest first."""

    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self._period = period
        self._values: list[Decimal] = []

    @property
    def period(self) -> int:
        """Values looked at."""
        return self._period

    def _next(self, x: Reading) -> Decimal | None:
        self._values.append(x.value)
        if len(self._values) > self._period:
            dropped = self._values.pop(0)
        else:
            dropped = None
        return self._of_window(x, dropped)

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal | None:
        """The value for the window, `dropped` being the value that just left it."""
        raise NotImplementedError

    def _oldest(self, dropped: Decimal | None) -> Decimal:
        """The value `period` inputs ago, or the first one while the window fills."""
        return self._values[0] if dropped is None else dropped

    def _forget(self) -> None:
        self._values.clear()
