"""`AlgorithmTest`: one algorithm under test, stepped from outside.

It is a context manager, because a run's symbols and exact arithmetic are those of the block: inside, the algorithm's own objects (`test.algorithm.portfolio`,
`test.algorithm.securities`) can be read as the algorithm would read them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from leanlocal import symbol_book
from leanlocal.algorithm.loading import algorithm_class, project
from leanlocal.clock import MINUTE, micros_of
from leanlocal.engine.loop import TimeLoop
from leanlocal.engine.start import begin_run
from leanlocal.exact import ZERO, exact_arithmetic, from_float
from leanlocal.feeds.blocks import Ohlc, QuoteFacts, TradeFacts
from leanlocal.mappings import as_symbol
from leanlocal.orders.surface import order_surface
from leanlocal.results.collect import collect_result
from leanlocal.results.run_result import RunResult
from leanlocal.run import make_algorithm, make_run
from leanlocal.securities.core import SecurityCore
from marketdata.leanfolder import LeanFolder
from marketdata.port import MarketData
from vocabulary.errors import BadInput


class AlgorithmTest:
    """Runs an algorithm step by step.

    algorithm: the class, or the file it is in. data: a provider, or a LEAN data folder. The run begins (initialize is called) when the block is entered.
    Exceptions of the algorithm come out of the call that provoked them.
    """

    def __init__(self, algorithm: type[Any] | Path, data: MarketData | Path, parameters: Mapping[str, str] | None = None) -> None:
        self._source = algorithm
        self._data: MarketData = LeanFolder(data) if isinstance(data, Path) else data
        self._parameters = dict(parameters or {})
        self._stack = ExitStack()

    def __enter__(self) -> AlgorithmTest:
        storage = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self._run = make_run(self._data, self._parameters, storage)
        self._stack.enter_context(symbol_book.using(self._run.symbols))
        self._stack.enter_context(exact_arithmetic())
        make_algorithm(self._run, self._kind())
        self._loop = TimeLoop(self._run)
        begin_run(self._run)
        self._steps = self._loop.advance()
        self._over = False
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def _kind(self) -> type[Any]:
        if not isinstance(self._source, Path):
            return self._source
        self._stack.enter_context(project(self._source.parent))
        return algorithm_class(self._source)

    @property
    def algorithm(self) -> Any:
        """The algorithm object, with everything it can reach itself."""
        return self._run.algorithm

    @property
    def time(self) -> datetime:
        """The algorithm's clock."""
        return self._run.local_time

    @property
    def log(self) -> list[str]:
        """Log lines so far, with time."""
        return list(self._run.log.lines)

    @property
    def orders(self) -> list[Any]:
        """All orders so far, by id."""
        return [order_surface(order) for _, order in sorted(self._run.handler.orders.items())]

    def run_to(self, moment: datetime) -> AlgorithmTest:
        """Let time pass up to and including a moment of the algorithm's clock. BadInput when it has passed already."""
        target = self._run.zone.to_utc(micros_of(moment))
        if target < self._run.clock.now:
            raise BadInput(f"{moment} is over: the test is at {self.time}")
        self._loop.pause_at = target
        self._go_on()
        return self

    def advance(self, minutes: int = 1) -> AlgorithmTest:
        """Let some minutes pass."""
        return self.run_to(self.time + timedelta(minutes=minutes))

    def run_to_end(self) -> RunResult:
        """Let the rest of the run pass, call on_end_of_algorithm and hand back the result."""
        self._loop.pause_at = None
        self._go_on()
        if not self._over:
            raise BadInput("the run did not come to its end")
        self._run.hooks.call("on_end_of_algorithm")
        self._run.log.flush()
        self._loop.finish()
        return collect_result(self._run, status="Completed", error="", data_points=self._run.loader.rows, seconds=0.0)

    def inject_trade(self, symbol: Any, price: float, volume: float = 0.0) -> AlgorithmTest:
        """A trade bar that ends now, as if it had been in the data; working orders see it."""
        security, exact = self._security(symbol), from_float(price)
        now = self._run.clock.now
        facts = TradeFacts(now - MINUTE, now, exact, exact, exact, exact, from_float(volume))
        security.set_price(exact, trade=facts)
        return self._seen()

    def inject_quote(self, symbol: Any, bid: float, ask: float, size: float = 10.0) -> AlgorithmTest:
        """A quote bar that ends now, as if it had been in the data (0 leaves a side out); working orders see it."""
        security, now = self._security(symbol), self._run.clock.now
        sides = [Ohlc(exact, exact, exact, exact) if (exact := from_float(price)) else None for price in (bid, ask)]
        facts = QuoteFacts(now - MINUTE, now, sides[0], sides[1], from_float(size), from_float(size))
        security.set_price(facts.value if facts.value else ZERO, quote=facts)
        return self._seen()

    def _security(self, symbol: Any) -> SecurityCore:
        known = as_symbol(symbol)
        security = self._run.securities.get(known) if known is not None else None
        if security is None:
            raise BadInput(f"{symbol} is not a security of the algorithm; it has {[str(one) for one in self._run.securities]}")
        return security

    def _seen(self) -> AlgorithmTest:
        self._run.handler.scan()
        self._run.log.flush()
        return self

    def _go_on(self) -> None:
        if next(self._steps, None) is None:
            self._over = True
