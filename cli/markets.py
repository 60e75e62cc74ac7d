"""Where a verb's market data comes from: a LEAN folder or the synthetic market; and which symbols a written folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vocabulary.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketdata.leanfolder.materialise import FolderPlan
    from marketdata.port import MarketData

SYNTHETIC = "synthetic"
HISTORY_DAYS = 420


def market_of(data: str, seed: int, first: date, last: date) -> MarketData:
    """The market a verb was asked for: the word "synthetic" or a LEAN data folder."""
    if data == SYNTHETIC:
        return synthetic_source(seed, first, last)()
    from marketdata.leanfolder import LeanFolder

    return LeanFolder(Path(data))


def synthetic_source(seed: int, first: date, last: date) -> Callable[[], MarketData]:
    """Makes the synthetic market for a run from `first` to `last`, with the history that strategies look back on."""
    from marketdata.synthetic import MarketParameters, SyntheticMarket
    from marketdata.synthetic.calendar import FIRST

    return partial(SyntheticMarket, MarketParameters(seed=seed, first=max(FIRST, first - timedelta(days=HISTORY_DAYS)), last=last))


def folder_plan(symbols: Sequence[str], first: date, last: date, steps: frozenset[str], contracts: int) -> FolderPlan:
    """What `data synth` writes: the named underlyings (all without a name) with every option root on them. Raises BadInput for an unknown symbol."""
    from marketdata.leanfolder.materialise import FolderPlan
    from marketdata.port import Instrument, Step
    from marketdata.synthetic.roots import ROOTS
    from marketdata.synthetic.underlyings import UNDERLYINGS

    wanted = [symbol.lower() for symbol in symbols] or list(UNDERLYINGS)
    for symbol in wanted:
        if symbol not in UNDERLYINGS:
            raise BadInput(f"--symbol {symbol!r}: the synthetic market has {', '.join(ticker.upper() for ticker in UNDERLYINGS)}")
    plain = tuple(Instrument(UNDERLYINGS[symbol].kind, UNDERLYINGS[symbol].market, symbol) for symbol in wanted)
    roots = tuple(Instrument(root.kind, root.market, root.ticker, style=root.style) for root in ROOTS.values() if root.underlying.ticker in wanted)
    return FolderPlan(plain, roots, first, last, frozenset(Step(name) for name in steps), contracts)
