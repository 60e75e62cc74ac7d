"""Run one algorithm: load its class, build the run around it, go through the time, hand back the result.

`run_algorithm` is the whole of leanlocal seen from outside. Nothing it does outlives the call except what the algorithm puts into the object store.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from leanlocal import analytics, symbol_book
from leanlocal.algorithm.base import RUN_IN_PROGRESS
from leanlocal.algorithm.hooks import Hooks
from leanlocal.algorithm.loading import algorithm_class, project
from leanlocal.brokerages.desk import BrokerageDesk
from leanlocal.clock import micros_of
from leanlocal.engine.context import RunContext
from leanlocal.engine.continuous import ContinuousFutures
from leanlocal.engine.corporate_actions import CorporateActions
from leanlocal.engine.expiries import Expiries
from leanlocal.engine.loop import TimeLoop
from leanlocal.engine.renames import Renames
from leanlocal.engine.start import begin_run
from leanlocal.engine.subscriptions import Subscriptions
from leanlocal.engine.valuation import Valuation
from leanlocal.exact import exact_arithmetic
from leanlocal.orders.handler import TransactionHandler
from leanlocal.portfolio.ledger import Ledger
from leanlocal.progress import RunProgress
from leanlocal.results.collect import collect_result
from leanlocal.results.run_result import RunResult
from leanlocal.securities.core import SecurityCore
from leanlocal.securities.initializers import Initializing
from leanlocal.universes.added_contracts import AddedContracts
from leanlocal.universes.future_options import FutureOptions
from marketdata.port import MarketData

STARTING_CASH = Decimal(100_000)
COLLECT_AFTER = 50_000
"""New objects after which Python looks for unreachable ones while a run lasts; its own default is 700."""


@contextmanager
def seldom_collected() -> Generator[None, None, None]:
    """Look for unreachable objects less often: those of a run live long and few point at each other in circles, so looking costs a twentieth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(max(COLLECT_AFTER, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def run_algorithm(
    main: Path,
    data: MarketData,
    parameters: Mapping[str, str],
    *,
    storage: Path | None = None,
    progress: Callable[[RunProgress], None] | None = None,
    echo: Callable[[str], None] | None = None,
) -> RunResult:
    """Run the algorithm in a file. storage: folder of the object store; progress and echo: told how far it is and every log line.

    An exception of the algorithm ends the run with status RuntimeError and its trace; Ctrl-C ends it with status Stopped; what was done is kept in both.
    BadInput for a file without one algorithm class, MissingData and CorruptData for the provider's data.
    """
    run = make_run(data, parameters, storage or main.parent / "storage")
    run.log.echo_to(echo)
    run.report_progress = progress
    with seldom_collected(), symbol_book.using(run.symbols), exact_arithmetic(), project(main.parent):
        return _result(run, lambda: algorithm_class(main))


def make_run(data: MarketData, parameters: Mapping[str, str], storage: Path) -> RunContext:
    """A run with all its parts and no algorithm yet."""
    run = RunContext(data, parameters, storage, _last_day(data))
    analytics.attach(run)
    run.ledger = Ledger(run.securities.values)
    run.handler = TransactionHandler(run)
    run.brokerage = BrokerageDesk(run)
    run.initializer = Initializing(run)
    run.expiries, run.corporate = Expiries(run), CorporateActions(run)
    run.valuation = Valuation(run)
    run.ledger.before_change = run.valuation.flush
    run.continuous, run.added_contracts = ContinuousFutures(run), AddedContracts(run)
    run.future_options = FutureOptions(run)
    run.renames = Renames(run)
    run.subscriptions = Subscriptions(run, [run.continuous, run.corporate, run.renames, run.expiries, run.future_options])
    run.securities.on_created = lambda security: _set_up(run, security)
    run.securities.on_subscribed = lambda security: _watch(run, security)
    run.clock.now = micros_of(run.span.start)
    return run


def _set_up(run: RunContext, security: SecurityCore) -> None:
    security.run = run
    run.brokerage.initialize(security)


def _watch(run: RunContext, security: SecurityCore) -> None:
    if run.securities.window.begin is not None:
        run.expiries.watch(security)
        run.corporate.watch(security)
        run.renames.watch(security)


def _result(run: RunContext, load: Callable[[], type[Any]]) -> RunResult:
    started = time.perf_counter()
    status, error, failure = "Completed", "", None
    try:
        make_algorithm(run, load())
        go(run)
    except KeyboardInterrupt:
        if not hasattr(run, "hooks"):
            raise
        status = "Stopped"
    except Exception as problem:
        if not hasattr(run, "hooks"):
            raise
        status, error, failure = "RuntimeError", trace_of(problem), problem
    run.log.flush()
    return collect_result(run, status=status, error=error, problem=failure, data_points=run.loader.rows, seconds=time.perf_counter() - started)


def make_algorithm(run: RunContext, kind: type[Any]) -> None:
    """Make the algorithm and let it initialize."""
    run.algorithm_name = kind.__name__
    token = RUN_IN_PROGRESS.set(run)
    try:
        algorithm = kind()
    finally:
        RUN_IN_PROGRESS.reset(token)
    run.hooks = Hooks(algorithm)
    run.ledger.set_cash("USD", STARTING_CASH)
    run.hooks.call("initialize")
    run.log.flush()


def go(run: RunContext) -> None:
    """Go through the run's time and end it."""
    loop = TimeLoop(run)
    begin_run(run)
    loop.run()
    run.hooks.call("on_end_of_algorithm")
    run.log.flush()
    loop.finish()


def trace_of(problem: BaseException) -> str:
    """The algorithm's part of an exception's trace."""
    return "".join(traceback.format_exception(type(problem), problem, problem.__traceback__))


def _last_day(data: MarketData) -> datetime:
    last = data.last_time() or datetime.now(UTC).replace(tzinfo=None)
    midnight = datetime(last.year, last.month, last.day)
    return midnight - timedelta(microseconds=1) if data.last_time() is None else midnight + timedelta(days=1) - timedelta(microseconds=1)
