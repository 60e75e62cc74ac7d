"""What the report needs, as plain tables beside the journal in the same SQLite file: samples over time, positions, fills, facts about the run.

The journal is the truth; these tables are a convenience that is written as things happen, so that a killed run still has its report. Their schema is
described in docs/journal.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from trading.bookkeeping import cash_of, profit_of
from trading.codec import to_json
from trading.journal import Journal, storage_errors
from vocabulary.decisions import Decision
from vocabulary.orders import Fill
from vocabulary.positions import Position


@dataclass(frozen=True, slots=True)
class Sample:
    """The desk at one moment. Money in account currency, Greeks in the desk's units, NaN where a figure could not be computed."""

    time: str
    equity: float
    cash: float
    margin_used: float
    margin_free: float
    bp_use: float
    vix: float
    regime: str
    phase: str
    risk_state: str
    delta: float
    beta_delta: float
    gamma: float
    theta: float
    vega: float
    rho: float
    risk_score: float
    open_positions: int
    open_profit: float


_SAMPLE_COLUMNS = ", ".join(item.name for item in fields(Sample))
_SCHEMA = (
    f"CREATE TABLE IF NOT EXISTS samples ({_SAMPLE_COLUMNS}, PRIMARY KEY (time))",
    """CREATE TABLE IF NOT EXISTS positions (id TEXT PRIMARY KEY, strategy TEXT, grp TEXT, underlying TEXT, kind TEXT, structure TEXT, units INTEGER,
    state TEXT, opened TEXT, closed TEXT, entry_credit TEXT, net_cash TEXT, fees TEXT, profit TEXT, mfe REAL, mae REAL,
    entry_days_to_expiry INTEGER, rolls INTEGER, entry_rule TEXT, exit_rule TEXT, entry_inputs TEXT, holdings TEXT)""",
    """CREATE TABLE IF NOT EXISTS fills (event_id TEXT PRIMARY KEY, ticket_id TEXT, position_id TEXT, time TEXT, contract TEXT, asset TEXT, underlying TEXT,
    expiry TEXT, strike REAL, right TEXT, multiplier REAL, quantity INTEGER, price TEXT, fee TEXT, cash TEXT, ending TEXT)""",
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)",
)


class RunRecorder:
    """Writes the report tables into the journal's file. groups: correlation group per underlying, for the positions table."""

    def __init__(self, journal: Journal, groups: Mapping[str, str]) -> None:
        self._connection, self._place, self._groups = journal.connection, journal.place, groups
        with storage_errors(self._place):
            for statement in _SCHEMA:
                self._connection.execute(statement)

    def sample(self, sample: Sample) -> None:
        """Add one row to `samples`; a second sample of the same moment replaces the first."""
        values = [getattr(sample, item.name) for item in fields(Sample)]
        self._write(f"INSERT OR REPLACE INTO samples VALUES ({', '.join('?' * len(values))})", values)

    def position(self, position: Position, opened_by: Decision | None) -> None:
        """Insert or update the row of one position."""
        row = (*_identity(position, self._groups), *_result(position), *_reasons(position, opened_by))
        self._write(f"INSERT OR REPLACE INTO positions VALUES ({', '.join('?' * len(row))})", row)

    def fills(self, position_id: str, fills: Iterable[Fill], ending: str = "trade") -> None:
        """Add fills, once each. ending: "trade", or how the exchange ended the contract."""
        for fill in fills:
            row = (fill.event_id, fill.ticket_id, position_id, fill.time.isoformat(), *_contract_columns(fill), *_money_columns(fill), ending)
            self._write(f"INSERT OR IGNORE INTO fills VALUES ({', '.join('?' * len(row))})", row)

    def meta(self, key: str, value: str) -> None:
        """Set one fact about the run."""
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _write(self, statement: str, values: Iterable[object]) -> None:
        with storage_errors(self._place):
            self._connection.execute(statement, tuple(values))


def _identity(position: Position, groups: Mapping[str, str]) -> tuple[object, ...]:
    structure = position.structure
    group = groups.get(position.underlying, "")
    return (position.id, position.strategy.value, group, position.underlying, structure.kind.value, structure.key, position.units, position.state.value)


def _result(position: Position) -> tuple[object, ...]:
    times = tuple(when.isoformat() if when else None for when in (position.opened, position.closed))
    money = tuple(str(amount) for amount in (position.entry_credit, position.net_cash, position.fees, profit_of(position)))
    return (*times, *money, position.mfe, position.mae, position.entry_days_to_expiry, position.rolls)


def _reasons(position: Position, opened_by: Decision | None) -> tuple[object, ...]:
    rule, inputs = (opened_by.rule, to_json(opened_by.inputs)) if opened_by else ("", "{}")
    held = to_json({item.contract.key: item.quantity for item in position.holdings})
    return (rule, position.exit_rule, inputs, held)


def _contract_columns(fill: Fill) -> tuple[object, ...]:
    contract = fill.contract
    expiry, right = contract.expiry.isoformat() if contract.expiry else None, contract.right.value if contract.right else None
    return (contract.key, contract.asset.value, contract.underlying, expiry, contract.strike, right, contract.multiplier)


def _money_columns(fill: Fill) -> tuple[object, ...]:
    return (fill.quantity, str(fill.price), str(fill.fee), str(cash_of(fill)))
