"""What one finished run hands back: everything LEAN would have written to its results folder, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore
    from leanlocal.statistics.portfolio import RunSeries
    from leanlocal.statistics.trades import Trade


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run.

    algorithm_id: the class name LEAN uses as id. status: "Completed", "Stopped" or "RuntimeError"; error: the runtime error's trace, problem: the error itself.
    log: the algorithm lines with LEAN's time prefix, in file order; messages: the engine's own warnings and errors. order_events, orders and performance are
    in LEAN's JSON layout (orders keyed by the id as text); equity: candle rows [unix seconds, open, high, low, close]; charts: name -> chart in LEAN's layout.
    data_points: rows the engine went through; seconds: wall-clock time of the loop.
    """

    algorithm_id: str
    status: str
    error: str = ""
    problem: Exception | None = None
    log: Sequence[str] = ()
    messages: Sequence[str] = ()
    order_events: Sequence[Mapping[str, Any]] = ()
    orders: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    statistics: Mapping[str, str] = field(default_factory=dict[str, str])
    runtime_statistics: Mapping[str, str] = field(default_factory=dict[str, str])
    performance: Mapping[str, Any] = field(default_factory=dict[str, Any])
    rolling_window: Mapping[str, Any] = field(default_factory=dict[str, Any])
    charts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    equity: Sequence[Sequence[float]] = ()
    profit_loss: Mapping[str, float] = field(default_factory=dict[str, float])
    configuration: Mapping[str, Any] = field(default_factory=dict[str, Any])
    data_points: int = 0
    seconds: float = 0.0
    series: RunSeries | None = None
    trades: Sequence[Trade[SecurityCore]] = ()
