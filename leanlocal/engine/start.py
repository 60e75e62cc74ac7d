"""The moment between `initialize` and the first step: where feeds begin, which events wait, what is sampled.

Sources: lean-fidelity §2.2, §2.7.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from leanlocal.charts.benchmark import SecurityBenchmark
from leanlocal.clock import DAY, Micros, micros_of
from leanlocal.enums import Resolution
from leanlocal.feeds.loading import STEP_LENGTH
from leanlocal.market_hours import ExchangeHours
from leanlocal.portfolio.conversion import attach_conversions, seed_conversions
from leanlocal.schedule.queue import Event
from leanlocal.schedule.rules import MarketClock, Moments, around_close, at_time, every_day
from leanlocal.schedule.surface import schedule
from leanlocal.securities.core import STEP_OF, SecurityCore
from marketdata.port import Step

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

END_OF_DAY_MINUTES = 10


def begin_run(run: RunContext) -> None:
    """Everything between `initialize` and the first step."""
    run.locked = True
    if isinstance(run.benchmark, SecurityBenchmark):
        run.ledger.cash_book.ensure(run.benchmark.quote_currency)
    attach_conversions(run)
    run.loader.precise = run.settings.daily_precise_end_time
    begin = _begin(run)
    run.is_warming_up = begin < run.start
    run.securities.warm_up_step = _warm_up_step(run) if run.is_warming_up else None
    run.clock.now = begin
    run.securities.start(begin - 1, run.last_day(), run.end)
    seed_conversions(run)
    for security in run.securities.values():
        run.expiries.watch(security)
        run.corporate.watch(security)
        run.renames.watch(security)
    run.subscriptions.start()
    if isinstance(run.benchmark, SecurityBenchmark):
        run.timeline.watch(run.benchmark.security.feeds)
    schedule(run, "Daily Sampling", every_day(), _midnight(run), lambda: _sample_day(run), days_after=1)
    run.events.start(begin)
    if not run.is_warming_up:
        run.hooks.call("on_warmup_finished")
    run.log.flush()


def _sample_day(run: RunContext) -> None:
    if not run.is_warming_up:
        run.valuation.flush()
        run.samplers.daily(run.clock.now)


def _midnight(run: RunContext) -> Moments:
    return at_time(0, run.zone, "Midnight")


def _begin(run: RunContext) -> Micros:
    span, start = run.span, run.start
    if span.warm_up is not None:
        return run.zone.to_utc(micros_of(span.start - span.warm_up))
    if not span.warm_up_bars:
        return start
    begins = [_bars_before(run, security, start) for security in run.securities.values() if security.user_configs]
    return min(begins, default=start - span.warm_up_bars * DAY)


def _warm_up_step(run: RunContext) -> Step | None:
    """Bar length of the warm-up when one was asked for. NotImplementedError below minutes."""
    settings = run.settings
    wanted = next((one for one in (run.span.warm_up_resolution, settings.warmup_resolution, settings.warm_up_resolution) if one is not None), None)
    if wanted is None:
        return None
    if wanted not in STEP_OF:
        raise NotImplementedError(f"warm-up with Resolution.{wanted} is not in leanlocal; see docs/lean-coverage.md")
    return STEP_OF[wanted]


def _bars_before(run: RunContext, security: SecurityCore, start: Micros) -> Micros:
    step = _warm_up_step(run)
    if step is None:
        step = STEP_OF[min(security.resolutions, default=Resolution.MINUTE)]
    return bars_back(security.hours, step, start, run.span.warm_up_bars or 0, security.extended_hours)


def bars_back(hours: ExchangeHours, step: Step, moment: Micros, count: int, extended: bool) -> Micros:
    """Start of the bar that is `count` bars before a moment, counting only bars inside sessions."""
    if step is Step.DAILY:
        day = hours.local_date(moment)
        for _ in range(count):
            day = hours.next_trading_day(day, -1)
        opening = hours.first_open(day, extended)
        return opening if opening is not None else hours.midnight(day)
    length, at = STEP_LENGTH[step], moment
    day = hours.local_date(moment)
    while count > 0:
        for opens, closes in reversed(hours.sessions(day, extended)):
            last = min(closes, at)
            fits = max(0, -(-(last - opens) // length))
            if fits >= count:
                return -(-last // length) * length - count * length
            count -= fits
        day -= timedelta(days=1)
        at = hours.midnight(day + timedelta(days=1))
    return at


def schedule_end_of_day(run: RunContext, security: SecurityCore) -> Event:
    """`on_end_of_day(symbol)` ten minutes before the security's close, for algorithms that define it."""
    market = MarketClock(security.symbol.value, security.hours)
    moments = around_close([market], -END_OF_DAY_MINUTES, security.extended_hours, market.name)

    def call() -> None:
        run.hooks.call("on_end_of_day", security.symbol)

    return schedule(run, f"{security.symbol.value} EndOfDay", every_day(market), moments, call)
