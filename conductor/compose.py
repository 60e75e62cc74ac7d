"""Builds a desk from text parameters and an engine's market view and gateway. The only place where all rooms meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conductor.desk import RISK_STATE, Desk, DeskParts
from conductor.reports import DeskReports, ReportParts, group_names
from conductor.settings import DeskSettings, refuse_unknown_sections
from conductor.valuation import Valuation
from risk.correlation import require_known
from risk.gate import RiskGate
from risk.parameters import RiskParameters, risk_parameters
from risk.state import RiskState
from strategies.protocol import EntryStrategy
from strategies.roster import all_strategies, build_strategies
from trading.execution import ExecutionEngine
from trading.exits.manager import ExitManager
from trading.journal import Journal
from trading.ledger import Ledger
from trading.liquidity import liquidity_limits
from trading.ports import TradingGateway
from trading.recorder import RunRecorder
from trading.schedule import ScheduleSettings
from trading.settings import ExecutionSettings
from vocabulary.decisions import Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.parameters import from_text

SECTIONS = ("desk", "strategies", "risk", "execution", "liquidity", "schedule", *(strategy.value for strategy in Strategy))
ALWAYS_WATCHED = ("SPY", "VIX")
"""The clock and the benchmark of betas, and the regime: subscribed whatever is traded."""


def sectioned(parameters: Mapping[str, str]) -> dict[str, str]:
    """Parameters with their section: a bare name such as `start` belongs to `desk`. Raises BadInput for a section nobody reads."""
    named = {key if "." in key else f"desk.{key}": value for key, value in parameters.items()}
    refuse_unknown_sections(named, SECTIONS)
    return named


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything that can be read from parameters before an engine exists; reading it early means bad input is refused before a day is simulated."""

    parameters: Mapping[str, str]
    desk: DeskSettings
    risk: RiskParameters
    strategies: Mapping[Strategy, EntryStrategy]
    plans: Mapping[Strategy, ExitPlan]

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings to subscribe, each once: what is always watched, then what strategies trade in their order."""
        traded = (symbol for strategy in self.strategies.values() for symbol in strategy.symbols)
        return tuple(dict.fromkeys((*ALWAYS_WATCHED, *traded)))


def read_blueprint(parameters: Mapping[str, str]) -> Blueprint:
    """Read and check all parameters. Raises BadInput naming the field, what was given and what is allowed."""
    named = sectioned(parameters)
    risk = risk_parameters(named)
    strategies = {strategy.name: strategy for strategy in build_strategies(named, risk.phase)}
    require_known({f"{name.value}.symbols": strategy.symbols for name, strategy in strategies.items()})
    # positions of a strategy that is switched off are still left by its own rules
    plans = {strategy.name: strategy.exit_plan() for strategy in all_strategies(named, risk.phase)}
    return Blueprint(named, from_text(DeskSettings, named, "desk"), risk, strategies, plans)


def build_desk(blueprint: Blueprint, view: MarketView, gateway: TradingGateway, journal_path: Path | None, today: date, log: Callable[[str], None]) -> Desk:
    """Wire a desk; an existing journal is replayed and the risk gate takes up its saved state. Raises StorageFailed or CorruptData for a bad journal."""
    named, settings = blueprint.parameters, blueprint.desk
    journal = Journal(journal_path)
    recorder = RunRecorder(journal, group_names(blueprint.symbols))
    ledger = Ledger(journal, recorder, settings.run_id or f"{today:%y%m%d}-")
    gate = _gate(blueprint, ledger)
    execution_settings = from_text(ExecutionSettings, named, "execution")
    style = execution_settings.style_for(settings.brokerage)
    execution = ExecutionEngine(ledger, gateway, execution_settings, style, liquidity_limits(named))
    valuation = Valuation(view, ledger.book, settings.mark_max_age)
    reports = DeskReports(ReportParts(ledger, view, gate, valuation, recorder, log, settings.goal, blueprint.symbols))
    reports.started(named, today)
    exits = ExitManager(blueprint.plans)
    schedule = from_text(ScheduleSettings, named, "schedule")
    parts = DeskParts(blueprint.strategies, blueprint.plans, gate, ledger, execution, exits, gateway, view, valuation, reports, schedule, ALWAYS_WATCHED[0])
    return Desk(parts)


def _gate(blueprint: Blueprint, ledger: Ledger) -> RiskGate:
    saved = ledger.book.states.get(RISK_STATE)
    traded = {name: strategy.symbols for name, strategy in blueprint.strategies.items()}
    entry_days = {name: strategy.enters_on for name, strategy in blueprint.strategies.items()}
    return RiskGate(blueprint.risk, traded, RiskState.from_text(saved) if saved else None, entry_days)
