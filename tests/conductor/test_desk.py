"""One trading day on plain values and the paper account: order of work, verdicts, exits, restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from conductor.compose import Blueprint, build_desk, read_blueprint
from conductor.desk import Desk
from strategies.protocol import Appointment, Purpose
from tests.trading.plain_market import CALL_560, NEW_YORK, PUT_540, PUT_SPREAD, STRANGLE, TODAY, PlainMarket, paper, quoted_market
from trading.events import DecisionTaken, Noted, PositionsMarked, StateSaved, TicketPlanned, VerdictGiven
from trading.exits import ProfitTarget, StopLoss
from trading.journal import Journal
from trading.ledger import Ledger
from trading.paper_gateway import PaperGateway
from vocabulary.contracts import Contract, Structure
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.errors import BadInput
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.orders import OrderState
from vocabulary.positions import PositionBook, PositionState


class Scripted:
    """A strategy that proposes one structure at 10:30."""

    name = Strategy.LT112
    symbols = ("SPY",)

    def __init__(self, structure: Structure, units: int = 1) -> None:
        self._structure, self._units = structure, units

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        at = now.replace(hour=10, minute=30)
        return (Appointment(at - timedelta(minutes=5), Purpose.PREPARE), Appointment(at, Purpose.PROPOSE))

    def enters_on(self, view: MarketView, day: date) -> bool:
        return True

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        return [leg.contract for leg in self._structure.legs]

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        return (Decision(Action.OPEN, self.name, "test entry", "scripted", self._structure, self._units),)

    def exit_plan(self) -> ExitPlan:
        return ExitPlan((ProfitTarget(0.5), StopLoss(2.0)), (time(11, 15),))


class House:
    """A desk over a plain market, with what it said."""

    def __init__(
        self,
        structure: Structure = PUT_SPREAD,
        journal: Path | None = None,
        market: PlainMarket | None = None,
        gateway: PaperGateway | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.market = market or quoted_market()
        self.market.now = datetime(2024, 7, 10, 9, 0, tzinfo=NEW_YORK)
        self.gateway = gateway or paper(self.market)
        self.said: list[str] = []
        strategy = Scripted(structure)
        blueprint = read_blueprint({"risk.limit.lt112": "5,5,5,5,5", "liquidity.equity_option.min_open_interest": "0", **(parameters or {})})
        scripted: Blueprint = replace(blueprint, strategies={strategy.name: strategy}, plans={**blueprint.plans, strategy.name: strategy.exit_plan()})
        self.desk: Desk = build_desk(scripted, self.market, self.gateway, journal, TODAY, self.said.append)

    @property
    def ledger(self) -> Ledger:
        return self.desk.ledger

    def run_until(self, hour: int, minute: int) -> None:
        wakes = set(self.desk.start_day()) if self.market.now.hour == 9 and self.market.now.minute == 0 else self._wakes
        self._wakes = wakes
        end = self.market.now.replace(hour=hour, minute=minute)
        for at in sorted(wakes):
            if self.market.now <= at <= end:
                self.market.now = at
                self.desk.wake()
        self.market.now = end


def test_a_proposal_passes_the_gate_and_fills() -> None:
    house = House()
    house.run_until(10, 30)
    kinds = [type(event) for event in house.ledger.journal.events()]
    assert kinds.index(StateSaved) < kinds.index(DecisionTaken) < kinds.index(VerdictGiven) < kinds.index(TicketPlanned)
    position = house.ledger.book.open_positions()[0]
    assert position.state is PositionState.OPEN
    assert position.id == "240710-P00001"
    assert any(line.startswith("OPENED 240710-P00001 lt112 1 x -1 SPY") for line in house.said)


def test_a_denied_proposal_sends_nothing_and_says_why() -> None:
    house = House()
    house.market.vix = None
    house.run_until(10, 30)
    assert house.gateway.book == {}
    assert any("DENIED lt112 open" in line and "VIX_MISSING" in line for line in house.said)


def test_profit_is_taken_at_the_strategys_own_check() -> None:
    house = House()
    house.run_until(11, 0)
    house.market.set_quote(PUT_540, 1.0, 1.05)
    house.market.set_quote(PUT_SPREAD.legs[1].contract, 0.5, 0.55)
    house.run_until(11, 15)
    position = house.ledger.book.closed_positions()[0]
    assert position.exit_rule == "S002-9 profit 50%"
    assert house.gateway.book == {}
    assert position.mfe >= 0.5 * float(position.entry_credit)


def test_a_closing_that_timed_out_is_decided_anew_in_the_next_minute() -> None:
    house = House(parameters={"execution.style": "combo_limit"})
    house.run_until(10, 30)
    while house.ledger.book.active_tickets():
        house.market.now += timedelta(minutes=1)
        house.desk.wake()
    house.market.set_quote(PUT_540, 1.0, 1.05)
    house.market.set_quote(PUT_SPREAD.legs[1].contract, 0.5, 0.55)
    house.run_until(11, 0)
    quotes, house.market.quotes = house.market.quotes, {}
    again, minutes = house.market.now, 0
    while (ticket := list(house.ledger.book.tickets.values())[-1]).is_active:
        house.market.now, minutes = again, minutes + 1
        again = house.desk.wake() or again + timedelta(minutes=1)
        assert minutes < 60
    assert ticket.state is OrderState.CANCELLED and again == house.market.now + timedelta(minutes=1)
    house.market.quotes, house.market.now = quotes, again
    house.desk.wake()
    fresh = list(house.ledger.book.tickets.values())[-1]
    assert fresh.id != ticket.id and fresh.rule == ticket.rule


def test_exits_run_before_entries_of_the_same_minute() -> None:
    house = House()
    house.run_until(10, 29)
    before = len(house.ledger.journal)
    house.run_until(10, 30)
    kinds = [type(event) for event in list(house.ledger.journal.events())[before:]]
    assert kinds[0] is StateSaved or kinds[0] is Noted or kinds[0] is DecisionTaken
    house.run_until(11, 0)
    assert PositionsMarked in [type(event) for event in house.ledger.journal.events()]


def test_an_unpriced_position_alerts_once_a_day_and_is_not_traded() -> None:
    house = House()
    house.run_until(10, 30)
    del house.market.quotes[PUT_540]
    house.run_until(15, 30)
    alerts = [line for line in house.said if line.startswith("ALERT") and "incomplete_marks" in line]
    assert len(alerts) == 1
    assert house.ledger.book.open_positions()[0].state is PositionState.OPEN


def test_unused_contracts_are_released_at_the_close_and_held_ones_kept() -> None:
    house = House()
    house.run_until(10, 30)
    assert CALL_560 not in house.gateway.registered
    house.run_until(16, 0)
    assert house.gateway.registered == {leg.contract for leg in PUT_SPREAD.legs}
    unused = House()
    unused.market.vix = None
    unused.run_until(16, 0)
    assert unused.gateway.registered == set()


def test_the_run_leaves_samples_positions_fills_and_facts() -> None:
    house = House()
    house.run_until(16, 0)
    house.desk.finish()
    connection = house.ledger.journal.connection
    (samples,) = connection.execute("SELECT count(*) FROM samples").fetchone()
    assert samples >= 12
    row = connection.execute("SELECT strategy, state, entry_credit, grp FROM positions").fetchone()
    assert row == ("lt112", "open", "190.00", "equity_index")
    assert connection.execute("SELECT count(*), sum(quantity) FROM fills").fetchone() == (2, 0)
    assert {"parameters", "started", "ended", "refusals"} <= {key for (key,) in connection.execute("SELECT key FROM meta")}


def test_a_restarted_desk_knows_its_position_and_asks_the_broker(tmp_path: Path) -> None:
    house = House(journal=tmp_path / "j.sqlite")
    house.run_until(10, 30)
    house.ledger.journal.close()
    again = House(journal=tmp_path / "j.sqlite", market=house.market, gateway=house.gateway)
    again.desk.resume(again.gateway)
    assert [position.id for position in again.ledger.book.open_positions()] == ["240710-P00001"]
    assert "0 differences" in again.said[0]


def test_a_difference_after_a_restart_blocks_new_risk(tmp_path: Path) -> None:
    house = House(journal=tmp_path / "j.sqlite")
    house.run_until(10, 30)
    house.ledger.journal.close()
    house.gateway.book = {}
    again = House(STRANGLE, journal=tmp_path / "j.sqlite", market=house.market, gateway=house.gateway)
    again.desk.resume(again.gateway)
    again.run_until(10, 30)
    assert again.gateway.book == {}
    assert any("UNRECONCILED" in line for line in again.said)


def test_the_journal_of_a_run_replays_to_its_state(tmp_path: Path) -> None:
    house = House(journal=tmp_path / "j.sqlite")
    house.run_until(16, 0)
    positions = dict(house.ledger.book.positions)
    house.ledger.journal.close()
    assert Ledger(Journal(tmp_path / "j.sqlite")).book.positions == positions


@pytest.mark.parametrize("key", ["strt", "risks.limit.total", "lt112.foo", "desk.brokerage"])
def test_a_parameter_nobody_reads_or_understands_is_refused_by_name(key: str) -> None:
    with pytest.raises(BadInput, match=key.rpartition(".")[2]):
        read_blueprint({key: "nonsense"})
