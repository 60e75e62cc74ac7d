"""The rows of one symbol that a history request asks for, pulled from the same feeds the run uses.

Rows end inside the window; filling forward starts with the first real row in it, one that ends exactly at its start included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros
from leanlocal.consolidators.rows import Delivered, delivered_rows, grid_ends
from leanlocal.enums import DataNormalizationMode
from leanlocal.exact import from_raw
from leanlocal.feeds.blocks import InterestBlock
from leanlocal.securities.core import Config, SecurityCore
from marketdata.port import Step, Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


@dataclass(frozen=True, slots=True)
class Window:
    """What to fetch for one symbol: rows with `start` < end <= `end` (UTC)."""

    start: Micros
    end: Micros
    step: Step
    extended: bool = False
    fill_forward: bool = True
    normalization: DataNormalizationMode | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    """Open interest known at a moment."""

    end: Micros
    value: Decimal


def stand_in(run: RunContext, security: SecurityCore, window: Window) -> SecurityCore:
    """A security of the same symbol with the window's price adjustment; the security itself when that is its own."""
    mode = security.normalization if window.normalization is None else window.normalization
    other = SecurityCore(security.symbol, security.terms, security.hours, run.clock, security.underlying)
    other.normalization, other.mapped, other.contract_months = mode, security.mapped, security.contract_months
    other.mapping = security.mapping
    return other


def security_of(run: RunContext, symbol: Any) -> SecurityCore:
    """The run's security of a symbol, or one made for the request when the symbol was never added."""
    found = run.securities.get(symbol)
    if found is not None:
        return found
    registry = run.securities
    underlying = security_of(run, symbol.underlying) if symbol.has_underlying else None
    return SecurityCore(symbol, registry.terms_of(symbol), registry.hours_of(symbol), run.clock, underlying)


def bar_rows(run: RunContext, security: SecurityCore, tick: Tick, window: Window) -> list[Delivered]:
    """Trade or quote rows of the window."""
    config = Config(tick, window.step, window.extended, window.fill_forward, True)
    feed = run.securities.feed(stand_in(run, security, window), config, window.start - 1)
    return delivered_rows(feed, window.step, window.start, window.end)


def interest_rows(run: RunContext, security: SecurityCore, window: Window) -> list[Interest]:
    """Open interest rows of the window, filled forward at every step of the session."""
    config = Config(Tick.OPEN_INTEREST, window.step, window.extended, window.fill_forward, True)
    feed = run.securities.feed(stand_in(run, security, window), config, window.start - 1)
    real: dict[Micros, Decimal] = {}
    for block in feed.blocks_between(window.start, window.end):
        if isinstance(block, InterestBlock):
            values = zip(block.end_list, block.values.tolist(), strict=True)
            real |= {end: from_raw(value, 1) for end, value in values if window.start <= end <= window.end}
    if not window.fill_forward:
        return [Interest(end, value) for end, value in sorted(real.items())]
    return list(_filled(real, grid_ends(feed, window.step, window.start, window.end)))


def _filled(real: dict[Micros, Decimal], grid: Iterable[Micros]) -> Iterable[Interest]:
    last: Decimal | None = None
    for end in sorted({*real, *grid}):
        last = real.get(end, last)
        if last is not None:
            yield Interest(end, last)
