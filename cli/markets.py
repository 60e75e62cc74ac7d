"""Where a verb's market data comes from: a LEAN folder or the synthetic market; and which symbols a written folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vocabulary.errors import BadInput, MissingData

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketdata.leanfolder.plan import FolderPlan
    from marketdata.port import MarketData
    from marketdata.synthetic import MarketParameters, Scenario, SyntheticMarket

SYNTHETIC = "synthetic"
HISTORY_DAYS = 420


@dataclass(frozen=True, slots=True)
class ScenarioChoice:
    """A scenario named on the command line: one of the known names or a TOML file, and the day it is laid on."""

    name: str | None = None
    at: date | None = None


@dataclass(frozen=True, slots=True)
class SyntheticSource:
    """Makes a synthetic market when called. Equal parameters are equal sources, also in another process."""

    parameters: MarketParameters

    def __call__(self) -> SyntheticMarket:
        """The market."""
        from marketdata.synthetic import SyntheticMarket

        return SyntheticMarket(self.parameters)


def market_of(data: str, seed: int, first: date, last: date, scenario: ScenarioChoice, *, cached: bool = True) -> MarketData:
    """The market a verb was asked for: the word "synthetic" or a LEAN data folder, its parsed series kept from run to run when `cached`.

    Raises BadInput for a scenario over a data folder."""
    if data == SYNTHETIC:
        return synthetic_source(seed, first, last, scenario)()
    if scenario.name is not None:
        raise BadInput("--scenario changes the synthetic market; it cannot be laid over a data folder")
    from marketdata.leanfolder import ColumnCache, LeanFolder

    return LeanFolder(Path(data), ColumnCache.of_user() if cached else None)


def synthetic_source(seed: int, first: date, last: date, scenario: ScenarioChoice | None = None, history_days: int = HISTORY_DAYS) -> Callable[[], MarketData]:
    """Makes the synthetic market for a run from `first` to `last`, with the history that strategies look back on. Without history the prices are the same;
    series of all time are made for the window only."""
    from marketdata.synthetic import MarketParameters
    from marketdata.synthetic.calendar import FIRST

    window = max(FIRST, first - timedelta(days=history_days))
    return SyntheticSource(MarketParameters(seed=seed, first=window, last=last, scenarios=chosen(scenario or ScenarioChoice())))


def chosen(choice: ScenarioChoice) -> tuple[Scenario, ...]:
    """The scenario meant, none without a name. Raises BadInput for a name without a day, MissingData for a file that is not there."""
    from marketdata.synthetic import NAMED, named_scenario, scenario_from_toml

    if choice.name is None:
        return ()
    if choice.name.endswith(".toml"):
        path = Path(choice.name)
        if not path.is_file():
            raise MissingData(f"scenario file {path} does not exist; known names: {', '.join(NAMED)}")
        return (scenario_from_toml(path.read_text(encoding="utf-8"), choice.at),)
    if choice.at is None:
        raise BadInput(f"--scenario {choice.name} needs --at, the day it is laid on")
    return (named_scenario(choice.name, choice.at),)


def folder_plan(symbols: Sequence[str], first: date, last: date, steps: frozenset[str], contracts: int) -> FolderPlan:
    """What `data synth` writes: the named underlyings (all without a name) with every option root on them. Raises BadInput for an unknown symbol."""
    from marketdata.leanfolder.plan import FolderPlan
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
